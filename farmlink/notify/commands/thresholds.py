"""What thresholds came to, told to everybody whom it concerns: the text, and who gets it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleExtended, CycleId, Stage, StockId, ThresholdState, Unmet
from farmlink.demand import queries as demand
from farmlink.kernel.locale import marked, render
from farmlink.kernel.money import Money, line_total_minor
from farmlink.network import queries as network
from farmlink.notify import rules
from farmlink.notify.commands.reactions import planners_of, tell_many
from farmlink.notify.values import Kind
from farmlink.orders import queries as orders
from farmlink.orders.queries.concerned import cancelled_for, concerned
from farmlink.orders.values import CancelReason, Order, OrderId, OrderState
from farmlink.people.values import PersonId
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

MORE_TIME: Final = (
    marked("Your order for {day}: ordering goes on until {closes_at}"),
    marked("Ordering for {day} goes on until {closes_at}. Until then you can change or cancel your order."),
)
TOO_FEW_YET: Final = marked("Too few people have joined so far, so the cut-off was put off once, as was declared.")
TO_GO: Final = marked("In all {to_go} more must be ordered.")
IF_UNMET: Final[Mapping[Unmet, str]] = {
    Unmet.ZERO: marked("If that does not come together, nobody gets anything, and nobody pays anything."),
    Unmet.PARTIAL: marked("If that does not come together, what is there is shared by the published rules."),
}
STANDS: Final = (marked("Your order for {day} goes ahead"), "{news}", "{confirmation}")
CAME_TO: Final[Mapping[ThresholdState, str]] = {
    ThresholdState.MET: marked("Enough people have joined."),
    ThresholdState.PARTIAL: marked(
        "Fewer people joined than were needed. As was declared, what is there is shared by the published rules."
    ),
}
LITTLE_OF_IT: Final = marked(
    "{name}: less was ordered than is needed. As was declared, what is there is shared by the published rules."
)
CHEAPER: Final = marked("{packs} x {name}: so many joined that it costs {amount} instead of {before}.")
LOWERED: Final = marked("{packs} x {name}: its price was lowered, so it costs {amount} instead of {before}.")
GOES_BACK: Final = marked("What was held above that goes back to you at once.")
TOO_FEW: Final[Mapping[ThresholdState, rules.Text]] = {
    ThresholdState.EXTENDED: (
        marked("{hub}, {day}: too few joined, ordering goes on"),
        marked("{ordered} of {needed} was ordered. As was declared, the cut-off was put off once, to {closes_at}."),
    ),
    ThresholdState.PARTIAL: (
        marked("{hub}, {day}: too few joined, what is there is shared"),
        marked("Less than {needed} was ordered. As was declared, the cycle goes on, and what is there is shared."),
    ),
    ThresholdState.RELEASED: (
        marked("{hub}, {day}: too few joined, everybody was let go"),
        marked("Less than {needed} was ordered, so the cycle was cancelled. Nobody is charged, and everybody is told."),
    ),
}
NOBODY: Final[Mapping[ThresholdState, rules.Text]] = {
    ThresholdState.EXTENDED: (
        TOO_FEW[ThresholdState.EXTENDED][0],
        marked("Nothing that can be served was ordered. As declared, the cut-off was put off once, to {closes_at}."),
    ),
    ThresholdState.RELEASED: (
        TOO_FEW[ThresholdState.RELEASED][0],
        marked("Nothing that can be served was ordered, so the cycle was cancelled. Nobody is charged."),
    ),
}
"""What is said of a cycle that had no threshold of its own."""
NOT_SERVED: Final[Mapping[CancelReason, rules.Text]] = {
    CancelReason.CASE_NOT_FULL: (
        marked("{hub}, {day}: no case was filled, everybody was let go"),
        marked("What was ordered fills no whole case, so the cycle was cancelled. Nobody is charged."),
    ),
    CancelReason.NOT_ENOUGH: (
        marked("{hub}, {day}: nothing is left to share, everybody was let go"),
        marked("Nothing is left of what was ordered, so the cycle was cancelled. Nobody is charged."),
    ),
}
"""What is said of a cycle that cannot be served, however many joined."""
SERVED: Final = frozenset(CAME_TO)
DROPPED: Final = frozenset({CancelReason.THRESHOLD, CancelReason.CASE_NOT_FULL, CancelReason.NOT_ENOUGH})
"""Why the cut-off drops lines; another letter says which."""
CONCERNS_PLANNERS: Final = frozenset({ThresholdState.EXTENDED, ThresholdState.PARTIAL, ThresholdState.ZERO})


def say_cut_off_moved(tx: Transaction, event: CycleExtended) -> None:
    """Tell everybody who ordered that there is more time, whether a planner gave it or too few had joined."""
    assert tx.cause is not None, "only the relay calls reactions"
    told = concerned(tx, event.cycle_id)
    tell_many(tx, Kind.CUT_OFF_MOVED, [(tx.cause, consumer, order_id) for order_id, consumer in told.items()])


def say_thresholds_moved(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell who ordered that it comes, once however many thresholds that hung on, and planners that too few joined."""
    moved: dict[CycleId, set[StockId | None]] = defaultdict(set)
    for one in announced:
        event = one.event
        if event.new in SERVED and event.threshold:
            moved[event.cycle_id].add(event.stock_id)
        gone = (event.old, event.new) == (ThresholdState.MET, ThresholdState.RELEASED)
        if event.stock_id is None and (gone or event.new in CONCERNS_PLANNERS):
            planners = planners_of(tx, cycles.cycle(tx, event.cycle_id).region_id)
            tell_many(tx, Kind.TOO_FEW, [(one.event_id, planner, event.cycle_id) for planner in planners])
    for cycle_id, stocks in moved.items():
        goods = [stock for stock in stocks if stock is not None]
        _say_orders_stand(tx, concerned(tx, cycle_id, goods if len(goods) == len(stocks) else None).items())


def say_orders_cheaper(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell what an order costs now that the price fell; in the same letter that says that it comes."""
    _say_orders_stand(tx, [(one.event.order_id, one.event.consumer_id) for one in announced])


def _say_orders_stand(tx: Transaction, told: Iterable[tuple[OrderId, PersonId]]) -> None:
    tell_many(tx, Kind.ORDER_STANDS, [(order_id, consumer, order_id) for order_id, consumer in told])


def write_cut_off_moved(tx: Transaction, order_id: OrderId, language: str) -> tuple[str, str] | None:
    """Write until when somebody can order now, and what is still missing; nothing once ordering has ended."""
    found = orders.order(tx, order_id)
    cycle = cycles.cycle(tx, found.cycle_id)
    if found.state is OrderState.CANCELLED or cycle.stage is not Stage.OPEN:
        return None
    progress = demand.progress(tx, cycle.id)
    subject, more_time = MORE_TIME
    said = [more_time]
    if cycle.threshold_state is ThresholdState.EXTENDED:
        said = [TOO_FEW_YET, more_time]
    if progress.to_go_minor:
        said += [TO_GO, IF_UNMET[cycle.unmet]]
    facts = {
        "day": cycle.hand_out_on,
        "closes_at": cycle.closes_at,
        "to_go": Money(progress.to_go_minor, cycle.currency),
    }
    return rules.write((subject, *said), language, facts, cycle.time_zone)


def write_order_stands(tx: Transaction, order_id: OrderId, language: str, stands: str) -> tuple[str, str] | None:
    """Write that an order comes and what it costs; nothing where another letter does, for a part of it was dropped."""
    found = orders.order(tx, order_id)
    if any(line.reason in DROPPED for line in found.lines if line.state is OrderState.CANCELLED):
        return None
    cycle = cycles.cycle(tx, found.cycle_id)
    news = news_of(tx, found, cycle, language)
    if not news:
        return None
    facts = {"day": cycle.hand_out_on, "news": "\n".join(news), "confirmation": stands.rstrip()}
    return rules.write(STANDS, language, facts, cycle.time_zone)


def write_too_few(tx: Transaction, cycle_id: CycleId, language: str) -> tuple[str, str] | None:
    """Write to a planner what becomes of a cycle that too few joined, as it stands now."""
    cycle = cycles.cycle(tx, cycle_id)
    text = (TOO_FEW if cycle.threshold_minor else NOBODY).get(cycle.threshold_state)
    if cycle.threshold_state is ThresholdState.RELEASED:
        if cycle.stage is not Stage.CANCELLED:
            return None  # it went on to its end, and nothing was charged
        why = cancelled_for(tx, cycle_id)
        if CancelReason.PLANNER in why:
            return None
        text = next((said for reason, said in NOT_SERVED.items() if reason in why), text)
    if text is None:
        return None
    facts = {
        "hub": network.hub(tx, cycle.hub_id).name,
        "day": cycle.hand_out_on,
        "ordered": Money(orders.ordered(tx, cycle_id).total_minor, cycle.currency),
        "needed": Money(cycle.threshold_minor, cycle.currency),
        "closes_at": cycle.closes_at,
    }
    return rules.write(text, language, facts, cycle.time_zone)


def news_of(tx: Transaction, order: Order, cycle: Cycle, language: str) -> list[str]:
    """What the cut-off decided for an order, sentence by sentence: of its cycle, and of the goods in it."""
    return [*_of_cycle(cycle, language), *_of_lines(tx, order, language)]


def _of_cycle(cycle: Cycle, language: str) -> list[str]:
    """What the cycle's own threshold came to, if it had one."""
    came_to = CAME_TO.get(cycle.threshold_state) if cycle.threshold_minor else None
    return [render(came_to, language)] if came_to else []


def _of_lines(tx: Transaction, order: Order, language: str) -> list[str]:
    """What there is to say of the goods in an order: which are too few, and which cost less than when ordered."""
    lines = [line for line in order.lines if line.state is OrderState.PLACED]
    listings = cycles.listings_by_id(tx, [line.listing_id for line in lines])
    names = orders.line_names(tx, lines, language)
    said, cheaper = [], False
    for line in lines:
        listing = listings[line.listing_id]
        if listing.threshold_state is ThresholdState.PARTIAL:
            said.append(render(LITTLE_OF_IT, language, {"name": names[line.id]}))
        if line.price_before_minor_per_1000 is not None:
            joined = line.price_minor_per_1000 < listing.price_minor_per_1000
            facts = {
                "packs": line.packs,
                "name": names[line.id],
                "amount": Money(line.total_minor, order.currency),
                "before": Money(line_total_minor(line.quantity, line.price_before_minor_per_1000), order.currency),
            }
            said.append(render(CHEAPER if joined else LOWERED, language, facts))
            cheaper = True
    return [*said, render(GOES_BACK, language)] if cheaper else said
