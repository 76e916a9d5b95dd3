"""What the rooms accept can be planned: rows at their limits, and what is too much of it all is left out and told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from farmlink.catalogue import commands as catalogue
from farmlink.kernel import bounds
from farmlink.kernel.errors import InvalidError
from farmlink.planning import queries
from farmlink.planning.values import ShortfallView, Subject
from farmlink.planning.work.explained import explanations
from farmlink.policy import commands as policy
from farmlink.policy.values import Fairness, PolicyDocument
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply import queries as lots
from farmlink.supply.values import LotDraft, LotId
from solver.check import RANGES, check_problem
from solver.check import terms as solvers
from solver.check.given import MOST_QUANTITY
from tests.farmlink.cycles.builders import COLLECT_ON, HOMES
from tests.farmlink.planning.builders import Season, force_sql, run_sql
from tests.farmlink.planning.extremes import extreme_season
from tests.farmlink.planning.turkeys import TURKEYS, turkeys


def rogue(season: Season, **said: object) -> LotId:
    """Apples of another farm, with something that the farm says of its own."""
    draft = LotDraft(
        farm_id=season.market.country.farm("Rogue").id,
        product_id=season.market.apples.id,
        grade=4,
        quantity=60_000,
        ask_minor_per_1000=200,
        harvest_on=COLLECT_ON - timedelta(days=1),
    )
    return season.store.run(supply.offer_lot, replace(draft, **said)).id  # type: ignore[arg-type]  # a lot's own fields


def shortfalls(season: Season) -> list[ShortfallView]:
    plan_id = season.store.read(queries.published_plan, season.cycle_id)
    assert plan_id is not None
    return season.store.read(queries.shortfalls, plan_id)


def test_no_room_accepts_more_than_the_solver_takes() -> None:
    limits = {
        "offered": bounds.MOST_QUANTITY,
        "minimum": bounds.MOST_QUANTITY,
        "pack": bounds.MOST_QUANTITY,
        "ask_minor_per_1000": bounds.MOST_PRICE_MINOR,
        "price_minor_per_1000": bounds.MOST_PRICE_MINOR,
        "shortfall_minor_per_1000": bounds.MOST_PRICE_MINOR,
        "volume_ml_per_1000": bounds.MOST_VOLUME_ML_PER_1000,
        "shelf_days": bounds.MOST_DAYS,
        "fresh_days": bounds.MOST_DAYS,
        "fixed_minor": bounds.MOST_MINOR,
        "minor_per_hour": bounds.MOST_MINOR,
        "minor_per_km": bounds.MOST_MINOR_PER_KM,
        "handling_minor_per_kg": bounds.MOST_MINOR_PER_KG,
        "crates": bounds.MOST_CRATES,
        "weight_g": bounds.MOST,
        "volume_ml": bounds.MOST,
        "throughput_g": bounds.MOST,
    }
    most = {name: RANGES.get(name, (0, MOST_QUANTITY))[1] for name in limits}
    assert {name: limit for name, limit in limits.items() if limit > most[name]} == {}
    assert bounds.LATEST_HAND_OUT_DAYS <= solvers.MOST_HAND_OUT_DAY
    assert bounds.MOST_CIRCUITY_PPM <= solvers.MOST_CIRCUITY_PPM
    assert bounds.MOST_MINOR_PER_KG <= solvers.MOST_MINOR_PER_KG
    assert max(bounds.MOST_M, bounds.MOST_PARCEL_G) <= solvers.MOST_M
    assert bounds.MOST_MINOR <= solvers.MOST_MINOR


@pytest.mark.parametrize("seed", range(6))
def test_a_region_whose_every_row_is_at_a_limit_is_planned(store: Store, seed: int) -> None:
    season = extreme_season(store, seed)
    taken = season.snapshot()
    check_problem(taken.problem)
    assert {one.code for one in taken.left_out} <= {"too-heavy", "too-bulky", "too-costly"}
    season.publish(season.plan())
    short = sum(one.quantity for one in shortfalls(season))
    assert short + sum(season.taken().values()) == 151


@pytest.mark.parametrize("price_minor_per_1000", [6_000_000, 60_000_000, bounds.MOST_PRICE_MINOR])
def test_goods_that_are_dear_and_bulky_by_the_piece_are_served(store: Store, price_minor_per_1000: int) -> None:
    season = turkeys(store, price_minor_per_1000)
    season.publish(season.plan())
    assert sum(season.taken().values()) == 3


def test_a_product_that_nobody_ordered_is_no_part_of_the_problem(store: Store) -> None:
    season = Season.closed(store)
    rogue(season, product_id=store.run(catalogue.create_product, TURKEYS).id)
    problem = season.problem()
    assert list(problem.products.id) == [str(season.market.apples.id)]
    assert len(problem.lots.id) == len(problem.farms.id) == 2


def test_what_a_farm_offers_that_nobody_ordered_counts_for_how_small_it_is(store: Store) -> None:
    season = Season.closed(store)
    farm_id = store.read(lots.lot, season.lots[0]).farm_id
    turkey = store.run(catalogue.create_product, TURKEYS)
    rogue(season, product_id=turkey.id, quantity=1_000, farm_id=farm_id)
    problem = season.problem()
    by_lot = dict(zip(problem.lots.id, problem.farms.small[problem.lots.farm], strict=True))
    assert [bool(by_lot[str(lot_id)]) for lot_id in season.lots] == [False, True]


@pytest.mark.parametrize(("field", "number"), [("quantity", 10**11), ("ask_minor_per_1000", 2 * 10**9)])
def test_no_farm_offers_what_could_not_be_planned(store: Store, field: str, number: int) -> None:
    season = Season.closed(store)
    with pytest.raises(InvalidError):
        rogue(season, **{field: number})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("quantity = 100000000000, forecast_high = 100000000000, daily_capacity = 100000000000", "too-large"),
        ("ask_minor_per_1000 = 2000000000", "too-large"),
        ("quantity = 10000000000, forecast_high = 10000000000, ask_minor_per_1000 = 100000", "too-costly"),
    ],
)
def test_a_lot_that_cannot_be_planned_is_left_out_and_the_planner_is_told(store: Store, change: str, why: str) -> None:
    season = Season.closed(store)
    absurd = rogue(season)
    run_sql(store, f"UPDATE lot SET {change} WHERE id = :id", id=absurd)
    plan_id = season.plan()
    season.publish(plan_id)
    assert sum(season.taken().values()) == 50_000
    (told,) = explanations(store, plan_id, Subject.LOT, absurd)
    assert told.code == why


def test_a_batch_that_cannot_be_planned_is_short_as_a_whole_and_the_others_are_served(store: Store) -> None:
    season = Season.opened(store, homes=HOMES)
    season.order(30)
    home = season.order_home(20).place_id
    season.close()
    force_sql(store, "UPDATE batch SET quantity = 100000000000 WHERE place_id = :home", home=home)
    season.publish(season.plan())
    assert sum(season.taken().values()) == 30_000
    assert [(short.quantity, short.reason) for short in shortfalls(season)] == [(10**11, "too-large")]


def test_a_cycle_of_which_nothing_can_be_planned_still_has_a_plan(store: Store) -> None:
    season = Season.closed(store)
    force_sql(store, "UPDATE batch SET quantity = 100000000000")
    season.publish(season.plan())
    assert season.taken() == {}
    assert [short.reason for short in shortfalls(season)] == ["too-large"]


BEYOND = 10**15
OLD_ROWS = (
    "UPDATE order_cycle SET hand_out_on = collect_on + 40",
    f"UPDATE hub SET fixed_minor = {BEYOND}, handling_minor_per_kg = {BEYOND}, throughput_g = {BEYOND}",
    f"""UPDATE vehicle SET weight_g = {BEYOND}, volume_ml = {BEYOND}, crates = {BEYOND}, fixed_minor = {BEYOND},
    minor_per_km = {BEYOND}, minor_per_hour = {BEYOND}""",
    f"UPDATE product SET volume_ml_per_1000 = {10**10}",
    f"""UPDATE region SET rhythm = rhythm || '{{"haul_until_s": {BEYOND}, "sort_s": {BEYOND}, "hand_out_day": 40,
    "crate_g": {BEYOND}, "farm_service_s": {BEYOND}, "point_service_s_per_tonne": {BEYOND}}}'""",
    f"""UPDATE region SET roads = roads || '{{"circuity_ppm": {BEYOND}, "band_limit_m": [{BEYOND}, {BEYOND + 1}],
    "speed_m_per_h": [1, 2, {BEYOND}]}}'""",
    f"""UPDATE region SET parcels = parcels || '{{"zone_limit_m": [5, {BEYOND}],
    "weight_limit_g": [{BEYOND}, {2 * BEYOND}],
    "price_minor": [[1, {BEYOND}], [2, {BEYOND}]], "cold_pack_minor": {BEYOND}, "cold_pack_g": {BEYOND}}}'""",
    f"""UPDATE policy_version SET document = jsonb_set(document, '{{charges}}', document -> 'charges' ||
    '{{"packaging_minor_per_kg": {BEYOND}, "commission_ppm": {BEYOND}, "remote_from_km": {BEYOND}}}')""",
    f"""UPDATE policy_version SET document = jsonb_set(document, '{{fairness}}', document -> 'fairness' ||
    '{{"segments": {BEYOND}, "weight_ppm": {BEYOND}, "cap_needs_farms": {BEYOND}}}')""",
)
"""What earlier versions took, and the database still holds."""


@pytest.mark.parametrize("statements", [*((one,) for one in OLD_ROWS), OLD_ROWS])
def test_rows_of_earlier_versions_beyond_the_solvers_limits_are_planned(
    store: Store, statements: tuple[str, ...]
) -> None:
    store.run(policy.publish_version, PolicyDocument(fairness=Fairness(segments=5)), "old", 1)
    season = Season.closed(store)
    for statement in statements:
        force_sql(store, statement)
    check_problem(season.problem())
    season.publish(season.plan())
    assert sum(short.quantity for short in shortfalls(season)) + sum(season.taken().values()) == 50_000
