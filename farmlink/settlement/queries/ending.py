"""What a cycle is settled from: its orders as they ended, what came in for them, and the policy it pinned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import Cycle, CycleId
from farmlink.dispatch import queries as dispatch
from farmlink.dispatch.queries.cycle import hand_outs_of
from farmlink.dispatch.values import HandOutView
from farmlink.kernel.page import Paging
from farmlink.network.values import FarmId, PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import Order, OrderLine, OrderLineId, OrderState
from farmlink.planning import queries as planning
from farmlink.planning.queries.snapshot.goods import offered_g
from farmlink.planning.rules import small_farms
from farmlink.policy import queries as policy
from farmlink.policy.values import PolicyVersion
from farmlink.settlement.values import Delivered, EndedLine, EndedOrder, Terms, ToWeigh, Weighed
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId

ALL: Final = Paging(10**9)
TRANSPORT: Final = ("collection", "line_haul", "delivery", "parcel")
"""What of a plan's cost is carriage."""
WEIGHTS: Final = "SELECT line_id, quantity, weight_g FROM catch_weight WHERE cycle_id = :cycle"


def ended_orders(tx: Transaction, cycle_id: CycleId) -> list[EndedOrder]:
    """The standing orders of a cycle as they ended, by order id."""
    ends: dict[UUID, list[HandOutView]] = defaultdict(list)
    for one in hand_outs_of(tx, cycle_id):
        ends[one.order_id].append(one)
    weights = weighed(tx, cycle_id)
    standing = [one for one in orders.orders(tx, ALL, cycle_id=cycle_id).items if one.state is OrderState.PLACED]
    return [_ended(order, ends[order.id], weights) for order in standing]


def delivered(tx: Transaction, cycle_id: CycleId) -> dict[UUID, list[Delivered]]:
    """What came in of each lot of the published plan, by batch."""
    receipts = [view for view in dispatch.receipts(tx, cycle_id) if view.received]
    lots = supply.lots_by_id(tx, sorted({LotId(view.lot_id) for view in receipts}))
    found: dict[UUID, list[Delivered]] = defaultdict(list)
    for view in receipts:
        lot = lots[LotId(view.lot_id)]
        found[view.batch_id].append(Delivered(lot.id, lot.farm_id, view.received or 0, lot.ask_minor_per_1000))
    return found


def carriage_minor(tx: Transaction, cycle_id: CycleId) -> int:
    """What the published plan's transport costs; nothing without a plan."""
    plan_id = planning.published_plan(tx, cycle_id)
    if plan_id is None:
        return 0
    cost = planning.get_plan(tx, plan_id).figures.get("cost_minor", {})
    return sum(cost.get(part, 0) for part in TRANSPORT)


def terms(tx: Transaction, cycle: Cycle) -> Terms:
    """The charges that the cycle pinned when it opened, and which farms count as small by what they offered for it."""
    assert cycle.policy_version is not None, "a cycle that was opened has pinned its policy; the database checks it"
    document = policy.at(tx, PolicyVersion(cycle.policy_version)).document
    offered = supply.lots_for(tx, cycle.region_id, cycle.collect_on)
    products = catalogue.products_by_id(tx, {ProductId(product_id) for product_id in offered.product_id})
    small = small_farms(offered_g(offered, products.values()), document)
    return Terms(document.charges, cycle.hub_id, cycle.currency, frozenset(map(FarmId, small)))


def weighed(tx: Transaction, cycle_id: CycleId) -> dict[OrderLineId, Weighed]:
    """What was weighed of a cycle so far."""
    return {
        OrderLineId(row.line_id): Weighed(row.quantity, row.weight_g)
        for row in tx.execute(WEIGHTS, {"cycle": cycle_id})
    }


def to_weigh(
    tx: Transaction, cycle_id: CycleId, line_ids: Iterable[OrderLineId] | None = None
) -> dict[OrderLineId, ToWeigh]:
    """Lines of a cycle, or these of it, that are priced by weight, in the order of orders, with what they weighed."""
    ends = hand_outs_of(tx, cycle_id, line_ids)
    lines = {line.id: line for found in orders.lines_of(tx, [one.order_id for one in ends]).values() for line in found}
    products = catalogue.products_by_id(tx, {line.product_id for line in lines.values()})
    weights = weighed(tx, cycle_id)
    return {
        one.line_id: _to_weigh(one, lines[one.line_id], weights.get(one.line_id))
        for one in ends
        if products[lines[one.line_id].product_id].catch_weight
    }


def unweighed(tx: Transaction, cycle_id: CycleId) -> tuple[OrderLineId, ...]:
    """What is priced by weight, somebody gets, and nobody weighed."""
    known = weighed(tx, cycle_id)
    return tuple(one.line_id for one in to_weigh(tx, cycle_id).values() if one.quantity and one.line_id not in known)


def _to_weigh(end: HandOutView, line: OrderLine, known: Weighed | None) -> ToWeigh:
    there = end.due if end.handed_out is None else end.handed_out
    same = known is not None and known.quantity == there
    nominal_g = line.weight_g * there // line.quantity
    return ToWeigh(end.line_id, end.order_id, there, nominal_g, known.weight_g if known and same else None)


def _ended(order: Order, ends: Sequence[HandOutView], weights: Mapping[OrderLineId, Weighed]) -> EndedOrder:
    lines = {line.id: line for line in order.lines}
    return EndedOrder(
        order_id=order.id,
        consumer_id=order.consumer_id,
        point_id=None if order.at_home else PointId(order.place_id),
        delivery_fee_minor=order.delivery_fee_minor,
        lines=tuple(_ended_line(lines[end.line_id], end, weights.get(end.line_id)) for end in ends),
    )


def _ended_line(line: OrderLine, end: HandOutView, weight: Weighed | None) -> EndedLine:
    assert line.batch_id is not None, "only lines of a batch are handed out"
    assert end.handed_out is not None, "every line of a cycle that is done has ended; the database checks it"
    return EndedLine(
        line_id=line.id,
        order_id=end.order_id,
        batch_id=line.batch_id,
        price_minor_per_1000=line.price_minor_per_1000,
        tax_ppm=line.tax_ppm,
        quantity=line.quantity,
        packs=line.packs,
        weight_g=line.weight_g,
        due=end.due,
        handed_out=end.handed_out,
        weighed=weight,
    )
