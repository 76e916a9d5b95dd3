"""Plans that were made before rows told of hubs count, and tell of them, as soon as the database is migrated."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from farmlink.planning import commands
from farmlink.planning.values import Assumptions
from farmlink.store.check import check
from farmlink.store.engine import open_engine
from farmlink.store.migrations import migrate
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from tests.farmlink.planning.builders import Season, force_sql, run_sql

BEFORE = "0016_plans_beside_each_other"
BEFORE_HUBS_OF_ALLOCATIONS = "0021_what_will_be_short"
BEFORE_HOLDS = "0033_holds_lapse"


def brought(tx: Transaction) -> list[tuple[UUID, UUID, int]]:
    return [tuple(row) for row in tx.execute("SELECT plan_id, hub_id, intake_g FROM plan_hub ORDER BY 1, 2")]


def forget(tx: Transaction) -> None:
    tx.execute("SET LOCAL session_replication_role = replica")
    tx.execute("DELETE FROM plan_hub")


@pytest.mark.parametrize("over", [False, True])
def test_a_plan_that_holds_is_counted_at_its_hubs_while_its_cycle_lives(bare_url: URL, *, over: bool) -> None:
    with open_engine(bare_url) as engine:
        migrate(engine)
        store = Store(engine, "test")
        Season.closed(store).confirmed()
        if over:
            run_sql(store, "UPDATE order_cycle SET stage = 'moving'")
            run_sql(store, "UPDATE order_cycle SET stage = 'done'")
        known = store.read(brought)
        store.run(forget)
        migrate(engine, BEFORE)
        migrate(engine)
        assert [intake_g for _, _, intake_g in known] == [50_000]
        assert store.read(brought) == ([] if over else known)
        assert over or check(store) == []


def passed(tx: Transaction) -> list[tuple[UUID, UUID, UUID]]:
    rows = tx.execute("SELECT id, collecting_hub_id, delivering_hub_id FROM allocation ORDER BY id")
    return [tuple(row) for row in rows]


def test_what_earlier_plans_send_names_its_hubs_and_they_left_nothing_out(bare_url: URL) -> None:
    with open_engine(bare_url) as engine:
        migrate(engine)
        store = Store(engine, "test")
        season = Season.closed(store)
        season.plan()
        season.planned()
        known = store.read(passed)
        migrate(engine, BEFORE_HUBS_OF_ALLOCATIONS)
        migrate(engine)
        assert len(known) == 4
        assert {hub for _, *hubs in known for hub in hubs} == {season.market.hub.id}
        assert store.read(passed) == known
        assert store.read(lambda tx: tx.execute("SELECT left_out FROM plan").scalars().all()) == [[], []]
        assert check(store) == []


@pytest.mark.parametrize("made", ["hand", "pin", "question"])
def test_what_planners_did_to_a_living_cycle_is_not_lost_by_going_back(bare_url: URL, made: str) -> None:
    with open_engine(bare_url) as engine:
        migrate(engine)
        store = Store(engine, "test")
        season = Season.closed(store).planned()
        if made == "hand":
            season.kept()
        elif made == "pin":
            farm_id = store.read(supply.lot, season.lots[0]).farm_id
            store.run(commands.hold_farm, season.plan(), farm_id)
        else:
            store.run(commands.suppose, season.cycle_id, Assumptions(km_percent=120))
        with pytest.raises(DBAPIError, match=str(season.cycle_id)):
            migrate(engine, BEFORE_HOLDS)
        force_sql(store, "UPDATE order_cycle SET stage = 'cancelled'")
        migrate(engine, BEFORE_HOLDS)
