"""Everything that a consumer sees of an order of theirs: its way, its lines, what was cut and why, its money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.due import there
from api.pages.shop.hours import hours_on, round_of
from api.pages.shop.own import EVERYTHING
from api.pages.shop.way import Step, steps
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard, VariantCard
from farmlink.claims import queries as claims
from farmlink.claims.rules import MOST_CLAIMS
from farmlink.claims.values import Claim, Claimable
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle
from farmlink.dispatch import queries as dispatch
from farmlink.dispatch.values import HandOutView
from farmlink.kernel.errors import MissingError
from farmlink.kernel.money import line_total_minor
from farmlink.ledger.values import AccountKind
from farmlink.network import queries as network
from farmlink.network.values import FarmId, HomeId, PointCard, PointId
from farmlink.orders import queries as orders
from farmlink.orders.rules import most_of
from farmlink.orders.values import OrderId, OrderLine, OrderState, SeenOrder
from farmlink.payments import queries as payments
from farmlink.payments.values import Payment
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.planning import queries as planning
from farmlink.policy.rules.reasons import SENTENCES
from farmlink.policy.values.reasons import CutReason
from farmlink.settlement import queries as settlement
from farmlink.settlement.values import CreditNote, OrderCharge, StatementLine
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard, LotId


@dataclass(frozen=True, slots=True)
class Source:
    """A lot that serves a line, and the farm that grew it."""

    lot: LotCard
    farm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedLine:
    """A line with what became of it; `why` are the sentences for what is less than was ordered.

    It is `claimable` as long as something was handed out of it that nobody has claimed, and the window is open.
    """

    line: OrderLine
    product: ProductCard
    variant: VariantCard
    end: HandOutView | None
    foretold: int | None
    why: Sequence[str]
    sources: Sequence[Source]
    fell_minor: int
    claims: Sequence[Claim] = ()
    claimable: Claimable | None = None
    may_fail: bool = False

    @property
    def got(self) -> int:
        """What is there of it as far as is known, in base units: all of it until something else is said."""
        if self.end is not None:
            return self.end.due if self.end.handed_out is None else self.end.handed_out
        return self.line.quantity if self.foretold is None else self.foretold

    @property
    def worth_minor(self) -> int:
        """What it costs, as far as it is there."""
        return line_total_minor(self.got, self.line.price_minor_per_1000)

    @property
    def stands(self) -> bool:
        """Whether the line was not cancelled."""
        return self.line.state is OrderState.PLACED

    @property
    def comes(self) -> bool:
        """Whether anything of it comes, as far as is known; what nobody fetched came."""
        return self.stands and (self.got if self.end is None else self.end.due) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """An order as its consumer follows it."""

    order: SeenOrder
    cycle: Cycle
    steps: Sequence[Step]
    lines: Sequence[FollowedLine]
    point: PointCard | None
    address: str
    hours: str
    arrives_at: datetime | None
    recipient: str
    payment: Payment | None
    most_minor: int
    charge: OrderCharge | None
    charged: Sequence[StatementLine]
    notes: Sequence[CreditNote]

    @property
    def is_shared(self) -> bool:
        """Whether what came in has been shared out."""
        return any(one.end for one in self.lines)

    @property
    def is_short(self) -> bool:
        """Whether less of some line is there than was ordered."""
        return any(one.stands and one.got < one.line.quantity for one in self.lines)

    @property
    def is_nothing(self) -> bool:
        """Whether it stands, and yet nothing of it comes."""
        return self.order.state is OrderState.PLACED and not any(one.comes for one in self.lines)

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.order.state is OrderState.CANCELLED or all(one.state == "done" for one in self.steps)


def follow(tx: Transaction, order_id: OrderId, reader: PersonId) -> Followed:
    """One's own order with all that is known of it; others' do not exist."""
    shared = there(tx, order_id)
    order = orders.seen(orders.order(tx, order_id, reader), shared)
    cycle, ends = cycles.cycle(tx, order.cycle_id), dispatch.hand_outs(tx, order_id)
    plan_id = planning.published_plan(tx, cycle.id)
    arrives_at = None if plan_id is None else planning.arrives_at(tx, plan_id, order.place_id)
    point, address, hours = _place(tx, order, cycle)
    collector = orders.recipient(tx, order, shared, reader)
    try:
        charge = settlement.order_charge(tx, order_id)
    except MissingError:
        charge = None
    return Followed(
        order=order,
        cycle=cycle,
        steps=steps(cycle, order.placed_at, ends, arrives_at, tx.now),
        lines=_lines(tx, order, {one.line_id: one for one in ends}),
        point=point,
        address=address,
        hours=hours,
        arrives_at=arrives_at,
        recipient=collector.name if collector else "",
        payment=payments.payments(tx, [order_id]).get(order_id),
        most_minor=most_of(order),
        charge=charge,
        charged=settlement.statement(tx, reader, [AccountKind.RECEIVABLE], EVERYTHING, order_id=order_id).items,
        notes=settlement.credit_notes(tx, order_id, EVERYTHING).items,
    )


def _place(tx: Transaction, order: SeenOrder, cycle: Cycle) -> tuple[PointCard | None, str, str]:
    """The point with its address and hours, or no point, one's address and when the round comes by."""
    if order.at_home:
        home = people.address_at(tx, order.consumer_id, HomeId(order.place_id))
        return None, home.line() if home else "", round_of(network.region(tx, cycle.region_id).rhythm)
    point = network.point(tx, PointId(order.place_id))
    return point, point.address.line(), hours_on(point, cycle.hand_out_on)


def _lines(tx: Transaction, order: SeenOrder, ends: Mapping[UUID, HandOutView]) -> list[FollowedLine]:
    listings = cycles.listings_by_id(tx, [line.listing_id for line in order.lines])
    products = catalogue.products_by_id(tx, {line.product_id for line in order.lines})
    variants = catalogue.variants_by_id(tx, {one.variant_id for one in listings.values()})
    said = dispatch.foretold(tx, order.id)
    short = {one.line_id: one for one in said.lines} if said and not ends else {}
    sources = _sources(tx, order)
    claimed, claimable = claims.claims_of(tx, order.id), claims.claimable_lines(tx, order.id)
    found = []
    for line in order.lines:
        end, coming = ends.get(line.id), short.get(line.id)
        reasons = [line.reason, end.reason if end else None, end.end_reason if end else None]
        reasons += [coming.reason] if coming else []
        found.append(
            FollowedLine(
                line=line,
                product=products[line.product_id],
                variant=variants[listings[line.listing_id].variant_id],
                end=end,
                foretold=coming.foreseen if coming else None,
                why=[SENTENCES[CutReason(one)] for one in dict.fromkeys(reasons) if one],
                sources=sources.get(line.batch_id, ()) if line.batch_id else (),
                fell_minor=_fell_minor(line),
                claims=[one for one in claimed if one.line_id == line.id],
                claimable=_open_claim(claimable.get(line.id), tx.now),
                may_fail=listings[line.listing_id].threshold > 0,
            )
        )
    return sorted(found, key=lambda one: (not one.stands, one.product.name["en"]))


def _sources(tx: Transaction, order: SeenOrder) -> dict[UUID, list[Source]]:
    """The lots that serve each batch that the order is a part of; nothing before a plan is published."""
    plan_id = planning.published_plan(tx, order.cycle_id)
    batches = {line.batch_id for line in order.lines if line.batch_id}
    if plan_id is None or not batches:
        return {}
    served = planning.serving(tx, plan_id, batches)
    lots = supply.lots_by_id(tx, [LotId(one.lot_id) for one in served])
    farms = network.farms_by_id(tx, {FarmId(lot.farm_id) for lot in lots.values()})
    found: dict[UUID, list[Source]] = {}
    for one in served:
        lot = lots[one.lot_id]
        found.setdefault(one.batch_id, []).append(Source(lot, farms[lot.farm_id].name))
    return found


def _open_claim(found: Claimable | None, now: datetime) -> Claimable | None:
    return found if found and found.left and found.times < MOST_CLAIMS and now <= found.until else None


def _fell_minor(line: OrderLine) -> int:
    """By how much a line became cheaper when so many had joined."""
    if line.price_before_minor_per_1000 is None:
        return 0
    return line_total_minor(line.quantity, line.price_before_minor_per_1000) - line.total_minor
