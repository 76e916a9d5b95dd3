"""Whom a point's leader knows by name and orders for."""

from __future__ import annotations

from collections.abc import Iterable

from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Paging
from farmlink.network.values import PlaceId, PointId
from farmlink.orders.queries.placed import orders
from farmlink.orders.rules.roll import called
from farmlink.orders.values import CancelReason, Order, OrderState
from farmlink.orders.values.roll import Neighbour, NeighbourName, Sold
from farmlink.people.queries.neighbours import without_sign_in
from farmlink.people.values import PersonId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

ALL = Paging(10**9)
SOLD = """
SELECT cycle_id, sum(weight_g)::bigint AS weight_g, sum(total_minor)::bigint AS worth_minor FROM order_line
WHERE cycle_id = ANY(CAST(:cycles AS uuid[])) AND place_id = :point AND state = 'placed' GROUP BY cycle_id
"""
CAME = "SELECT DISTINCT consumer_id FROM consumer_order WHERE place_id = :point"


def orders_at(tx: Transaction, cycle_id: CycleId, point_id: PointId) -> list[Order]:
    """Standing orders of a cycle at a point, as they were placed."""
    found = orders(tx, ALL, cycle_id=cycle_id, place_ids=[PlaceId(point_id)]).items
    return [one for one in found if one.state is OrderState.PLACED]


def called_off_at(tx: Transaction, cycle_id: CycleId, point_id: PointId) -> list[Order]:
    """Orders of a cycle at a point that others cancelled than who ordered."""
    found = orders(tx, ALL, cycle_id=cycle_id, place_ids=[PlaceId(point_id)]).items
    return [one for one in found if one.reason not in {None, CancelReason.CONSUMER}]


def sold_at(tx: Transaction, cycle_ids: Iterable[CycleId], point_id: PointId) -> dict[CycleId, Sold]:
    """How much was sold at a point in each of these cycles; those of which nobody ordered there are left out."""
    rows = tx.execute(SOLD, {"cycles": uuids(cycle_ids), "point": point_id})
    return {CycleId(row.cycle_id): Sold(row.weight_g, row.worth_minor) for row in rows}


def neighbours(tx: Transaction, cycle_id: CycleId, point_id: PointId) -> dict[NeighbourName, Neighbour]:
    """Who has ordered at a point and cannot sign in, by the one spelling of their names.

    Of two who are called alike, the one with an order in the cycle is meant, else who came first.
    """
    came = map(PersonId, tx.execute(CAME, {"point": point_id}).scalars())
    standing = {one.consumer_id: one for one in orders_at(tx, cycle_id, point_id) if one.recipient_id is None}
    found: dict[NeighbourName, Neighbour] = {}
    for person_id, name in without_sign_in(tx, came).items():
        known = found.get(called(name))
        if known is None or (known.order is None and person_id in standing):
            found[called(name)] = Neighbour(person_id, name, standing.get(person_id))
    return found
