"""A whole cycle with the scheduler as people run it: from a draft to done, and what happens by itself does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from farmlink.confirmations.values import RequestState
from farmlink.cycles.values import Stage
from farmlink.network import commands as network
from farmlink.planning import queries as plans
from farmlink.store import bell
from farmlink.store.check import check
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import open_engine
from farmlink.store.store import Store
from tests.farmlink.cli.conftest import MIGRATED
from tests.farmlink.cycles.builders import Market
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import YES

PATIENCE_S = 120
MOST_S = 10
WAITING = "SELECT count(*) FROM outbox_event WHERE delivered_at IS NULL"


def drafted(store: Store) -> Goods:
    """Two farms with enough for a truck to be worth its way, and a cycle that opens in a moment."""
    market = Market.founded(store, apples_g=0)
    store.run(network.add_vehicle, market.country.vehicle_draft(market.hub))
    for quantity in (300_000, 600_000):
        market.lot(quantity)
    now = datetime.now(UTC)
    draft = market.draft(opens=now + timedelta(seconds=1), closes=now + timedelta(hours=1))
    market.list_apples(draft.id)
    return Goods(market, draft.id)


def answer_or_fall_silent(goods: Goods) -> bool:
    """Farms say yes, but the first that was asked is silent until its time is over; whether all is promised."""
    silent = None if goods.asked(RequestState.LAPSED) else min(asked.lot_id for asked in goods.asked(None))
    for asked in goods.asked():
        if asked.lot_id != silent:
            goods.answer(asked.id, YES)
    goods.due_now()
    return goods.stage() is Stage.CONFIRMED


@pytest.mark.journey
def test_a_cycle_runs_from_its_draft_to_its_end_beside_the_scheduler(
    url: URL, embedded_server: EmbeddedServer, tmp_path: Path
) -> None:
    environment = os.environ | {
        "FARMLINK_DATABASE_URL": url.render_as_string(hide_password=False),
        "FARMLINK_DATA": str(tmp_path),
    }
    command = [sys.executable, "-m", "farmlink.cli", "scheduler"]
    with (
        open_engine(url) as engine,
        psycopg.connect(embedded_server.cluster.conninfo(MIGRATED), autocommit=True) as listener,
        subprocess.Popen(command, env=environment) as scheduler,
    ):
        listener.execute(f"LISTEN {bell.NAME}")

        def wait_until(happened: Callable[[], bool]) -> None:
            """Look at every announcement, and twice a second."""
            deadline = time.monotonic() + PATIENCE_S
            while not happened():
                assert time.monotonic() < deadline
                assert scheduler.poll() is None
                list(listener.notifies(timeout=0.5, stop_after=1))

        store = Store(engine, "test")
        goods = drafted(store)
        wait_until(lambda: goods.stage() is Stage.OPEN)
        order = goods.order(400)
        goods.market.close_in(goods.cycle_id, 300)
        wait_until(lambda: bool(goods.asked()))
        wait_until(lambda: answer_or_fall_silent(goods))
        assert len(store.read(plans.plans, goods.cycle_id)) > 1
        goods.receive()
        goods.share()
        goods.hand_out(order)
        goods.finish()
        wait_until(lambda: store.read(lambda tx: tx.execute(WAITING).scalar_one()) == 0)
        assert goods.stage() is Stage.DONE
        assert check(store) == []
        scheduler.send_signal(signal.SIGTERM)
        assert scheduler.wait(MOST_S) == 0
