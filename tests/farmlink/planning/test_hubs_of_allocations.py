"""Which hubs goods pass, and a round that begins and ends in the same second."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np

from farmlink.planning import queries
from farmlink.planning.queries.snapshot import Snapshot
from farmlink.planning.work.made import made_plan
from farmlink.store.store import Store
from solver.pooling import greedy
from solver.problem import Hubs
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.planning.builders import Season, run_sql


def test_a_farm_next_door_to_its_hub_that_takes_no_time_at_the_gate_is_still_fetched(store: Store) -> None:
    season = Season.opened(store)
    still = "jsonb_build_object('farm_service_s', 0, 'farm_service_s_per_tonne', 0)"
    run_sql(store, f"UPDATE region SET rhythm = rhythm || {still}")
    run_sql(store, "UPDATE farm SET (latitude_e6, longitude_e6) = (SELECT latitude_e6, longitude_e6 FROM hub)")
    season.order(30)
    season.close()
    plan_id = season.plan()
    season.publish(plan_id)
    fetching, *_ = store.read(queries.routes, plan_id)
    assert (fetching.phase, fetching.depart_at) == ("collection", fetching.return_at)
    assert sum(season.taken().values()) == 30_000


def test_an_allocation_says_where_it_comes_in_and_where_it_goes_out(store: Store) -> None:
    season = Season.closed(store)
    sent = store.read(queries.all_allocations, season.plan())
    assert sent
    assert {(one.collecting_hub_id, one.delivering_hub_id) for one in sent} == {(season.market.hub.id,) * 2}


def test_goods_that_change_hubs_come_in_at_one_and_go_out_at_the_other(store: Store) -> None:
    season = Season.closed(store)
    problem = season.problem()
    solution = greedy(problem)
    two = replace(
        problem,
        hubs=Hubs(*(np.repeat(getattr(problem.hubs, name), 2) for name in problem.hubs.__slots__)),
    )
    near, far = UUID(int=1), UUID(int=2)
    two = replace(two, hubs=replace(two.hubs, id=np.array([str(near), str(far)])))
    crossed = replace(solution, point_hub=np.where(solution.point_hub == 0, 1, solution.point_hub))
    sendings = made_plan(Snapshot(two), crossed, COLLECT_ON, "America/Detroit").allocations
    assert {(one.collecting_hub_id, one.delivering_hub_id) for one in sendings} == {(near, far)}
