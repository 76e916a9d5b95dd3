"""One search: it anneals, keeps what it has when its time is over, and hears of every plan on its way."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from solver.instances.classical import ClassicalProblem, Client, Depot, Rounding
from solver.instances.routing import read_classical
from solver.routing.classical import watch
from solver.routing.classical.anneal import Budget, Cooling
from solver.routing.classical.clock import Clock
from solver.routing.classical.jobs import Found, Job, search
from solver.routing.classical.measure import measured
from solver.routing.classical.model import Routes
from solver.routing.classical.savings import savings_routes
from solver.routing.classical.verify import verify_routes
from solver.workers import never

INSTANCES = Path(__file__).parent / "instances"
LONG_S = 120.0
COOLING = Cooling(0.1, 0.001)


def searched(
    made: ClassicalProblem, start: Routes, iterations: int | None, *, worker: int = 0, seconds: float = LONG_S
) -> list[Found]:
    sent: list[Any] = []
    budget = Budget(time.monotonic() + seconds, iterations)
    search(sent.append, Job(worker, 7, measured(made), start, COOLING, budget))
    return sent


def test_a_warm_search_never_ends_worse_than_its_start() -> None:
    made = read_classical(INSTANCES / "X-n106-k14.vrp")
    start = tuple(savings_routes(measured(made)))
    sent = searched(made, start, 300, worker=1)
    costs = [verify_routes(made, found.routes).cost for found in sent]
    assert {found.worker for found in sent} == {1}
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < verify_routes(made, start).cost


def test_every_better_plan_is_told_where_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = read_classical(INSTANCES / "X-n106-k14.vrp")
    start = tuple(savings_routes(measured(made)))
    few = len(searched(made, start, 300))
    monkeypatch.setattr(watch, "_BETWEEN_REPORTS_S", 0.0)
    assert len(searched(made, start, 300)) > few


@pytest.mark.parametrize(
    ("name", "worker"), [("X-n106-k14.vrp", 0), ("pr01.txt", 1), ("RC208.vrp", 0), ("RC208.vrp", 1)]
)
def test_a_search_without_a_start_makes_its_own(name: str, worker: int) -> None:
    made = read_classical(INSTANCES / name)
    found = searched(made, (), 200, worker=worker)[-1]
    assert verify_routes(made, found.routes).violations == ()
    assert len(found.seen) >= len(found.routes)


def test_a_search_whose_time_is_over_ends_with_what_it_has() -> None:
    made = read_classical(INSTANCES / "X-n106-k14.vrp")
    start = tuple(savings_routes(measured(made)))
    assert [found.routes for found in searched(made, start, None, seconds=-1)] == [start]


def test_a_search_by_the_clock_ends_with_it() -> None:
    made = read_classical(INSTANCES / "X-n106-k14.vrp")
    start = tuple(savings_routes(measured(made)))
    assert searched(made, start, None, seconds=0.2)[-1].routes != start


def test_a_search_that_finds_nothing_feasible_sends_nothing() -> None:
    home = Depot(0, 0, 10, None, None, 0, 90.0)
    made = ClassicalProblem("made", Rounding.TENTHS, (home,), (Client(10, 0, 1, 0, 0, 1.0),))
    assert searched(made, (), 20) == []


def test_a_fleet_is_kept_from_the_start_on() -> None:
    made = read_classical(INSTANCES / "RC208.vrp")
    tight = replace(made, depots=(replace(made.depots[0], vehicles=4),))
    found = searched(tight, (), 400)[-1]
    assert verify_routes(tight, found.routes).violations == ()


def test_a_temperature_falls_from_the_first_to_the_last_and_a_stretch_of_it_meets_the_next() -> None:
    whole = Cooling(1.0, 0.01)
    assert [whole.at(spent) for spent in (0, 0.5, 1)] == pytest.approx([1, 0.1, 0.01])
    assert whole.between(0.2, 0.6).last == whole.between(0.6, 1).first


def test_a_budget_is_spent_by_iterations_or_by_the_clock_whichever_is_first() -> None:
    now_s = time.monotonic()
    assert Budget(now_s + LONG_S, 10).spent(now_s, 5) == 0.5
    assert Budget(now_s + LONG_S, 0).spent(now_s, 1) == 1
    assert Budget(now_s - 1, 10).spent(now_s - 2, 5) == 1
    assert 0.49 < Budget(now_s + LONG_S).spent(now_s - LONG_S, 5) < 0.52


def test_a_share_of_the_time_leaves_the_rest_to_others_unless_iterations_decide() -> None:
    now_s = time.monotonic()
    timed = Clock(now_s + 100, None, never).budget(0.5, combining=True)
    assert 49 < timed.deadline_s - now_s < 49.2
    assert timed.iterations is None
    short = Clock(now_s + 1, None, never).budget(1.0, combining=True)
    assert 0.8 < short.deadline_s - now_s < 0.9
    counted = Clock(now_s + 100, 7, never).budget(0.5, combining=True)
    assert counted.iterations == 7
    assert counted.deadline_s > now_s + 99
