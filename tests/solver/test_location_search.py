"""Depots and routes decided together: a process's search, the rounds of two, and what comes out."""

import time
from dataclasses import replace
from typing import Any

import pytest

from solver.errors import NoSolutionError, SolutionRejectedError
from solver.instances.location import LocationProblem, read_location
from solver.location import solve, work
from solver.location.estimate import promising
from solver.location.measure import measured
from solver.location.solve import solve_location
from solver.location.trials import Trial
from solver.location.verify import Tour, verify_location
from solver.location.work import Bounded, Improved, Launch, Learnt, explore
from tests.solver.location.made import INSTANCES, cheapest, random_problem, small

GOOD = (Tour(0, (0, 1)), Tour(1, (2, 3)))
LONG_S = 120.0


def launch(problem: LocationProblem, slices: int, worker: int = 0) -> Launch:
    scaled = measured(problem)
    return Launch(
        worker=worker,
        seed=1,
        problem=scaled,
        estimates=tuple(promising(scaled)),
        trials=(),
        paths=(),
        deadline_s=time.monotonic() + LONG_S,
        slices=slices,
    )


def sent_by(launched: Launch) -> list[Any]:
    sent: list[Any] = []
    explore(sent.append, launched)
    return sent


class TestOneProcess:
    @pytest.mark.parametrize("seed", range(12))
    def test_tiny_problems_are_solved_to_the_cheapest_plan_of_all(self, seed: int) -> None:
        problem = random_problem(seed)
        *improved, learnt = sent_by(launch(problem, 6))
        costs = [verify_location(problem, message.tours).cost for message in improved]
        assert costs == sorted(costs, reverse=True)
        assert costs[-1] == pytest.approx(cheapest(problem), abs=0.01)
        assert isinstance(learnt, Learnt)
        assert {trial.opened for trial in learnt.trials} <= {e.opened for e in promising(measured(problem))}

    def test_prodhons_problem_is_solved_to_the_best_known_value(self) -> None:
        problem = read_location(INSTANCES / "prodhon-coord20-5-1.dat")
        *improved, _ = sent_by(launch(problem, 6))
        assert verify_location(problem, improved[-1].tours).cost == 54793

    def test_barretos_problem_is_solved_to_the_best_known_value(self) -> None:
        problem = read_location(INSTANCES / "barreto-coordGaspelle.dat")
        *improved, _ = sent_by(launch(problem, 3))
        assert verify_location(problem, improved[-1].tours).cost == pytest.approx(424.9, abs=0.05)

    def test_the_same_seed_tells_the_same(self) -> None:
        problem = read_location(INSTANCES / "prodhon-coord20-5-1.dat")
        assert sent_by(launch(problem, 4)) == sent_by(launch(problem, 4))

    def test_the_bound_is_told_first_where_it_is_asked_for(self) -> None:
        bounded, *_ = sent_by(replace(launch(small(), 1), bound_s=1.0))
        assert isinstance(bounded, Bounded)
        assert 0 < bounded.bound <= cheapest(small())
        timed, *_ = sent_by(replace(launch(small(), 0), bound_s=1e-9, slices=None, deadline_s=time.monotonic()))
        assert 0 < timed.bound <= cheapest(small())

    def test_routes_of_others_are_chosen_from_at_once(self) -> None:
        dear = Trial((0, 1), (Tour(0, (0,)), Tour(0, (1,)), Tour(1, (2,)), Tour(1, (3,))), 80_000, 1)
        begun = replace(launch(small(), 0), trials=(dear,), paths=((0, 1), (2, 3)))
        improved, learnt = sent_by(begun)
        assert {frozenset(tour.clients) for tour in improved.tours} == {frozenset({0, 1}), frozenset({2, 3})}
        assert len(learnt.paths) == 2

    def test_without_time_nothing_is_found(self) -> None:
        sent = sent_by(replace(launch(small(), 0), slices=None, deadline_s=time.monotonic() - 1))
        assert sent == [Learnt(0, (), ())]

    def test_clients_that_fit_nowhere_leave_a_trial_without_routes(self) -> None:
        clients = tuple(replace(client, demand=6) for client in small().clients[:3])
        (learnt,) = sent_by(launch(replace(small(), clients=clients), 2))
        assert [(trial.tours, trial.effort) for trial in learnt.trials] == [(None, 2)]


class TestBothCores:
    def test_the_public_optimum_is_found_with_a_bound_below(self) -> None:
        problem = read_location(INSTANCES / "prodhon-coord20-5-1.dat")
        plan = solve_location(problem, LONG_S, slices=2)
        assert plan.cost == 54793 == verify_location(problem, plan.routes).cost
        assert 0.9 * plan.cost <= plan.bound <= plan.cost
        assert plan.opened == (1, 2, 4)
        assert plan == solve_location(problem, LONG_S, slices=2)

    def test_no_clients_need_no_depots(self) -> None:
        plan = solve_location(replace(small(), clients=()), LONG_S)
        assert (plan.cost, plan.bound, plan.opened, plan.routes) == (0, 0, (), ())

    def test_clients_without_demand_are_visited_too(self) -> None:
        problem = replace(small(), clients=tuple(replace(client, demand=0) for client in small().clients))
        plan = solve_location(problem, 5.0, slices=1)
        assert verify_location(problem, plan.routes).violations == ()

    def test_whoever_stops_at_once_has_the_first_plan(self) -> None:
        plan = solve_location(small(), LONG_S, stop=lambda: True)
        assert verify_location(small(), plan.routes).cost == plan.cost
        assert plan.bound == 0

    def test_a_problem_that_no_plan_solves_is_told(self) -> None:
        clients = tuple(replace(client, demand=6) for client in small().clients[:3])
        with pytest.raises(NoSolutionError):
            solve_location(replace(small(), clients=clients), 5.0, slices=1)

    def test_a_search_that_lies_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(solve, "first_plan", lambda *_: (Tour(0, (0, 1, 2, 3)),))
        monkeypatch.setattr(solve, "race", lambda *_, **__: None)
        with pytest.raises(SolutionRejectedError, match="load 20 over capacity 10"):
            solve_location(small(), LONG_S)

    def test_what_two_processes_learn_is_put_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        begun: list[Launch] = []

        def tell(tasks: Any, receive: Any, **_: object) -> None:
            begun.extend(task.arguments[0] for task in tasks)
            assert not receive(Improved(1, GOOD))
            assert not receive(Improved(1, (Tour(0, (0,)), Tour(0, (1,)), Tour(1, (2, 3)))))
            assert not receive(Bounded(3.0))
            assert not receive(Learnt(1, (Trial((0, 1), GOOD, 50.0, 4), Trial((1,), GOOD, 45.0, 1)), ((2, 3),)))
            assert receive(Learnt(0, (Trial((0, 1), GOOD, 60.0, 9), Trial((1,), GOOD, 40.0, 2)), ((0, 1), (3, 2))))

        monkeypatch.setattr(solve, "race", tell)
        plan = solve_location(small(), LONG_S)
        assert (plan.bound, plan.routes) == (3.0, GOOD)
        assert [one.bound_s > 0 for one in begun] == [False, True, False, False, False, False]
        assert [len(one.estimates) for one in begun] == [1] * 6
        assert begun[2].paths == begun[3].paths == ((0, 1), (2, 3))
        assert [(trial.cost, trial.effort) for trial in begun[2].trials] == [(40.0, 2), (50.0, 4)]
        assert len({one.seed for one in begun}) == 6

    def test_processes_that_are_killed_teach_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(solve, "race", lambda *_, **__: None)
        assert solve_location(small(), LONG_S).cost == verify_location(small(), GOOD).cost


def test_a_partition_takes_as_long_as_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []
    monkeypatch.setattr(work, "recombined", lambda *parts: given.append(parts[-1].seconds))
    explore(lambda _: None, launch(small(), 3))
    assert all(seconds > LONG_S / 2 for seconds in given)
    timed = replace(launch(small(), 0), slices=None, deadline_s=time.monotonic() + 1.5)
    explore(lambda _: None, timed)
    assert given[-1] < LONG_S / 2
