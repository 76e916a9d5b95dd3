"""The judge and the search state who may send what each in its own words; on generated problems they agree."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import eligibility, reserves
from solver.check.entitled import Entitled
from solver.problem import Problem, ints
from tests.solver.builder import changed, fitting, small_region
from tests.solver.regions import made_region

SEEDS = st.integers(0, 10**6)


def region(seed: int, share_ppm: int, floor_ppm: int, farms: int) -> Problem:
    made = made_region(seed)
    policy = replace(made.policy, share_cap_ppm=share_ppm, small_floor_ppm=floor_ppm, share_cap_farms=farms)
    return replace(made, policy=policy)


@settings(deadline=None, max_examples=80)
@given(SEEDS)
def test_they_agree_on_who_is_eligible_and_for_how_much(seed: int) -> None:
    problem, judge = made_region(seed), Entitled(made_region(seed))

    assert judge.most == eligibility.sendable(problem).tolist()
    assert judge.eligible == set(np.flatnonzero(eligibility.eligible(problem)).tolist())
    assert judge.worth_sending == eligibility.settled_most(problem).tolist()
    farms = eligibility.eligible_farms(problem)
    assert {product: judge.farms(product) for product in farms} == {p: set(f.tolist()) for p, f in farms.items()}


def test_goods_that_wait_in_the_shed_have_fewer_days_left() -> None:
    region = changed(small_region(), "lots", harvest_day=ints(0, 0, -3, 0, 0))
    region = changed(region, "products", shelf_days=ints(5, 5, 5, 5))
    # Handed out a day after the collection: of five days four are left, of the oldest lot one.
    assert eligibility.days_left(region, ints(0, 2)).tolist() == [4, 1]
    region = changed(region, "batches", fresh_days=ints(2, 2, 2, 2, 2, 2))
    takers = [fitting(region, batch).tolist() for batch in range(len(region.batches.id))]
    assert not any(2 in rows for rows in takers)
    assert any(0 in rows for rows in takers)


@settings(deadline=None, max_examples=80)
@given(SEEDS)
def test_they_agree_on_what_fits_a_batch(seed: int) -> None:
    problem, judge = made_region(seed), Entitled(made_region(seed))
    batches = problem.batches
    for batch in range(len(batches.id)):
        want = int(batches.grade[batch]), int(batches.fresh_days[batch])
        mine = judge.lots_of[int(batches.product[batch])]
        assert [lot for lot in mine if judge.fits(lot, want)] == fitting(problem, batch).tolist()


@settings(deadline=None, max_examples=150)
@given(SEEDS, st.integers(0, 1_000_000), st.integers(1, 3))
def test_they_agree_on_shares(seed: int, share_ppm: int, farms: int) -> None:
    problem = region(seed, share_ppm, 0, farms)
    judge, limits = Entitled(problem), reserves.share_limits(problem)

    for (product, farm), most in limits.items():
        assert judge.may_sell(product, farm, most)
        assert not judge.may_sell(product, farm, most + 1)
    for product, eligible in eligibility.eligible_farms(problem).items():
        for farm in eligible.tolist():
            assert (product, farm) in limits or judge.may_sell(product, farm, 10**12)


@settings(deadline=None, max_examples=150)
@given(SEEDS, st.integers(0, 1_000_000), st.integers(0, 3))
def test_they_agree_on_who_is_passed_over(seed: int, floor_ppm: int, farms: int) -> None:
    problem = region(seed, 1_000_000, floor_ppm, farms)
    part = np.random.default_rng(seed).random(len(problem.lots.id)).round(1)
    sent = (eligibility.settled_most(problem) * part).astype(np.int64)

    passed_over = sorted(Entitled(problem).passed_over(sent.tolist()))

    assert passed_over == reserves.floor_missed(problem, sent).tolist()
