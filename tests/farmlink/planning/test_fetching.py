"""When trucks come to a farm's gate."""

from __future__ import annotations

from datetime import UTC

from farmlink.planning import queries
from farmlink.store.store import Store
from farmlink.supply import queries as supply
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.planning.builders import Season


def test_a_farm_is_told_when_the_first_truck_is_there_and_who_sends_nothing_is_not(store: Store) -> None:
    season = Season.closed(store, bags=(50,))
    plan_id = season.plan()
    lots = store.read(supply.lots_by_id, list(season.lots))
    sending = {lots[lot.lot_id].farm_id for lot in store.read(queries.allocated_lots, plan_id)}
    idle = season.market.country.farm("Idle").id

    fetched = store.read(queries.fetched_at, plan_id, [*(lot.farm_id for lot in lots.values()), idle])

    assert set(fetched) == sending
    assert {at.astimezone(UTC).date() for at in fetched.values()} == {COLLECT_ON}
