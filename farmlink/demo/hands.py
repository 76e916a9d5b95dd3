"""What was promised comes in at the hubs, is shared out and handed out; a few things go wrong, drawn from the seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from farmlink.cycles.values import CycleId
from farmlink.demo.farmers import drawn
from farmlink.demo.wire import Client
from farmlink.dispatch import queries as dispatch
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PointId
from farmlink.store.store import Store
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId

LOST: Final = 0.01
"""Of the allocations, those that do not come in."""
UNCOLLECTED: Final = 0.015
"""Of the orders, those that nobody collects."""
MOST_COUNTS: Final = 5000


def count_in(port: int, store: Store, cycle_id: CycleId, dock: str, seed: int) -> None:
    """The docks count what came, and it is shared out to the orders."""
    client = Client(port)
    sent = store.read(dispatch.receipts, cycle_id)
    lots = store.read(supply.lots_by_id, [LotId(row.lot_id) for row in sent])
    # By what is sent, for ids are new in every demo.
    sent = sorted(sent, key=lambda row: (str(lots[LotId(row.lot_id)].code), row.allocated))
    counts = [
        {
            "allocation_id": str(row.allocation_id),
            "received": 0 if drawn(seed, 0, str(number))[0] < LOST else row.allocated,
        }
        for number, row in enumerate(sent)
    ]
    path = f"/api/v1/cycles/{cycle_id}/dispatch"
    for first in range(0, len(counts), MOST_COUNTS):
        body = {"counts": counts[first : first + MOST_COUNTS]}
        client.call("POST", f"{path}/receipts", dock, body, uuid7()).wanted(200)
    client.call("POST", f"{path}/share", dock, None, uuid7()).wanted(200)


def hand_out(
    port: int,
    cycle_id: CycleId,
    orders: Sequence[tuple[UUID, PointId]],
    tokens: Mapping[PointId, str],
    dock: str,
    seed: int,
) -> None:
    """Leaders hand out their point's orders (order, point); in the end what nobody fetched was not collected.

    Each leader ticks the first order off by itself and the rest at once, as at the end of a day.
    """
    waiting: dict[PointId, list[str]] = defaultdict(list)
    fetched: dict[PointId, UUID] = {}
    for number, (order, point) in enumerate(orders):
        if drawn(seed, 0, f"order {number}")[0] < UNCOLLECTED:
            waiting[point].append(str(order))
        else:
            fetched.setdefault(point, order)
    client, path = Client(port), f"/api/v1/cycles/{cycle_id}"
    for point, order in fetched.items():
        client.call("POST", f"/api/v1/orders/{order}/hand-out", tokens[point], {}, uuid7()).wanted(200)
        body = {"waiting": waiting[point]}
        client.call("POST", f"{path}/points/{point}/hand-out", tokens[point], body, uuid7()).wanted(200)
    client.call("POST", f"{path}/dispatch/finish", dock, None, uuid7()).wanted(200)
