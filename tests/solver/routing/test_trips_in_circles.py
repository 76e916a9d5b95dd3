"""Releases, shifts and several trips together: PyVRP's local search may never end on them; ours does."""

from __future__ import annotations

import resource
import signal
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pyvrp

from solver.problem import ints
from solver.routing.errand import Errand
from solver.routing.improve import pyvrp_model
from solver.routing.timing import trips_cost
from solver.routing.verify import verify_trips
from tests.solver.routing.errands import FROM_S, errand, trucks
from tests.solver.routing.searched import search, served
from tests.solver.routing.tight import tight_morning

ITERATIONS = 30
CPU_S = 6
"""Of processor time, many times what so few iterations take."""


def with_pyvrp_shifts(morning: Errand) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    model, _ = pyvrp_model(morning, again=True)
    own = [kind.replace(max_overtime=0, unit_overtime_cost=0) for kind in model.vehicle_types()]
    stop = pyvrp.stop.MaxIterations(ITERATIONS)
    pyvrp.solve(model.replace(vehicle_types=own), stop, seed=1, collect_stats=False, display=False)


def test_pyvrp_goes_round_in_circles_on_a_tight_morning() -> None:
    child = get_context("spawn").Process(target=with_pyvrp_shifts, args=(tight_morning(80, 1),))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGXCPU


def test_our_search_of_the_same_morning_ends() -> None:
    morning = tight_morning(80, 1)
    found = search(morning, ITERATIONS)
    assert verify_trips(morning, found).violations == ()
    assert len({trip.trip.truck for trip in found}) < len(found)


def test_a_search_goes_on_from_several_trips_of_one_truck() -> None:
    morning = tight_morning(40, 3)
    found = search(morning, ITERATIONS)
    again = search(morning, ITERATIONS, known=tuple(timed.trip for timed in found))
    assert trips_cost(morning, again) <= trips_cost(morning, found)


def test_what_would_need_overtime_is_left_out() -> None:
    shift_s = 2 * 30 * 60 - 30
    task = errand(10, -10, load=80, trucks=trucks(1, shift_s=ints(shift_s)))
    found = search(task)
    assert len(served(found)) == 1
    assert verify_trips(task, found).violations == ()


def test_goods_that_come_late_go_on_a_second_trip_of_the_same_truck() -> None:
    late = replace(errand(10, -10, load=0), trucks=trucks(1), ready_s=ints(0, FROM_S + 3600))
    late = replace(late, drop=np.array([[80, 0, 0], [80, 0, 0]]))
    assert [timed.trip.visits for timed in search(late)] == [(0,), (1,)]
