from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.cycles.rules import (
    ARROWS,
    CycleClosedError,
    CycleNotOpenError,
    CyclePausedError,
    CycleStageError,
    PointClosedError,
    PointFullError,
    PointLadenError,
    answers_due_at,
    available,
    later,
    moment_at,
    posted_price,
    price_reached,
    refuse_closed,
    refuse_space,
    require_arrow,
    shares_of,
)
from farmlink.cycles.values import CycleId, Load, OpenCycle, PriceStep, Space, Stage
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.locale import CHINESE, render_refusal
from farmlink.network.values import PointId

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DETROIT = "America/Detroit"


def judged(at: datetime, stage: Stage = Stage.OPEN, *, paused: bool = False) -> OpenCycle:
    return OpenCycle(
        id=CycleId(uuid7()),
        stage=stage,
        paused=paused,
        opens_at=NOON - timedelta(days=1),
        closes_at=NOON,
        judged_at=at,
        collect_on=date(2026, 5, 5),
        hand_out_on=date(2026, 5, 6),
        currency="USD",
        delivery_fee_minor=0,
        minimum_order_minor=0,
        private=False,
    )


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
    skipped, doubled = datetime(2026, 3, 8, 2, 30), datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001  # wall times at the hub

    assert moment_at(skipped, DETROIT) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert moment_at(doubled, DETROIT) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert moment_at(NOON, DETROIT) == NOON


def test_a_week_later_is_the_same_wall_time() -> None:
    assert later(datetime(2026, 3, 2, 13, tzinfo=UTC), 7, DETROIT) == datetime(2026, 3, 9, 12, tzinfo=UTC)


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


HERE = Space(cycle_id=CycleId(uuid7()), point_id=PointId(uuid7()), closed=False, orders_left=2, left_g=500)


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
