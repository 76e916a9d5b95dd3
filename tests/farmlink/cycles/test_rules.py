from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.catalogue.values import ProductId, VariantId
from farmlink.cycles.rules import (
    ARROWS,
    answers_due_at,
    available,
    later,
    moment_at,
    posted_price,
    price_reached,
    refuse_closed,
    refuse_space,
    require_arrow,
    require_cut_off_before_collection,
    require_cut_off_to_come,
    require_in_calendar,
    require_pausable,
    require_promised,
    shares_of,
    skipped,
)
from farmlink.cycles.rules.refusals import (
    CutOffPassedError,
    CycleClosedError,
    CycleNotOpenError,
    CycleNotPausableError,
    CycleOpenedError,
    CyclePausedError,
    CycleStageError,
    OutsideCalendarError,
    PointClosedError,
    PointFullError,
    PointLadenError,
)
from farmlink.cycles.values import CycleId, ListingTerms, Load, PriceStep, Space, Stage, Unmet
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.locale import CHINESE, render_refusal
from farmlink.network.values import PlaceId
from tests.farmlink.cycles.judged import DETROIT, NOON, judged


def test_an_order_at_the_very_second_of_the_cut_off_is_refused() -> None:
    assert isinstance(refuse_closed(judged(NOON)), CycleClosedError)
    assert refuse_closed(judged(NOON - timedelta(microseconds=1))) is None


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in {Stage.DRAFT, Stage.OPEN}])
def test_no_stage_but_open_takes_orders(stage: Stage) -> None:
    assert isinstance(refuse_closed(judged(NOON - timedelta(hours=1), stage)), CycleClosedError)


def test_a_draft_says_when_it_opens_and_a_paused_cycle_that_it_is_paused() -> None:
    early = NOON - timedelta(hours=1)

    assert isinstance(refuse_closed(judged(early, Stage.DRAFT)), CycleNotOpenError)
    assert isinstance(refuse_closed(judged(early, paused=True)), CyclePausedError)
    assert refuse_closed(judged(early, paused=True), even_paused=True) is None


@given(st.sampled_from(sorted(Stage)), st.sampled_from(sorted(Stage)))
def test_a_stage_follows_another_only_along_an_arrow(old: Stage, new: Stage) -> None:
    if new in ARROWS[old]:
        require_arrow(old, new)
    else:
        with pytest.raises(CycleStageError):
            require_arrow(old, new)


def test_a_skipped_wall_time_moves_forward_and_a_doubled_one_is_the_first() -> None:
    leapt, doubled = datetime(2026, 3, 8, 2, 30), datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001  # wall times at the hub

    assert moment_at(leapt, DETROIT) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert moment_at(doubled, DETROIT) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert moment_at(NOON, DETROIT) == NOON


def test_a_week_later_is_the_same_wall_time() -> None:
    copied = later(datetime(2026, 3, 2, 13, tzinfo=UTC), 7, DETROIT)

    assert moment_at(copied, DETROIT) == datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("meant", "zone", "moved_to"),
    [
        (datetime(2026, 3, 8, 2, 30), DETROIT, datetime(2026, 3, 8, 3, 30)),  # noqa: DTZ001  # wall times
        (datetime(2026, 3, 28, 23, 30), "America/Nuuk", datetime(2026, 3, 29, 0, 30)),  # noqa: DTZ001  # wall times
    ],
)
def test_a_week_after_a_skipped_wall_time_is_the_one_that_was_meant(
    meant: datetime, zone: str, moved_to: datetime
) -> None:
    happens = moment_at(meant, zone)

    assert happens == moment_at(moved_to, zone)
    assert later(happens, 7, zone, skipped(meant, zone)) == meant + timedelta(days=7)


def test_only_a_wall_time_that_the_clocks_skip_was_meant_otherwise() -> None:
    for moment in (datetime(2026, 3, 8, 1, 30), datetime(2026, 3, 8, 3), datetime(2026, 11, 1, 1, 30), NOON):  # noqa: DTZ001  # wall times
        assert skipped(moment, DETROIT) is None


def test_a_cycle_lies_within_the_calendar_of_its_lots_and_so_does_its_copy() -> None:
    require_in_calendar("collect_on", date(2000, 1, 1))
    require_in_calendar("days", date(2199, 12, 25), 7)
    for day, days in ((date(1999, 12, 31), 0), (date(2200, 1, 2), 0), (date(2199, 12, 26), 7), (date.min, 366)):
        with pytest.raises(OutsideCalendarError) as refused:
            require_in_calendar("closes", day, days)
        assert refused.value.facts["field"] == "closes"


@pytest.mark.parametrize("stage", sorted(Stage))
def test_only_an_open_cycle_is_paused(stage: Stage) -> None:
    if stage is Stage.OPEN:
        require_pausable(stage)
    else:
        with pytest.raises(CycleNotPausableError):
            require_pausable(stage)


def test_the_posted_price_is_the_mean_ask_marked_up_then_taxed_and_rounded_once() -> None:
    assert posted_price([(200, 1000), (300, 3000)], 100_000, 60_000) == 321
    assert posted_price([], 0, 0) is None


def test_the_price_falls_step_by_step_as_more_is_ordered() -> None:
    steps = (PriceStep(100, 250), PriceStep(200, 200))

    assert [price_reached(300, steps, ordered) for ordered in (0, 99, 100, 199, 200)] == [300, 300, 250, 250, 200]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 1000))), st.sets(st.integers(1, 5)))
def test_every_lot_counts_for_one_grade_at_most_and_never_for_a_better_one(
    lots: list[tuple[int, int]], sold: set[int]
) -> None:
    held = shares_of(lots, sorted(sold))

    assert sum(held.values()) == sum(quantity for grade, quantity in lots if any(rank <= grade for rank in sold))
    for rank in sold:
        assert sum(held[best] for best in sold if best >= rank) <= sum(q for grade, q in lots if grade >= rank)


def test_what_is_ordered_stays_available_whatever_fails() -> None:
    assert available(100, None, 0) == 100
    assert available(100, 60, 0) == 60
    assert available(10, 60, 40) == 40


@pytest.mark.parametrize("stage", Stage)
def test_a_chinese_reader_is_told_a_stage_in_chinese(stage: Stage) -> None:
    said = render_refusal(CycleStageError(stage=stage.value, wanted=stage.value), CHINESE)
    assert stage.value not in said


HERE = Space(cycle_id=CycleId(uuid7()), place_id=PlaceId(uuid7()), closed=False, orders_left=2, left_g=500)


@pytest.mark.parametrize(
    ("space", "load", "refusal"),
    [
        (HERE, Load(2, 500), None),
        (HERE, Load(3, 500), PointFullError),
        (HERE, Load(1, 501), PointLadenError),
        (replace(HERE, closed=True), Load(1, 1), PointClosedError),
        (replace(HERE, closed=True), Load(0, 1), None),
        (replace(HERE, closed=True, orders_left=0, left_g=0), Load(0, -1), None),
    ],
)
def test_a_point_takes_what_it_has_space_for(space: Space, load: Load, refusal: type[RefusedError] | None) -> None:
    said = refuse_space(space, load, date(2031, 9, 5))
    assert said is None if refusal is None else isinstance(said, refusal)


@pytest.mark.parametrize(
    ("asked_at", "hours", "due_at"),
    [
        (datetime(2031, 9, 2, 12, tzinfo=UTC), 5, datetime(2031, 9, 2, 17, tzinfo=UTC)),
        (datetime(2031, 9, 3, 20, tzinfo=UTC), 24, datetime(2031, 9, 4, 4, tzinfo=UTC)),
        (datetime(2031, 9, 4, 3, 50, tzinfo=UTC), 24, datetime(2031, 9, 4, 4, 5, tzinfo=UTC)),
        (datetime(2031, 9, 4, 15, tzinfo=UTC), 24, datetime(2031, 9, 4, 15, 15, tzinfo=UTC)),
    ],
)
def test_farms_answer_before_the_day_of_collection_begins_at_the_hub(
    asked_at: datetime, hours: int, due_at: datetime
) -> None:
    assert answers_due_at(asked_at, hours, date(2031, 9, 4), "America/Detroit") == due_at


def test_a_cut_off_still_to_come_opens_and_the_very_second_of_it_does_not() -> None:
    require_cut_off_to_come(NOON, NOON - timedelta(microseconds=1), "UTC")
    with pytest.raises(CutOffPassedError):
        require_cut_off_to_come(NOON, NOON, "UTC")


def test_ordering_may_end_on_the_day_of_collection_and_not_after_it() -> None:
    require_cut_off_before_collection("closes", date(2026, 9, 4), date(2026, 9, 4))
    with pytest.raises(InvalidError):
        require_cut_off_before_collection("closes", date(2026, 9, 5), date(2026, 9, 4))


@pytest.mark.parametrize(("threshold", "cap"), [(0, None), (5_000, None), (20_000, 90_000)])
def test_a_pack_of_goods_on_sale_keeps_to_their_threshold_and_cap(threshold: int, cap: int | None) -> None:
    for unmet in (None, Unmet.ZERO):
        require_promised(20_000, 90_000, Unmet.ZERO, pack_with(threshold, cap, unmet), CycleId(uuid7()))


@pytest.mark.parametrize(
    ("threshold", "cap", "unmet"),
    [(20_001, None, None), (0, 89_999, None), (0, 90_001, None), (0, None, Unmet.PARTIAL)],
)
def test_a_pack_that_moves_what_holds_for_goods_on_sale_is_refused(
    threshold: int, cap: int | None, unmet: Unmet | None
) -> None:
    with pytest.raises(CycleOpenedError):
        require_promised(20_000, 90_000, Unmet.ZERO, pack_with(threshold, cap, unmet), CycleId(uuid7()))


def pack_with(threshold: int, cap: int | None, unmet: Unmet | None) -> ListingTerms:
    """A pack for sale that says so much of its goods."""
    return ListingTerms(
        cycle_id=CycleId(uuid7()),
        product_id=ProductId(uuid7()),
        grade=4,
        variant_id=VariantId(uuid7()),
        threshold=threshold,
        unmet=unmet,
        cap=cap,
    )
