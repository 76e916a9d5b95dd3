"""What is allowed in a cycle, what a pack costs, and what comes next: pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from farmlink.cycles.rules.refusals import (
    CutOffPassedError,
    CycleClosedError,
    CycleNotOpenError,
    CycleNotPausableError,
    CycleOpenedError,
    CyclePausedError,
    CycleStageError,
    HomesNotServedError,
    HomeTooFarError,
    OutsideCalendarError,
    PointClosedError,
    PointFullError,
    PointLadenError,
)
from farmlink.cycles.values import (
    CycleId,
    CycleTerms,
    ListingTerms,
    LivedIn,
    Load,
    OpenCycle,
    Place,
    PriceStep,
    Space,
    Stage,
    Unmet,
)
from farmlink.kernel.bounds import LATEST_HAND_OUT_DAYS, MOST, within
from farmlink.kernel.clock import instant_of, start_of_day, zone_named
from farmlink.kernel.errors import InvalidError, MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.money import divide_half_up
from farmlink.people.values import PersonId
from farmlink.supply.rules import CALENDAR

ARROWS: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.OPEN}),
    Stage.OPEN: frozenset({Stage.CLOSED, Stage.CANCELLED}),
    Stage.CLOSED: frozenset({Stage.PLANNED, Stage.CANCELLED}),
    Stage.PLANNED: frozenset({Stage.CONFIRMING}),
    Stage.CONFIRMING: frozenset({Stage.CONFIRMED, Stage.PLANNED}),
    Stage.CONFIRMED: frozenset({Stage.MOVING, Stage.PLANNED}),
    Stage.MOVING: frozenset({Stage.DONE}),
    Stage.DONE: frozenset(),
    Stage.CANCELLED: frozenset(),
}
MILLION = 1_000_000
LEAST_TO_ANSWER = timedelta(minutes=15)
FARTHEST_HOME_M = 1_000_000


def require_arrow(stage: Stage, wanted: Stage) -> None:
    """Refuse a step that the stages do not allow."""
    if wanted not in ARROWS[stage]:
        raise CycleStageError(stage=stage.value, wanted=wanted.value)


def require_pausable(stage: Stage) -> None:
    """Refuse to stop ordering, or to let it go on, where nobody can order."""
    if stage is not Stage.OPEN:
        raise CycleNotPausableError(stage=stage.value)


def refuse_closed(cycle: OpenCycle, *, even_paused: bool = False) -> RefusedError | None:
    """Say why a cycle takes no orders at the moment it was judged, if so; the cut-off itself is too late."""
    if cycle.stage is Stage.DRAFT:
        return CycleNotOpenError(opens_at=cycle.opens_at, zone=cycle.time_zone)
    if cycle.stage is not Stage.OPEN or cycle.judged_at >= cycle.closes_at:
        return CycleClosedError()
    if cycle.paused and not even_paused:
        return CyclePausedError(closes_at=cycle.closes_at, zone=cycle.time_zone)
    return None


def refuse_space(space: Space, load: Load, hand_out_on: date) -> RefusedError | None:
    """Say why a point cannot take this load more, if so; whoever adds no order was there before it closed."""
    if load.orders > 0 and space.closed:
        return PointClosedError(day=hand_out_on)
    if load.orders > space.orders_left:
        return PointFullError()
    if load.weight_g > max(0, space.left_g):
        return PointLadenError(left_g=space.left_g, weight_g=load.weight_g)
    return None


def refuse_home(cycle: OpenCycle, home: LivedIn | None, place: Place, consumer_id: PersonId) -> RefusedError | None:
    """Say why nothing is brought to this home, if so; one where somebody else lives does not exist."""
    if home is None or home.person_id != consumer_id:
        return MissingError(noun="point", id=place[1])
    if cycle.homes is None:
        return HomesNotServedError()
    if home.region_id != cycle.region_id or home.from_hub_m is None or home.from_hub_m > cycle.homes.range_m:
        return HomeTooFarError(range_m=cycle.homes.range_m)
    return None


def space_at_home(place: Place) -> Space:
    """A home takes one order, however large."""
    return Space(cycle_id=place[0], place_id=place[1], closed=False, orders_left=1, left_g=MOST, at_home=True)


def fee_of(cycle: OpenCycle, *, at_home: bool) -> int:
    """What it costs to have an order handed out: at a point, or at home."""
    return cycle.homes.fee_minor if at_home and cycle.homes else cycle.delivery_fee_minor


def minimum_of(cycle: OpenCycle, *, at_home: bool) -> int:
    """What an order must come to: at a point, or at home."""
    return cycle.homes.minimum_order_minor if at_home and cycle.homes else cycle.minimum_order_minor


def require_in_calendar(field: str, day: date, days: int = 0) -> None:
    """Refuse a day on which, or so many days after which, no lot could be collected."""
    since, until = CALENDAR
    if not since <= day <= until - timedelta(days=days):
        raise OutsideCalendarError(field=field, since=since, until=until)


def require_terms_in_calendar(terms: CycleTerms) -> None:
    """Refuse days that are absurd, before anything is computed from them."""
    require_in_calendar("opens", terms.opens.date())
    require_in_calendar("closes", terms.closes.date())
    require_in_calendar("collect_on", terms.collect_on)
    require_in_calendar("hand_out_on", terms.hand_out_on)


def require_sane(terms: CycleTerms, opens_at: datetime, closes_at: datetime, closes_on: date) -> None:
    """Refuse terms that can never be right; `closes_on` is the day of the cut-off at the hub."""
    if opens_at >= closes_at:
        raise InvalidError(field="closes", reason=marked("The cut-off must be later than the opening."))
    require_days(closes_on, terms.collect_on, terms.hand_out_on)
    if not 1 <= terms.answer_hours <= 240:
        raise InvalidError(field="answer_hours", reason=marked("Farms have between 1 and 240 hours to answer."))
    for field in ("threshold_minor", "markup_ppm", "delivery_fee_minor", "minimum_order_minor"):
        if getattr(terms, field) < 0:
            raise InvalidError(field=field, reason=marked("An amount is never negative."))
    if terms.homes is not None:
        within("homes.fee_minor", terms.homes.fee_minor, 0)
        within("homes.minimum_order_minor", terms.homes.minimum_order_minor, 0)
        within("homes.range_m", terms.homes.range_m, 1, FARTHEST_HOME_M)


def require_days(closes_on: date, collect_on: date, hand_out_on: date) -> None:
    """Refuse days of which no plan could be made; drafts of earlier versions may still have them."""
    require_in_calendar("collect_on", collect_on)
    require_in_calendar("hand_out_on", hand_out_on)
    require_cut_off_before_collection("collect_on", closes_on, collect_on)
    if hand_out_on < collect_on:
        raise InvalidError(
            field="hand_out_on", reason=marked("Goods are handed out no earlier than they are collected.")
        )
    if (hand_out_on - collect_on).days > LATEST_HAND_OUT_DAYS:
        raise InvalidError(
            field="hand_out_on", reason=marked("Goods are handed out at most a week after they are collected.")
        )


def require_cut_off_before_collection(field: str, closes_on: date, collect_on: date) -> None:
    """Refuse a cut-off, by its day at the hub, after the day on which the goods are fetched."""
    if collect_on < closes_on:
        raise InvalidError(field=field, reason=marked("Goods are collected no earlier than the day of the cut-off."))


def require_cut_off_to_come(closes_at: datetime, now: datetime, zone: str) -> None:
    """Refuse to open a cycle whose cut-off has passed; the cut-off itself is too late."""
    if closes_at <= now:
        raise CutOffPassedError(closes_at=closes_at, zone=zone)


def require_promised(threshold: int, cap: int | None, unmet: Unmet, row: ListingTerms, cycle_id: CycleId) -> None:
    """Refuse a pack that raises the threshold of goods on which an open cycle takes orders, or moves their cap."""
    if row.threshold > threshold or row.cap not in {None, cap} or row.unmet not in {None, unmet}:
        raise CycleOpenedError(cycle_id=cycle_id)


def require_falling(price_minor_per_1000: int, steps: Sequence[PriceStep]) -> None:
    """Refuse price steps that do not fall as more is ordered."""
    quantity, price = 0, price_minor_per_1000
    for step in steps:
        if step.from_quantity <= quantity or not 0 <= step.price_minor_per_1000 < price:
            raise InvalidError(
                field="price_steps", reason=marked("With every step the quantity rises and the price falls.")
            )
        quantity, price = step.from_quantity, step.price_minor_per_1000


def posted_price(asks: Sequence[tuple[int, int]], markup_ppm: int, tax_ppm: int) -> int | None:
    """Price with tax for 1000 base units: mean of asks (ask, quantity), marked up, then taxed, rounded once."""
    held = sum(quantity for _, quantity in asks)
    if not held:
        return None
    worth = sum(ask * quantity for ask, quantity in asks)
    return divide_half_up(worth * (MILLION + markup_ppm) * (MILLION + tax_ppm), held * MILLION * MILLION)


def price_reached(price_minor_per_1000: int, steps: Sequence[PriceStep], ordered: int) -> int:
    """Price that everybody pays once `ordered` base units are sold."""
    reached = [step.price_minor_per_1000 for step in steps if step.from_quantity <= ordered]
    return min(reached, default=price_minor_per_1000)


def available(held: int, cap: int | None, reserved: int) -> int:
    """Base units that a cycle has: what the lots hold, at most the cap, never less than is ordered already."""
    return max(reserved, held if cap is None else min(held, cap))


def shares_of(lots: Sequence[tuple[int, int]], grades: Sequence[int]) -> dict[int, int]:
    """Share lots (grade, quantity) out over the grades sold: each counts once, for the best grade that it can serve."""
    held = dict.fromkeys(grades, 0)
    for grade, quantity in lots:
        best = max((sold for sold in held if sold <= grade), default=None)
        if best is not None:
            held[best] += quantity
    return held


def answers_due_at(now: datetime, answer_hours: int, collect_on: date, zone: str) -> datetime:
    """Say until when farms may answer: not into the day when trucks come, unless they are asked too late for that."""
    due_at = min(now + timedelta(hours=answer_hours), start_of_day(collect_on, zone))
    return max(due_at, now + LEAST_TO_ANSWER)


def moment_at(moment: datetime, zone: str) -> datetime:
    """Say when a moment is: one without an offset is wall time in the zone."""
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return instant_of(moment.date(), moment.time(), zone)


def skipped(moment: datetime, zone: str) -> datetime | None:
    """Say which wall time was meant by a moment that the clocks skip; nothing of any other."""
    if moment.tzinfo is not None or _wall(moment_at(moment, zone), zone) == moment:
        return None
    return moment


def later(moment: datetime, days: int, zone: str, meant: datetime | None = None) -> datetime:
    """Say which wall time is the same some days later; the one that was meant, where the clocks skipped it."""
    return (meant or _wall(moment, zone)) + timedelta(days=days)


def _wall(moment: datetime, zone: str) -> datetime:
    """What the clocks there show."""
    return moment.astimezone(zone_named(zone)).replace(tzinfo=None)
