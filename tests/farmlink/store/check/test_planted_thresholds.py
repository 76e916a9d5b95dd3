"""`farmlink check` finds thresholds that were never judged, never ended, or ended otherwise than they were met."""

from __future__ import annotations

from typing import Any

import pytest

from farmlink.store.store import Store
from tests.farmlink.store.check.money import a_settled_cycle
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
            {"stock": {"threshold": 11}},
            "order_line",
            "is in a batch, and 10 of the 11 that must be ordered of its goods are",
        ),
        (
            {"stock": {"threshold_state": "released"}},
            "order_line",
            "is in a batch, and its goods were let go",
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


@pytest.mark.parametrize(
    "cycle", [{"stock": {"threshold_state": "released"}}, {"order_line": {"state": "cancelled", "reason": "threshold"}}]
)
def test_a_charge_for_what_was_let_go_is_found(store: Store, cycle: dict[str, dict[str, Any]]) -> None:
    planted = found(store, *a_settled_cycle(cycle=cycle))

    assert (7, "order_line", "was charged, and its goods were let go") in planted


def test_a_settled_cycle_whose_threshold_goes_on_is_found(store: Store) -> None:
    planted = found(store, *a_cycle(order_cycle={"stage": "done"}), SETTLED)

    assert (7, "order_cycle", "is settled, its threshold is met") in planted
