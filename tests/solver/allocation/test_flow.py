"""Who sends what: the cheapest flow against every possible one, and the rules that it keeps."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.allocation.choose import allocator, within_throughput
from solver.allocation.flow import fixed_prices, send
from solver.allocation.limits import first_limits
from solver.allocation.match import Stream, matched
from solver.allocation.network import DEAREST, Arcs, unit_minor
from solver.allocation.ways import Ways, expected_loads, expected_ways, only
from solver.draft import Draft, drafted
from solver.instance import Instance, settled
from solver.problem import Pins, Policy, Problem, ints
from solver.reserves import share_limits
from tests.solver.builder import APPLES, HUB_A, HUB_B, changed, flags, small_region


def free_ways(instance: Instance) -> Ways:
    """Every way is open and costs nothing."""
    ways = expected_ways(instance, *expected_loads(instance))
    nothing = {name: np.zeros_like(getattr(ways, name)) for name in ("collect", "visit", "haul", "truck", "hub")}
    return replace(ways, **nothing, parcel=np.full_like(ways.parcel, np.inf))


def apples(problem: Problem) -> tuple[Instance, Any]:
    instance = Instance(problem)
    limits = first_limits(instance)
    wanted = np.where(problem.batches.product == APPLES, limits.wanted, 0)
    return instance, replace(limits, wanted=wanted)


def cheapest_by_hand(problem: Problem, sizes: list[int]) -> int:
    """Every split of the three apple lots over the three apple batches in steps of 10 kg."""
    step, lots, batches = 10_000, (0, 2, 4), (0, 1, 4)
    best = None
    cells = [
        (lot, batch) for lot in lots for batch in batches if problem.lots.grade[lot] >= problem.batches.grade[batch]
    ]
    for amounts in itertools.product(range(4), repeat=len(cells)):
        sent = {lot: step * sum(a for a, cell in zip(amounts, cells, strict=True) if cell[0] == lot) for lot in lots}
        got = {b: step * sum(a for a, cell in zip(amounts, cells, strict=True) if cell[1] == b) for b in batches}
        if any(sent[lot] > size for lot, size in zip(lots, sizes, strict=True)):
            continue
        if any(got[batch] > problem.batches.quantity[batch] for batch in batches):
            continue
        short = sum(int(problem.batches.quantity[b]) - got[b] for b in batches)
        paid = sum(sent[lot] * int(problem.lots.ask_minor_per_1000[lot]) for lot in lots)
        cost = paid + short * int(problem.products.shortfall_minor_per_1000[APPLES])
        best = cost if best is None else min(best, cost)
    assert best is not None
    return best // 1000


@given(st.lists(st.integers(0, 3), min_size=3, max_size=3), st.lists(st.integers(50, 400), min_size=3, max_size=3))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_the_flow_costs_what_the_best_of_all_splits_costs(tens: list[int], asks: list[int]) -> None:
    problem = small_region(policy=Policy())
    sizes = [10_000 * ten for ten in tens]
    offered = ints(sizes[0], 0, sizes[1], 0, sizes[2])
    ask = ints(asks[0], 170, asks[1], 25_000, asks[2])
    problem = changed(
        problem,
        "lots",
        offered=offered,
        maximum=offered,
        daily_capacity=offered,
        minimum=ints(0, 0, 0, 0, 0),
        ask_minor_per_1000=ask,
    )
    problem = changed(problem, "products", spoilage_ppm_per_day=ints(0, 0, 0, 0))
    problem = changed(problem, "batches", quantity=ints(30_000, 20_000, 40_000, 600, 10_000, 5000))
    instance, limits = apples(problem)
    sent = send(instance, fixed_prices(instance), free_ways(instance), limits, {})
    assert round(sent.expected) == cheapest_by_hand(problem, sizes)


def test_only_the_grade_and_the_freshness_asked_are_sent() -> None:
    problem = changed(small_region(), "lots", harvest_day=ints(-1, 0, -25, -1, -1))
    instance, limits = apples(problem)
    sent = send(instance, fixed_prices(instance), free_ways(instance), limits, {})
    assert set(zip(sent.lot.tolist(), sent.batch.tolist(), strict=True)) == {(0, 0), (0, 1), (0, 4)}


def test_a_promise_is_kept_whatever_it_costs() -> None:
    problem = small_region(pins=Pins(ints(2), ints(40_000), ints(150_000)))
    problem = changed(problem, "lots", ask_minor_per_1000=ints(1, 170, 9000, 25_000, 1))
    instance, limits = apples(problem)
    sent = send(instance, fixed_prices(instance), free_ways(instance), limits, {})
    assert np.bincount(sent.lot, sent.quantity)[2] == 40_000


def test_a_share_cap_holds_where_enough_farms_are_eligible() -> None:
    problem = small_region(policy=Policy(share_cap_ppm=400_000, share_cap_farms=2))
    instance, limits = apples(problem)
    caps = share_limits(instance.problem)
    # Two farms at 40 % would leave a fifth of 152 kg unserved: the cap is as much higher as that takes.
    assert caps[APPLES, 0] == caps[APPLES, 2] == 76_000
    sent = send(instance, fixed_prices(instance), free_ways(instance), limits, caps)
    assert np.bincount(sent.lot, sent.quantity)[0] <= 76_000


def test_no_share_cap_holds_where_too_few_farms_are_eligible() -> None:
    assert share_limits(small_region(policy=Policy(share_cap_ppm=400_000))) == {}


def test_fairness_spreads_a_product_over_farms_that_ask_about_the_same() -> None:
    problem = changed(small_region(), "lots", ask_minor_per_1000=ints(200, 170, 201, 25_000, 9000))
    alone = sold(problem)
    fair = sold(replace(problem, policy=replace(problem.policy, fairness_ppm=500_000)))
    assert (alone > 0).sum() == 1
    assert (fair > 0).sum() == 2


def sold(problem: Problem) -> Any:
    instance, limits = apples(problem)
    sent = send(instance, fixed_prices(instance), free_ways(instance), limits, {})
    return np.bincount(sent.lot, sent.quantity, 5)[[0, 2]]


def test_small_farms_get_the_part_that_is_reserved_for_them_where_enough_of_them_offer() -> None:
    problem = changed(small_region(), "farms", small=flags(False, True, True))
    problem = changed(problem, "lots", grade=ints(3, 2, 3, 2, 3), ask_minor_per_1000=ints(100, 170, 120, 25_000, 120))
    plain, reserved = Policy(share_cap_farms=2), Policy(share_cap_farms=2, small_floor_ppm=300_000)
    assert small_apples(replace(problem, policy=plain)) == 0
    assert small_apples(replace(problem, policy=reserved)) >= 45_000
    assert small_apples(replace(problem, policy=replace(reserved, share_cap_farms=3))) == 0


def small_apples(problem: Problem) -> int:
    instance, limits = apples(problem)
    hub = ints(HUB_A, HUB_A, HUB_A)
    draft = allocator(instance, 1).fill(free_ways(instance), limits, hub, hub, np.zeros(3, np.bool_))
    return int(draft.sent(5)[[2, 4]].sum())


def test_goods_cross_hubs_only_where_hubs_are_linked() -> None:
    instance, limits = apples(small_region())
    chosen = only(free_ways(instance), ints(HUB_A, HUB_A, HUB_A), ints(HUB_B, HUB_B, HUB_B), np.zeros(3, np.bool_))
    assert len(send(instance, fixed_prices(instance), chosen, limits, {}).lot)
    apart = replace(chosen, haul=np.where(np.eye(2, dtype=np.bool_), 0.0, np.inf))
    assert not len(send(instance, fixed_prices(instance), apart, limits, {}).lot)


def test_lots_send_whole_packs_from_their_least_visit_on_or_nothing() -> None:
    problem = changed(small_region(), "lots", minimum=ints(170_000, 10_000, 5000, 100, 5000))
    instance = Instance(problem)
    draft = allocator(instance, 3).draft(expected_ways(instance, *expected_loads(instance)), first_limits(instance))
    sent = draft.sent(5)
    assert (settled(instance, sent) == sent).all()
    assert sent[0] == 0


def test_a_farm_goes_to_the_hub_through_which_its_promise_can_be_kept() -> None:
    """More of farm 2's goods would go through hub B, but only hub A brings its promised eggs to point 0."""
    problem = small_region(pins=Pins(ints(1, 3), ints(40_000, 600), ints(40_000, 600)))
    offered = ints(0, 100_000, 150_000, 3000, 0)
    problem = changed(problem, "lots", offered=offered)
    problem = changed(problem, "batches", quantity=ints(1000, 60_000, 40_000, 600, 1000, 5000))
    instance = Instance(problem)
    ways = free_ways(instance)
    only_a, only_b = np.array([[True, False]]), np.array([[False, True]])
    ways = replace(
        ways,
        haul=np.where(np.eye(2, dtype=np.bool_), 0.0, np.inf),
        truck=np.where(np.concatenate([only_a, only_b, only_a]), 0.0, np.inf),
    )
    draft = allocator(instance, 1).draft(ways, first_limits(instance))
    assert draft.farm_hub.tolist() == [-1, HUB_B, HUB_A]
    assert draft.sent(5)[[1, 3]].tolist() == [40_000, 600]


def test_a_promise_that_no_way_is_left_for_is_not_kept_and_the_others_are() -> None:
    instance = Instance(small_region(pins=Pins(ints(1, 3), ints(40_000, 600), ints(40_000, 600))))
    ways = free_ways(instance)
    ways = replace(ways, truck=np.where(ints(1, 0, 1)[:, None] == 1, np.inf, ways.truck))
    draft = allocator(instance, 1).draft(ways, first_limits(instance))
    assert draft.sent(5)[[1, 3]].tolist() == [40_000, 0]


@pytest.mark.parametrize("most_g", [50_000, 100_000])
def test_a_hub_handles_no_more_than_it_can(most_g: int) -> None:
    problem = changed(small_region(), "hubs", throughput_g=ints(most_g, most_g))
    instance = Instance(problem)
    whole = Draft(
        ints(0, 0, 1), ints(0, 1, 0), np.array([False, False, True]), ints(0, 1), ints(0, 2), ints(80_000, 40_000)
    )
    draft = within_throughput(instance, drafted(whole, whole.lot, whole.batch, whole.quantity, instance))
    assert draft.quantity.sum() <= most_g
    assert (settled(instance, draft.sent(5)) == draft.sent(5)).all()


def test_matching_splits_no_lot_that_fits_one_batch() -> None:
    pool, shelf, lot, batch, quantity = matched(
        Stream(ints(0, 0), ints(0, 1), ints(30, 70)),
        Stream(ints(0), ints(0), ints(100)),
        Stream(ints(0, 0), ints(0, 1), ints(70, 30)),
    )
    assert sorted(zip(lot.tolist(), batch.tolist(), quantity.tolist(), strict=True)) == [(0, 1, 30), (1, 0, 70)]
    assert not pool.any()
    assert not shelf.any()


@pytest.mark.parametrize("times", [1, 1_000])
def test_goods_are_sent_however_dear_they_are(times: int) -> None:
    region = small_region()
    region = changed(
        region,
        "products",
        shortfall_minor_per_1000=np.minimum(times * region.products.shortfall_minor_per_1000, 10**9),
    )
    region = changed(region, "lots", ask_minor_per_1000=np.minimum(times * region.lots.ask_minor_per_1000, 10**9))
    usual, sent = (
        send(one, fixed_prices(one), free_ways(one), first_limits(one), {})
        for one in map(Instance, (small_region(), region))
    )
    assert sent.quantity.sum() == usual.quantity.sum()


def test_dear_goods_are_counted_in_more_than_a_minor_unit() -> None:
    units = unit_minor(ints(0, 900, DEAREST, DEAREST + 1, 2 * DEAREST, 10**9))
    assert units.tolist() == [1, 1, 1, 2, 2, 128]


def test_a_network_that_does_not_balance_is_a_defect_and_says_so() -> None:
    arcs = Arcs()
    nodes = arcs.add_nodes(2)
    arcs.add(nodes[:1], nodes[1:], ints(5), np.zeros(1))
    with pytest.raises(ArithmeticError, match="UNBALANCED"):
        arcs.flow(0, 5, nodes[1:], ints(4))


@pytest.mark.parametrize("times", [1, 100])
def test_a_hub_that_is_full_is_left_for_another_whatever_goods_cost(times: int) -> None:
    region = changed(
        small_region(), "products", shortfall_minor_per_1000=times * small_region().products.shortfall_minor_per_1000
    )
    region = changed(region, "lots", ask_minor_per_1000=times * region.lots.ask_minor_per_1000)
    region = changed(region, "hubs", throughput_g=ints(1, 1), fixed_minor=ints(0, 0), handling_minor_per_kg=ints(0, 0))
    instance = Instance(region)
    limits, planner = first_limits(instance), allocator(instance, 1)
    overfull = planner._settled_on(free_ways(instance), limits)
    nobody = planner._settled_on(free_ways(instance), replace(limits, most=np.zeros_like(limits.most)))
    assert overfull.intake_kg.sum() > 1
    assert overfull.minor > nobody.minor
