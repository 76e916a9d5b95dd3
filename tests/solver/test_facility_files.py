import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.allocation.facility import solve
from solver.allocation.facility.lagrange import Relaxation, subgradient
from solver.allocation.facility.mip import branch_and_bound
from solver.allocation.facility.neighbours import descend
from solver.allocation.facility.solve import solve_facilities
from solver.allocation.facility.transport import Transport
from solver.allocation.facility.verify import Flow, verify_flows
from solver.allocation.facility.work import Bounded, Budget, Improved, filled, improve, price, prove
from solver.errors import SolutionRejectedError
from solver.instances.orlib import FacilityProblem, read_facilities

INSTANCES = Path(__file__).parent / "instances"
CAP64 = 1045650.25
LONG_S = 120.0


def problem(capacity: list[int], opening: list[float], demand: list[int], cost: list[list[float]]) -> FacilityProblem:
    return FacilityProblem("made", np.array(capacity), np.array(opening), np.array(demand), np.array(cost))


def small() -> FacilityProblem:
    """The second facility is cheapest for everybody but holds only half of the demand."""
    return problem([20, 10, 20], [30.0, 1.0, 40.0], [10, 0, 10], [[10, 5, 10], [1, 5, 1], [2, 5, 2]])


def random_problem(seed: int, facilities: int = 8, customers: int = 14) -> FacilityProblem:
    random = np.random.default_rng(seed)
    demand = random.integers(1, 30, customers)
    capacity = random.integers(int(demand.sum() // 3), int(demand.sum()), facilities)
    cost = np.round(random.uniform(1, 100, (facilities, customers)) * demand, 2)
    return FacilityProblem("made", capacity, np.round(random.uniform(100, 900, facilities), 2), demand, cost)


def public() -> FacilityProblem:
    return read_facilities(INSTANCES / "cap64.txt", None)


class TestTheChecker:
    def test_a_share_costs_its_share(self) -> None:
        verdict = verify_flows(small(), [Flow(1, 0, 5), Flow(0, 0, 5), Flow(1, 2, 5), Flow(0, 2, 5)])
        assert verdict.violations == ()
        assert verdict.opened == (0, 1)
        assert verdict.cost == pytest.approx(31 + 0.5 + 5 + 0.5 + 5)

    def test_everybody_gets_exactly_their_demand(self) -> None:
        assert verify_flows(small(), [Flow(0, 0, 10), Flow(0, 2, 9)]).violations == ("customer 3: receives 9 of 10",)
        free = verify_flows(small(), [Flow(0, 0, 10), Flow(0, 2, 10), Flow(0, 1, 3)])
        assert free.violations == ("facility 1: sends 23 of 20", "customer 2: receives 3 of 0")

    def test_strangers_and_empty_flows_are_refused(self) -> None:
        flows = [Flow(0, 0, 10), Flow(0, 2, 10)]
        for wrong in (Flow(3, 0, 1), Flow(0, 3, 1), Flow(-1, 0, 1), Flow(0, 0, 0)):
            assert len(verify_flows(small(), [*flows, wrong]).violations) == 1


class TestTransport:
    def test_the_dearer_facility_sends_only_what_the_cheaper_cannot(self) -> None:
        transport = Transport(small())
        assert transport.cost(frozenset({0, 1})) == pytest.approx(30 + 1 + 1 + 10)
        assert verify_flows(small(), transport.flows(frozenset({0, 1}))).cost == transport.cost(frozenset({0, 1}))

    def test_a_facility_that_sends_nothing_is_not_charged(self) -> None:
        transport = Transport(small())
        assert transport.cost(frozenset({0, 1, 2})) == pytest.approx(41 + 1 + 2)

    def test_the_demand_must_fit(self) -> None:
        transport = Transport(small())
        assert not transport.enough({1})
        assert transport.enough({0})
        assert filled(transport, frozenset({1})) == {0, 1}
        assert filled(transport, frozenset()) == {0, 1}


class TestBounds:
    @settings(max_examples=15, deadline=None)
    @given(seed=st.integers(0, 10_000), equal=st.booleans())
    def test_no_prices_promise_more_than_the_optimum(self, seed: int, equal: bool) -> None:  # noqa: FBT001  # drawn
        made = random_problem(seed)
        if equal:
            made.capacity[:] = made.capacity.max()
        transport = Transport(made)
        proven = branch_and_bound(transport, LONG_S)
        assert proven.opened is not None
        best = transport.cost(proven.opened)
        bounds = [relaxed.bound for relaxed in subgradient(Relaxation(transport), lambda: best)]
        assert max(bounds) <= best * (1 + 1e-9)
        assert max(bounds) >= 0.75 * best
        assert proven.bound == pytest.approx(best, rel=1e-6)

    def test_a_public_problem_is_bounded_closely(self) -> None:
        transport = Transport(public())
        bounds = [relaxed.bound for relaxed in subgradient(Relaxation(transport), lambda: CAP64)]
        assert 0.985 * CAP64 <= max(bounds) <= CAP64

    def test_prices_that_serve_everybody_exactly_end_the_climb(self) -> None:
        transport = Transport(problem([10], [5.0], [10], [[7.0]]))
        found = list(subgradient(Relaxation(transport), lambda: 12.0))
        assert max(relaxed.bound for relaxed in found) == pytest.approx(12, rel=1e-6)

    def test_branch_and_bound_without_time_has_no_plan(self) -> None:
        assert branch_and_bound(Transport(public()), 0.0).opened is None


class TestLocalSearch:
    def test_it_escapes_the_wrong_facility(self) -> None:
        transport = Transport(problem([10, 10, 0], [9.0, 1.0, 0.0], [10], [[5.0], [1.0], [0.0]]))
        tried = descend(transport, frozenset({0}), 0)
        assert [transport.cost(next(tried)) for _ in range(20)][-1] == pytest.approx(2)

    def test_the_best_is_never_lost(self) -> None:
        transport = Transport(random_problem(5))
        tried = descend(transport, filled(transport, frozenset()), 1)
        costs = [transport.cost(next(tried)) for _ in range(300)]
        assert costs == sorted(costs, reverse=True)
        proven = branch_and_bound(transport, LONG_S).opened
        assert proven is not None
        assert costs[-1] == pytest.approx(transport.cost(proven))


class TestWork:
    def test_a_small_problem_is_proven(self) -> None:
        sent: list[Any] = []
        prove(sent.append, public(), Budget(time.monotonic() + LONG_S))
        improved, bounded = sent
        assert verify_flows(public(), improved.flows).cost == CAP64
        assert bounded.bound == pytest.approx(CAP64)

    def test_without_time_there_is_only_a_bound(self) -> None:
        sent: list[Any] = []
        made = random_problem(1, 60, 160)
        prove(sent.append, made, Budget(time.monotonic() - 1))
        assert [type(message) for message in sent] == [Bounded]

    def test_prices_and_local_search_agree_on_the_public_problem(self) -> None:
        sent: list[Any] = []
        price(sent.append, public(), Budget(time.monotonic() + LONG_S, 1500), 0)
        plans = [message for message in sent if isinstance(message, Improved)]
        assert verify_flows(public(), plans[-1].flows).cost == CAP64

    def test_prices_end_with_their_budget(self) -> None:
        sent: list[Any] = []
        price(sent.append, public(), Budget(time.monotonic() + LONG_S, 1), 0)
        assert [type(message) for message in sent] == [Improved, Bounded]

    def test_local_search_alone_improves_the_first_plan(self) -> None:
        sent: list[Any] = []
        improve(sent.append, public(), Budget(time.monotonic() + LONG_S, 400), 0)
        costs = [verify_flows(public(), message.flows).cost for message in sent]
        assert costs == sorted(costs, reverse=True)
        assert costs[-1] <= 1.01 * CAP64


class TestBothCores:
    def test_the_public_optimum_is_proven(self) -> None:
        plan = solve_facilities(public(), LONG_S)
        assert plan.cost == CAP64
        assert plan.bound == pytest.approx(CAP64)
        assert plan.bound <= plan.cost
        assert [facility + 1 for facility in plan.opened] == [3, 6, 11, 12, 13]

    def test_a_large_problem_gets_a_plan_and_a_bound(self) -> None:
        made = random_problem(2, 60, 200)
        plan = solve_facilities(made, LONG_S, sets=60)
        assert verify_flows(made, plan.flows).cost == plan.cost
        assert 0.5 * plan.cost <= plan.bound <= plan.cost

    def test_nobody_to_serve_opens_nothing(self) -> None:
        plan = solve_facilities(problem([5], [3.0], [0], [[2.0]]), LONG_S)
        assert (plan.cost, plan.bound, plan.opened, plan.flows) == (0, 0, (), ())

    def test_whoever_stops_at_once_has_the_first_plan_and_no_bound(self) -> None:
        plan = solve_facilities(public(), LONG_S, stop=lambda: True)
        assert plan.cost > CAP64
        assert plan.bound == 0

    def test_a_search_that_lies_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Transport, "flows", lambda *_: (Flow(0, 0, 1),))
        monkeypatch.setattr(solve, "race", lambda *_, **__: None)
        with pytest.raises(SolutionRejectedError, match="customer 1: receives 1 of 10"):
            solve_facilities(small(), LONG_S)

    def test_a_dearer_plan_or_a_wrong_one_does_not_replace_a_good_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        good = Transport(small()).flows(frozenset({0, 1}))
        dear = Transport(small()).flows(frozenset({2}))

        def report(_: object, receive: Any, **__: object) -> None:
            for message in (
                Improved(good),
                Improved(dear),
                Improved((Flow(0, 0, 1),)),
                "noise",
                Bounded(2.0),
                Bounded(1.0),
            ):
                assert not receive(message)

        monkeypatch.setattr(solve, "prove", lambda *_: None)
        monkeypatch.setattr(solve, "race", report)
        plan = solve_facilities(small(), LONG_S)
        assert (plan.flows, plan.bound, plan.opened) == (good, 2.0, (0, 1))
