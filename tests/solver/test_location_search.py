"""Depots and routes decided together: a process's search, the rounds of two, and what comes out."""

import time
from dataclasses import replace
from typing import Any

import pytest

from solver.errors import NoSolutionError, SolutionRejectedError
from solver.instances.location import LocationProblem, read_location
from solver.location import solve, work
from solver.location.estimate import Estimate, promising
from solver.location.measure import measured
from solver.location.solve import polishings, solve_location
from solver.location.trials import Trial, plan_cost
from solver.location.verify import Tour, verify_location
from solver.location.work import Bounded, Improved, Launch, Learnt, Stage, explore
from solver.routing.classical.crew import WORKERS, Crew
from tests.solver.location.made import INSTANCES, cheapest, random_problem, small

GOOD = (Tour(0, (0, 1)), Tour(1, (2, 3)))
LONG_S = 120.0
DEAR = Trial((0, 1), (Tour(0, (0,)), Tour(0, (1,)), Tour(1, (2,)), Tour(1, (3,))), 80_000, 1)
# Both depots, two routes of two legs of 5 and one between.
COSTS_OF_SMALL = plan_cost(measured(small()), GOOD)


def launch(problem: LocationProblem, slices: int, worker: int = 0, stage: Stage = Stage.LOOK) -> Launch:
    scaled = measured(problem)
    return Launch(
        worker=worker,
        seed=1,
        stage=stage,
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

    @pytest.mark.parametrize("stage", [Stage.POLISH, Stage.CHOOSE])
    def test_routes_of_others_are_chosen_from_at_once(self, stage: Stage) -> None:
        begun = replace(launch(small(), 1, stage=stage), trials=(DEAR,), paths=((0, 1), (2, 3)))
        improved, learnt = sent_by(begun)
        assert {frozenset(tour.clients) for tour in improved.tours} == {frozenset({0, 1}), frozenset({2, 3})}
        assert learnt.paths == ((0, 1), (2, 3))

    def test_without_routes_there_is_nothing_to_choose(self) -> None:
        assert sent_by(launch(small(), 1, stage=Stage.CHOOSE)) == [Learnt(0, (), ())]

    def test_the_first_process_polishes_the_best_set_alone(self) -> None:
        problem = small(capacity=None)
        begun = replace(launch(problem, 2, stage=Stage.POLISH), trials=(replace(DEAR, effort=4),))
        *_, learnt = sent_by(begun)
        assert [(trial.opened, trial.cost) for trial in learnt.trials] == [((0, 1), COSTS_OF_SMALL)]

    def test_the_second_process_first_tries_what_may_be_better(self) -> None:
        problem = small(capacity=None)
        hopeful = (Estimate((1,), 9000, 1.0),)
        begun = replace(launch(problem, 2, 1, Stage.POLISH), trials=(replace(DEAR, effort=4),), estimates=hopeful)
        *_, learnt = sent_by(begun)
        assert [trial.opened for trial in learnt.trials] == [(0, 1), (1,)]

    def test_whoever_has_nothing_to_polish_looks_for_it(self) -> None:
        *_, improved, _learnt = sent_by(launch(small(), 1, stage=Stage.POLISH))
        assert verify_location(small(), improved.tours).violations == ()

    def test_good_routes_are_moved_to_the_depots_of_a_set_that_is_new(self) -> None:
        problem = read_location(INSTANCES / "prodhon-coord20-5-1.dat")
        scaled = measured(problem)
        *_, learnt = sent_by(launch(problem, 4))
        assert isinstance(learnt, Learnt)
        best = replace(learnt.trials[0], effort=8)
        elsewhere = next(estimate for estimate in promising(scaled) if estimate.opened != best.opened)
        begun = replace(launch(problem, 1), trials=(best,), estimates=(replace(elsewhere, routes=0.0),))
        *_, again = sent_by(begun)
        tried = next(trial for trial in again.trials if trial.opened == elsewhere.opened)
        assert tried.cost < 1.2 * best.cost

    def test_with_the_clock_plans_are_told_on_the_way(self) -> None:
        problem = read_location(INSTANCES / "prodhon-coord20-5-1.dat")
        timed = replace(launch(problem, 0), slices=None, deadline_s=time.monotonic() + 1.5)
        *improved, _ = sent_by(timed)
        costs = [verify_location(problem, message.tours).cost for message in improved]
        assert costs == sorted(set(costs), reverse=True)

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
        with pytest.raises(SolutionRejectedError, match="load 20 over capacity 10"):
            solve_location(small(), LONG_S, stop=lambda: True)

    def test_what_two_processes_learn_is_put_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        begun: list[Launch] = []

        def tell(_crew: Crew, tasks: Any, receive: Any, **_: object) -> None:
            begun.extend(task.arguments[0] for task in tasks)
            receive(Improved(1, GOOD))
            receive(Improved(1, (Tour(0, (0,)), Tour(0, (1,)), Tour(1, (2, 3)))))
            receive(Bounded(3.0))
            receive(Learnt(1, (Trial((0, 1), GOOD, 50.0, 4), Trial((1,), GOOD, 45.0, 1)), ((2, 3),)))
            receive(Learnt(0, (Trial((0, 1), GOOD, 60.0, 9), Trial((1,), GOOD, 40.0, 2)), ((0, 1), (3, 2))))

        monkeypatch.setattr(Crew, "work", tell)
        plan = solve_location(small(), LONG_S)
        assert (plan.bound, plan.routes) == (3.0, GOOD)
        stages = [one.stage for one in begun]
        polishings = len(stages) // WORKERS - 2
        assert stages == [Stage.LOOK] * WORKERS + [Stage.POLISH] * WORKERS * polishings + [Stage.CHOOSE] * WORKERS
        assert [one.bound_s > 0 for one in begun] == [False, True] + [False] * (len(begun) - 2)
        assert {len(one.estimates) for one in begun} == {1}
        assert begun[2].paths == begun[3].paths == ((0, 1), (2, 3))
        assert [(trial.cost, trial.effort) for trial in begun[2].trials] == [(40.0, 2), (50.0, 4)]
        assert len({one.seed for one in begun}) == len(begun)
        ends = [one.deadline_s for one in begun[::2]]
        assert ends == sorted(set(ends))

    def test_processes_that_are_killed_teach_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Crew, "work", lambda *_, **__: None)
        assert solve_location(small(), LONG_S).cost == verify_location(small(), GOOD).cost

    @pytest.mark.parametrize(("seconds", "clients", "annealings"), [(30, 200, 3), (30, 20, 8), (5, 5000, 2)])
    def test_an_annealing_is_longer_the_more_clients_there_are(
        self, seconds: float, clients: int, annealings: int
    ) -> None:
        assert polishings(seconds, clients) == annealings


@pytest.mark.parametrize("stage", [Stage.POLISH, Stage.CHOOSE])
def test_a_choice_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    given: list[float] = []
    monkeypatch.setattr(work, "recombined", lambda *parts: given.append(parts[-1].seconds))
    begun = replace(launch(small(), 1, stage=stage), trials=(DEAR,), paths=((0, 1),))
    explore(lambda _: None, begun)
    explore(lambda _: None, replace(begun, slices=None, deadline_s=time.monotonic() + 0.5))
    steady, timed = given
    assert steady > LONG_S / 2
    assert timed <= (0.5 if stage is Stage.CHOOSE else 0.1)
