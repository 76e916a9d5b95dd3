"""`farmlink check` finds thresholds that were never judged, never ended, or ended otherwise than they were met."""

from __future__ import annotations

from typing import Any

import pytest

from farmlink.store.store import Store
from tests.farmlink.store.check.planting import IDS, NOW, a_cycle, found

SETTLED = (
    "settled_cycle",
    {"cycle_id": IDS["cycle"], "orders": 1, "charged_minor": 0, "currency": "USD", "settled_at": NOW},
)


@pytest.mark.parametrize(
    ("changed", "table", "what"),
    [
        ({"order_cycle": {"threshold_state": "open"}}, "order_cycle", "is closed, its threshold is open"),
        ({"order_cycle": {"threshold_state": "zero"}}, "order_cycle", "is closed, its threshold is zero"),
        ({"stock": {"threshold_state": "extended"}}, "stock", "is extended in a cycle that is closed"),
        ({"stock": {"threshold_state": "short"}}, "stock", "is short in a cycle that is closed"),
        (
            {"stock": {"threshold_state": "partial"}},
            "order_line",
            "is in a batch, and too little of its goods was ordered to share",
        ),
        (
            {"order_cycle": {"stage": "cancelled", "threshold_state": "charged"}},
            "order_cycle",
            "is cancelled, its threshold is charged",
        ),
    ],
)
def test_a_threshold_that_is_not_where_its_cycle_is_is_found(
    store: Store, changed: dict[str, dict[str, Any]], table: str, what: str
) -> None:
    assert (7, table, what) in found(store, *a_cycle(**changed))


def test_a_settled_cycle_whose_threshold_goes_on_is_found(store: Store) -> None:
    planted = found(store, *a_cycle(order_cycle={"stage": "done"}), SETTLED)

    assert (7, "order_cycle", "is settled, its threshold is met") in planted
