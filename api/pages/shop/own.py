"""What is one's own: the pick-up point that was chosen, and one's order of a cycle."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from api.auth import viewer
from api.pages.page import Asked
from api.pages.shop.kept import point_kept
from api.reach import reach
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.network.values import PointCard, PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import Order, OrderState
from farmlink.people.values import PersonId, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

EVERYTHING = Paging(10_000)


def chosen_point(request: Asked, store: Store) -> PointCard | None:
    """The point that somebody chose, as long as it exists for them."""
    point_id = point_kept(request)
    if point_id is None:
        return None
    try:
        return seen_point(request, store, point_id)
    except MissingError:
        return None


def seen_point(request: Asked, store: Store, point_id: UUID) -> PointCard:
    """A point as far as it exists for whoever asks."""
    return store.read(network.point, PointId(point_id), reach(store, viewer(request), Role.LEADER))


def own_orders(tx: Transaction, cycle_ids: Collection[CycleId], reader: PersonId | None) -> dict[CycleId, Order]:
    """One's own standing order in each of these cycles, gifts aside."""
    if reader is None:
        return {}
    found = orders.orders(tx, EVERYTHING, consumer_id=reader, cycle_ids=cycle_ids).items
    return {one.cycle_id: one for one in found if one.state is OrderState.PLACED and one.recipient_id is None}


def own_order(
    tx: Transaction, cycle_id: CycleId, reader: PersonId | None, recipient_id: PersonId | None = None
) -> Order | None:
    """One's own standing order of a cycle, or one's gift to somebody."""
    if reader is None:
        return None
    found = orders.orders(tx, EVERYTHING, consumer_id=reader, cycle_id=cycle_id).items
    return next((one for one in found if one.state is OrderState.PLACED and one.recipient_id == recipient_id), None)
