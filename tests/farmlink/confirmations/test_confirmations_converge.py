"""Answers doubled, late, reordered, between re-plans and failed harvests: promises stand, and there is an end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

import psycopg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import URL

from farmlink.confirmations import commands, queries
from farmlink.confirmations.rules import FINAL
from farmlink.confirmations.values import Answer, RequestId
from farmlink.cycles.values import Stage
from farmlink.kernel.errors import RefusedError
from farmlink.planning import queries as planning
from farmlink.planning.commands import wish_plan
from farmlink.planning.rules import PlanOutdatedError
from farmlink.planning.values import PlanId
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply.values import LotId
from tests.conftest import EMPTY
from tests.farmlink.planning.builders import NO, YES, Season, part

ANSWERS = st.sampled_from(["yes", "no", "part"])


class Answering(RuleBasedStateMachine):
    """One cycle from its first plan to the last answer; whoever answers twice hears the same or is refused."""

    store: ClassVar[Store]
    empty: ClassVar[Callable[[], None]]

    @initialize(lots=st.lists(st.integers(10, 40).map(lambda kilos: kilos * 1000), min_size=2, max_size=4))
    def begin(self, lots: list[int]) -> None:
        type(self).empty()
        self.season = Season.closed(self.store, lots=lots, bags=(min(50, sum(lots) // 2000),)).planned()
        self.season.relay()
        self.failed: set[LotId] = set()
        self.final: dict[RequestId, tuple[str, int | None]] = {}
        self.promised: dict[LotId, int] = {}
        self.unpublished: list[PlanId] = []

    @rule(which=st.integers(0, 50), kind=ANSWERS, times=st.integers(1, 2))
    def answer(self, which: int, kind: str, times: int) -> None:
        questions = self.season.asked(None)
        if not questions:
            return
        asked = questions[which % len(questions)]
        given: Answer = {"yes": YES, "no": NO, "part": part((asked.floor + asked.quantity + 1) // 2)}[kind]
        for _ in range(times):
            with suppress(RefusedError):
                answered = self.season.answer(asked.id, given)
                assert answered.state == given.reply.value
                self.promised[asked.lot_id] = max(self.promised.get(asked.lot_id, 0), answered.answered or 0)

    @rule()
    def fall_silent(self) -> None:
        self.season.lapse()

    @rule()
    def plan(self) -> None:
        if self.season.stage() in {Stage.PLANNED, Stage.CONFIRMING, Stage.CONFIRMED}:
            self.unpublished.append(self.season.plan())

    @precondition(lambda self: self.unpublished)
    @rule(which=st.integers(0, 9))
    def publish(self, which: int) -> None:
        with suppress(RefusedError):
            self.season.publish(self.unpublished.pop(which % len(self.unpublished)))

    @rule(which=st.integers(0, 9))
    def fail_a_harvest(self, which: int) -> None:
        lot_id = self.season.lots[which % len(self.season.lots)]
        self.store.run(supply.report_failed_harvest, lot_id)
        self.failed.add(lot_id)
        self.promised.pop(lot_id, None)
        self.season.relay()

    @invariant()
    def a_final_answer_stays(self) -> None:
        for asked in self.season.asked(None):
            if asked.id in self.final:
                assert (asked.state, asked.answered) == self.final[asked.id]
            elif asked.state in FINAL:
                self.final[asked.id] = (asked.state, asked.answered)

    @invariant()
    def a_promise_is_kept_by_the_plan_that_holds(self) -> None:
        taken = self.season.taken()
        for lot_id, promised in self.promised.items():
            assert taken.get(lot_id, 0) >= promised
            assert self.season.allocated(lot_id) == taken.get(lot_id, 0)

    @invariant()
    def the_database_agrees(self) -> None:
        assert check(self.store) == []

    def teardown(self) -> None:
        if hasattr(self, "season"):
            assert_ends(self.season)


def assert_ends(season: Season) -> None:
    """Whatever came before: with a few more plans and silences every farm has answered, and nothing is wished."""
    for _ in range(12):
        if not season.wishes() and season.stage() is Stage.CONFIRMED and not season.asked():
            break
        for due in season.store.read(planning.due_to_plan):
            try:
                season.publish(due.ready or season.plan())
            except PlanOutdatedError:  # as `confirmations.work` does: the plan is made again
                season.store.run(wish_plan, season.cycle_id, "outdated")
        if season.stage() is Stage.PLANNED:
            season.publish(season.plan())
        season.lapse()
    assert (season.wishes(), season.asked(), season.stage()) == ([], [], Stage.CONFIRMED)
    counts = season.store.read(queries.counts, season.cycle_id)
    assert counts.open == 0
    assert season.store.run(commands.lapse, season.cycle_id) == 0


def test_answers_converge_however_they_come(store: Store, clean_url: URL) -> None:
    def empty() -> None:
        store.engine.dispose()
        address: Any = clean_url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(EMPTY)

    Answering.store, Answering.empty = store, staticmethod(empty)
    run_state_machine_as_test(
        Answering,
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
