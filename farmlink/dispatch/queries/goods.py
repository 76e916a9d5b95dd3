"""What came in, what is due, and what was handed out."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from uuid import UUID

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.demand import queries as demand
from farmlink.dispatch.queries.cycle import hand_outs_of
from farmlink.dispatch.rules.worth import flow_of
from farmlink.dispatch.tables import HandOut, Receipt
from farmlink.dispatch.values import Flow, HandOutView, ReceiptView
from farmlink.kernel.page import Page, Paging
from farmlink.network.values import HubId, PlaceId
from farmlink.orders import queries as orders
from farmlink.orders.values import BatchedLine, OrderId, OrderLineId
from farmlink.planning import queries as planning
from farmlink.planning.values import AllocationView
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction


def is_shared(tx: Transaction, cycle_id: CycleId) -> bool:
    """Whether what came in has been shared out."""
    return tx.session.exec(select(HandOut.line_id).where(HandOut.cycle_id == cycle_id).limit(1)).first() is not None


def receipts(tx: Transaction, cycle_id: CycleId, hubs: Collection[HubId] | None = None) -> list[ReceiptView]:
    """What the published plan sends, or what of it comes in at these hubs, beside what came in."""
    plan_id = planning.published_plan(tx, cycle_id)
    if plan_id is None:
        return []
    sent = [one for one in planning.all_allocations(tx, plan_id) if hubs is None or one.collecting_hub_id in hubs]
    return _beside(sent, tx.session.exec(select(Receipt).where(Receipt.cycle_id == cycle_id)))


def receipts_of(tx: Transaction, cycle_id: CycleId, batch_ids: Collection[UUID]) -> list[ReceiptView]:
    """What the published plan sends for these batches, beside what of it came in."""
    plan_id = planning.published_plan(tx, cycle_id)
    if plan_id is None:
        return []
    sent = planning.serving(tx, plan_id, batch_ids)
    counted = select(Receipt).where(among(col(Receipt.allocation_id), (one.id for one in sent)))
    return _beside(sent, tx.session.exec(counted))


def receipts_page(
    tx: Transaction, cycle_id: CycleId, paging: Paging, hubs: Collection[HubId] | None = None
) -> Page[ReceiptView]:
    """What `receipts` says, by allocation id, a page at a time."""
    plan_id = planning.published_plan(tx, cycle_id)
    if plan_id is None:
        return Page([])
    sent = planning.allocations(tx, plan_id, paging, hubs)
    counted = select(Receipt).where(among(col(Receipt.allocation_id), (one.id for one in sent.items)))
    return Page(_beside(sent.items, tx.session.exec(counted)), sent.next)


def _beside(sent: Iterable[AllocationView], counted: Iterable[Receipt]) -> list[ReceiptView]:
    came = {receipt.allocation_id: receipt.received for receipt in counted}
    return [
        ReceiptView(one.id, one.collecting_hub_id, one.lot_id, one.batch_id, one.quantity, came.get(one.id))
        for one in sent
    ]


def unserved(tx: Transaction, cycle_id: CycleId) -> dict[UUID, str]:
    """Why the published plan leaves something of a batch unserved, by batch id."""
    plan_id = planning.published_plan(tx, cycle_id)
    return {} if plan_id is None else {short.batch_id: short.reason for short in planning.shortfalls(tx, plan_id)}


def lines_by_batch(tx: Transaction, cycle_id: CycleId) -> dict[UUID, list[BatchedLine]]:
    """The standing lines of each batch, by line id."""
    members: dict[UUID, list[BatchedLine]] = {}
    for line in orders.batched_lines(tx, cycle_id):
        members.setdefault(line.batch_id, []).append(line)
    return members


def hand_outs(tx: Transaction, order_id: OrderId) -> list[HandOutView]:
    """What is due of an order and what was handed out, line by line."""
    lines = select(HandOut).where(HandOut.order_id == order_id).order_by(col(HandOut.line_id))
    names = [field.name for field in fields(HandOutView)]
    return [HandOutView(**{name: getattr(row, name) for name in names}) for row in tx.session.exec(lines)]


def orders_at(tx: Transaction, cycle_id: CycleId, place_id: PlaceId) -> frozenset[OrderId]:
    """Orders of which something was shared out to a place."""
    found = select(HandOut.order_id).where(HandOut.cycle_id == cycle_id, HandOut.place_id == place_id).distinct()
    return frozenset(OrderId(order_id) for order_id in tx.session.exec(found))


def handed_out(tx: Transaction, cycle_id: CycleId) -> dict[OrderLineId, int]:
    """What of each line was handed out, in base units."""
    ended = select(HandOut.line_id, HandOut.handed_out).where(HandOut.cycle_id == cycle_id)
    return {OrderLineId(line_id): quantity for line_id, quantity in tx.session.exec(ended) if quantity is not None}


def flow(tx: Transaction, cycle_id: CycleId) -> Flow:
    """Ordered, due and handed out of a cycle at posted prices, and what was short by reason."""
    ends = hand_outs_of(tx, cycle_id)
    lines = orders.lines_of(tx, sorted({end.order_id for end in ends}))
    prices = {line.id: line.price_minor_per_1000 for found in lines.values() for line in found}
    return flow_of(demand.closing(tx, cycle_id).worth_minor, ends, prices, orders.in_place(tx, cycle_id))
