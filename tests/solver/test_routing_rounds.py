"""What is asked of the workers, and when, where the clock decides; no search is run."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from solver.instances.routing import read_classical
from solver.routing.classical.best import Best
from solver.routing.classical.clock import Clock
from solver.routing.classical.crew import WORKERS, Crew
from solver.routing.classical.measure import measured
from solver.routing.classical.rounds import Rounds
from solver.routing.classical.savings import savings_routes
from solver.workers import Task, never

INSTANCES = Path(__file__).parent / "instances"


class Recorder(Crew):
    """Notes tasks and does none of them."""

    def __init__(self) -> None:
        super().__init__(WORKERS, "json")
        self.given: list[list[Task]] = []

    def work(self, tasks: Sequence[Task], *_: object, **__: object) -> None:
        self.given.append(list(tasks))


def begun(seconds: float) -> tuple[Rounds, Recorder]:
    problem = read_classical(INSTANCES / "X-n106-k14.vrp")
    scaled, best, crew = measured(problem), Best(problem, time.monotonic()), Recorder()
    best.take(tuple(savings_routes(scaled)))
    return Rounds(crew, best, scaled, 1, Clock(time.monotonic() + seconds, None, never)), crew


@pytest.mark.parametrize(("seconds", "annealings"), [(1, 1), (10.6, 2), (1000, 8)])
def test_a_small_problem_is_annealed_as_often_as_there_is_time_and_combined_each_time(
    seconds: float, annealings: int
) -> None:
    rounds, crew = begun(seconds)
    rounds.whole(rounds.best.routes, WORKERS)
    searches, combinings = crew.given[::2], crew.given[1::2]
    assert [len(tasks) for tasks in searches] == [WORKERS] * annealings
    seeds = [task.arguments[0].seed for tasks in searches for task in tasks]
    assert len(set(seeds)) == len(seeds)
    assert {tasks[0].arguments[0].seconds <= 0.8 for tasks in combinings} == {True}
    assert len(combinings[0][0].arguments[0].columns) == len(rounds.best.routes)


def test_one_annealing_goes_through_all_rounds_of_a_large_problem() -> None:
    rounds, crew = begun(30)
    rounds.parts(opening=True)
    opening, *cuts, combining = crew.given
    coolings = [tasks[0].arguments[0].cooling for tasks in [opening]]
    coolings += [tasks[0].arguments[0].job.cooling for tasks in cuts]
    assert [cooling.first for cooling in coolings[1:]] == pytest.approx([cooling.last for cooling in coolings[:-1]])
    assert (coolings[0].first, coolings[-1].last) == pytest.approx((1, 0.01))
    assert len(combining) == 1


def test_spare_vehicles_are_shared_by_the_pieces() -> None:
    rounds, crew = begun(30)
    rounds.problem = replace(rounds.problem, vehicles=[len(rounds.best.routes) + 7])
    rounds.parts(opening=False)
    assert {task.arguments[0].spare for tasks in crew.given[:-1] for task in tasks} == {3}


@pytest.mark.parametrize(("routes", "clients"), [(14, 1000), (2, 1060), (1, 2120)])
def test_pieces_of_long_routes_are_larger(routes: int, clients: int) -> None:
    rounds, crew = begun(30)
    rounds.best.routes = rounds.best.routes[:routes]
    rounds.parts(opening=False)
    assert {task.arguments[0].clients for task in crew.given[0]} == {clients}


def test_no_piece_has_a_matrix_larger_than_a_whole_plan_may(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds, crew = begun(30)
    monkeypatch.setattr("solver.routing.classical.rounds.ROUTES_A_PIECE", 10_000)
    rounds.parts(opening=False)
    assert {task.arguments[0].clients for task in crew.given[0]} == {3000}
