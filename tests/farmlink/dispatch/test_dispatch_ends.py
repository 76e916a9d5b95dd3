"""Whatever hubs and points say, and however often: every line ends in exactly one of handed out, short or cancelled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

import psycopg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import URL

from farmlink.cycles.values import Stage
from farmlink.dispatch.values import Handed, HandOutView, ShortReason
from farmlink.kernel.errors import RefusedError
from farmlink.orders.values import OrderLineId
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.conftest import EMPTY
from tests.farmlink.dispatch.builders import Goods

REASONS = st.sampled_from([None, *ShortReason])


class Handing(RuleBasedStateMachine):
    """A confirmed cycle in the hands of people who are not careful."""

    store: ClassVar[Store]
    empty: ClassVar[Callable[[], None]]

    @initialize(bags=st.lists(st.integers(1, 20), min_size=1, max_size=3))
    def begin(self, bags: list[int]) -> None:
        type(self).empty()
        self.goods = Goods.closed(self.store, bags=bags).confirmed()
        self.ended: dict[OrderLineId, HandOutView] = {}

    @rule(percent=st.integers(0, 100))
    def receive(self, percent: int) -> None:
        with suppress(RefusedError):
            self.goods.receive(lambda view: view.allocated * percent // 100)

    @rule()
    def share(self) -> None:
        with suppress(RefusedError):
            self.goods.share()

    @rule(which=st.integers(0, 9))
    def hand_out(self, which: int) -> None:
        with suppress(RefusedError):
            self.goods.hand_out(self.goods.orders[which % len(self.goods.orders)])

    @rule(which=st.integers(0, 9), percent=st.integers(0, 110), reason=REASONS)
    def hand_out_some(self, which: int, percent: int, reason: ShortReason | None) -> None:
        order = self.goods.orders[which % len(self.goods.orders)]
        with suppress(RefusedError, ValueError):
            line = self.goods.line(order)
            self.goods.hand_out(order, [Handed(line.line_id, line.due * percent // 100, reason)])

    @rule()
    def finish(self) -> None:
        with suppress(RefusedError):
            self.goods.finish()

    @invariant()
    def an_end_is_final(self) -> None:
        if not hasattr(self, "goods") or self.goods.stage() is Stage.CONFIRMED:
            return
        for order in self.goods.orders:
            with suppress(ValueError):  # not shared out yet
                line = self.goods.line(order)
                if line.ended_at is not None:
                    assert self.ended.setdefault(line.line_id, line) == line

    @invariant()
    def the_database_agrees(self) -> None:
        assert check(self.store) == []

    def teardown(self) -> None:
        if not hasattr(self, "goods"):
            return
        with suppress(RefusedError):
            self.goods.receive(lambda _view: 0)
        with suppress(RefusedError):
            self.goods.share()
        self.goods.finish()
        for order in self.goods.orders:
            line = self.goods.line(order)
            assert line.handed_out is not None
            assert (line.due < line.ordered) == (line.reason is not None)
            assert (line.handed_out < line.due) == (line.end_reason is not None)
        assert check(self.store) == []


def test_every_line_ends_once(store: Store, clean_url: URL) -> None:
    def empty() -> None:
        store.engine.dispose()
        address: Any = clean_url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(EMPTY)

    Handing.store, Handing.empty = store, staticmethod(empty)
    run_state_machine_as_test(
        Handing,
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
