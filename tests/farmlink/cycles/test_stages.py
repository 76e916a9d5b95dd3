from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from farmlink.cycles import commands
from farmlink.cycles.queries.due import due_to_close, due_to_open
from farmlink.cycles.rules import later, moment_at
from farmlink.cycles.rules.refusals import (
    CutOffPassedError,
    CycleClosedError,
    CycleEmptyError,
    CycleNotOpenError,
    CycleOpenedError,
    CyclePausedError,
    CyclePlacelessError,
    CycleStageError,
    NotLaterError,
)
from farmlink.cycles.values import CycleId, Stage
from farmlink.kernel.clock import start_of_day
from farmlink.kernel.errors import InvalidError, MissingError, StaleError
from farmlink.kernel.ids import uuid7
from farmlink.policy.values import FIRST
from tests.farmlink.cycles.builders import Market
from tests.farmlink.planning.builders import run_sql


def test_a_cycle_that_opens_pins_the_policy_of_the_day(market: Market) -> None:
    cycle_id, _, _ = market.open()

    cycle = market.cycle(cycle_id)

    assert cycle.stage is Stage.OPEN
    assert cycle.policy_version == FIRST.version


def test_opening_twice_changes_nothing_the_second_time(market: Market) -> None:
    cycle_id, _, _ = market.open()
    before = market.cycle(cycle_id).revision

    assert market.store.run(commands.open_cycle, cycle_id) is False
    assert market.cycle(cycle_id).revision == before


def test_a_cycle_with_nothing_to_sell_does_not_open(market: Market) -> None:
    with pytest.raises(CycleEmptyError):
        market.store.run(commands.open_cycle, market.draft().id)


def test_a_cycle_that_hands_out_nowhere_does_not_open(market: Market) -> None:
    cycle = market.draft(point_ids=())
    market.list_apples(cycle.id)

    with pytest.raises(CyclePlacelessError):
        market.store.run(commands.open_cycle, cycle.id)


def test_a_draft_opened_early_is_open_from_that_moment(market: Market) -> None:
    tomorrow = market.terms().opens + timedelta(days=1, hours=1)
    cycle_id, bags, _ = market.open(opens=tomorrow)

    cycle = market.cycle(cycle_id)
    assert cycle.opened_at is not None
    assert cycle.opened_at < cycle.opens_at == tomorrow
    assert market.place(cycle_id, {bags: 1}).total_minor == 300


def test_a_cycle_cannot_skip_a_stage(market: Market) -> None:
    cycle_id, _, _ = market.open()

    with pytest.raises(CycleStageError, match="open cannot become confirming"):
        market.store.run(commands.move, cycle_id, Stage.CONFIRMING)


def test_moving_to_where_a_cycle_is_changes_nothing(market: Market) -> None:
    cycle_id, _, _ = market.open()

    assert market.store.run(commands.move, cycle_id, Stage.OPEN) is False


def test_farms_have_their_hours_to_answer_from_the_moment_they_are_asked(market: Market) -> None:
    cycle_id, _, _ = market.open(answer_hours=5)
    for stage in (Stage.CLOSED, Stage.PLANNED, Stage.CONFIRMING):
        market.store.run(commands.move, cycle_id, stage)

    cycle = market.cycle(cycle_id)

    assert cycle.answers_due_at is not None
    assert timedelta(hours=4, minutes=59) < cycle.answers_due_at - cycle.server_at <= timedelta(hours=5)


def test_farms_that_are_asked_on_the_day_of_collection_have_a_quarter_of_an_hour(market: Market) -> None:
    cycle_id, _, _ = market.open(answer_hours=5)
    run_sql(market.store, "UPDATE order_cycle SET collect_on = current_date - 1 WHERE id = :id", id=cycle_id)
    for stage in (Stage.CLOSED, Stage.PLANNED, Stage.CONFIRMING):
        market.store.run(commands.move, cycle_id, stage)

    cycle = market.cycle(cycle_id)

    assert cycle.answers_due_at is not None
    assert timedelta(minutes=14) < cycle.answers_due_at - cycle.server_at <= timedelta(minutes=15)


def test_a_paused_cycle_takes_no_orders_and_keeps_its_cut_off(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    cut_off = market.cycle(cycle_id).closes_at
    assert market.store.run(commands.pause, cycle_id) is True
    assert market.store.run(commands.pause, cycle_id) is False

    assert isinstance(market.try_to_place(cycle_id, {bags: 1}).refusal, CyclePausedError)
    assert market.cycle(cycle_id).closes_at == cut_off

    market.store.run(commands.resume, cycle_id)
    market.place(cycle_id, {bags: 1})


def test_a_cycle_that_ends_while_it_is_paused_is_paused_no_more(market: Market) -> None:
    cycle_id, _, _ = market.open()
    market.store.run(commands.pause, cycle_id)

    market.store.run(commands.move, cycle_id, Stage.CLOSED)

    assert market.cycle(cycle_id).paused is False


def test_the_cut_off_of_an_open_cycle_only_moves_to_later(market: Market) -> None:
    cycle_id, _, _ = market.open()
    cycle = market.cycle(cycle_id)
    later = cycle.closes_at + timedelta(hours=3)

    with pytest.raises(NotLaterError):
        market.store.run(commands.extend, cycle_id, cycle.revision, cycle.closes_at - timedelta(hours=1))
    market.store.run(commands.extend, cycle_id, cycle.revision, later)

    assert market.cycle(cycle_id).closes_at == later
    with pytest.raises(StaleError):
        market.store.run(commands.extend, cycle_id, cycle.revision, later + timedelta(hours=1))


def test_the_cut_off_does_not_move_beyond_the_day_of_collection(market: Market) -> None:
    cycle_id, _, _ = market.open()
    cycle = market.cycle(cycle_id)
    midnight = start_of_day(cycle.collect_on + timedelta(days=1), cycle.time_zone)

    with pytest.raises(InvalidError) as refused:
        market.store.run(commands.extend, cycle_id, cycle.revision, midnight)

    assert refused.value.facts["field"] == "closes"
    assert market.cycle(cycle_id).closes_at == cycle.closes_at
    market.store.run(commands.extend, cycle_id, cycle.revision, midnight - timedelta(seconds=1))


def test_a_draft_whose_cut_off_has_passed_does_not_open(market: Market) -> None:
    draft = market.draft()
    market.list_apples(draft.id)
    market.close_in(draft.id, -1)

    with pytest.raises(CutOffPassedError):
        market.store.run(commands.open_cycle, draft.id)

    assert market.cycle(draft.id).stage is Stage.DRAFT


def test_next_weeks_copy_forgets_that_this_weeks_cut_off_was_put_off(market: Market) -> None:
    cycle_id, _, _ = market.open()
    planned = market.cycle(cycle_id)
    for hours in (3, 5):
        cycle = market.cycle(cycle_id)
        market.store.run(commands.extend, cycle_id, cycle.revision, planned.closes_at + timedelta(hours=hours))

    copy = market.store.run(commands.copy, cycle_id)

    assert copy.closes_at == moment_at(later(planned.closes_at, 7, planned.time_zone), planned.time_zone)


def test_only_an_open_cycle_is_extended(market: Market) -> None:
    draft = market.draft()

    with pytest.raises(CycleOpenedError):
        market.store.run(commands.extend, draft.id, draft.revision, draft.closes_at + timedelta(hours=1))


def test_holding_a_cycle_open_tells_why_it_takes_no_orders(market: Market) -> None:
    with pytest.raises(MissingError):
        market.store.run(commands.hold_open, CycleId(uuid7()))
    with pytest.raises(CycleNotOpenError):
        market.store.run(commands.hold_open, market.draft().id)
    cycle_id, _, _ = market.open()
    assert market.store.run(commands.hold_open, cycle_id).stage is Stage.OPEN
    market.close_in(cycle_id, -1)
    with pytest.raises(CycleClosedError):
        market.store.run(commands.hold_open, cycle_id)


def test_due_work_is_found_by_the_clock(market: Market) -> None:
    sold = market.draft()
    market.list_apples(sold.id)
    market.draft()
    open_id, _, _ = market.open()

    assert market.store.read(due_to_open) == (sold.id,)
    assert market.store.read(due_to_close) == ()
    market.close_in(open_id, -1)
    assert market.store.read(due_to_close) == (open_id,)


def test_a_draft_that_was_put_off_after_it_was_found_due_is_not_opened(market: Market) -> None:
    due, put_off = market.draft(), market.draft()
    for cycle in (due, put_off):
        market.list_apples(cycle.id)
    assert len(market.store.read(due_to_open)) == 2
    later = market.terms(opens=datetime.now(UTC) + timedelta(hours=1))
    market.store.run(commands.change, put_off.id, put_off.revision, later)

    assert market.store.run(commands.open_due, due.id)
    assert not market.store.run(commands.open_due, put_off.id)
    assert not market.store.run(commands.open_due, due.id)
    assert (market.cycle(due.id).stage, market.cycle(put_off.id).stage) == (Stage.OPEN, Stage.DRAFT)
