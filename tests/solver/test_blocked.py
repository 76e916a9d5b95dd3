"""What trucks could not carry: its way is closed, and the next allocation looks for another."""

from __future__ import annotations

import numpy as np

from solver.allocation.limits import first_limits
from solver.allocation.reasons import Refused
from solver.allocation.ways import Ways, expected_loads, expected_ways
from solver.blocked import blocked
from solver.draft import Draft
from solver.instance import Instance
from solver.problem import Ints, Pins, Problem, ints
from solver.routing.transport import Transport
from tests.solver.builder import HUB_A, HUB_B, changed, small_region

DRAFT = Draft(
    farm_hub=ints(HUB_A, HUB_A, HUB_B),
    point_hub=ints(HUB_A, HUB_B, HUB_A),
    parcel=np.array([False, False, True]),
    lot=ints(0, 0, 1, 2, 3),
    batch=ints(0, 1, 2, 4, 3),
    quantity=ints(80_000, 60_000, 40_000, 12_000, 600),
)
NOTHING = ints(0, 0, 0, 0, 0)


def after(
    problem: Problem, gate: Ints = NOTHING, between: Ints = NOTHING, door: Ints = NOTHING, late: Ints = NOTHING
) -> tuple[Ways, Ints, Ints]:
    """Ways, most of each lot and wanted of each batch when this was lost."""
    instance = Instance(problem)
    refused = Refused(np.zeros(3, np.bool_), np.zeros(3, np.bool_))
    ways, limits = expected_ways(instance, *expected_loads(instance)), first_limits(instance)
    ways, limits = blocked(
        instance, ways, limits, DRAFT, Transport((), (gate, between, door), late, DRAFT.parcel), refused
    )
    return ways, limits.most, limits.wanted


def test_a_farm_that_no_truck_fetched_goes_to_another_hub() -> None:
    ways, _, _ = after(small_region(), gate=ints(0, 0, 40_000, 0, 0))
    assert np.isinf(ways.collect[1, HUB_A])
    assert np.isfinite(ways.collect[1, HUB_B])


def test_a_farm_that_was_fetched_in_part_is_asked_for_no_more_than_that() -> None:
    ways, most, _ = after(small_region(), gate=ints(0, 10_000, 0, 0, 0))
    assert np.isfinite(ways.collect[0, HUB_A])
    assert most.tolist() == [130_000, 90_000, 150_000, 3000, 50_000]


def test_the_last_way_of_a_promised_lot_stays_open() -> None:
    problem = small_region(pins=Pins(ints(1), ints(40_000), ints(40_000)))
    problem = changed(problem, "vehicles", hub=ints(HUB_A, HUB_A, HUB_A))
    ways, most, _ = after(problem, gate=ints(0, 0, 40_000, 0, 0))
    assert np.isfinite(ways.collect[1, HUB_A])
    assert most[1] == 40_000


def test_hubs_between_which_nothing_went_are_not_linked_any_more() -> None:
    ways, _, _ = after(small_region(), between=ints(0, 60_000, 40_000, 0, 0))
    assert np.isinf(ways.haul[HUB_A, HUB_B])
    assert np.isfinite(ways.haul[HUB_B, HUB_A])


def test_batches_whose_goods_stayed_behind_in_part_want_what_came() -> None:
    ways, _, wanted = after(small_region(), between=ints(0, 20_000, 0, 0, 0))
    assert np.isfinite(ways.haul[HUB_A, HUB_B])
    assert wanted.tolist() == [80_000, 40_000, 40_000, 600, 12_000, 5000]


def test_a_point_that_no_truck_reached_is_served_otherwise() -> None:
    ways, _, _ = after(small_region(), door=ints(80_000, 0, 0, 0, 600))
    assert np.isinf(ways.truck[0, HUB_A])
    assert np.isfinite(ways.truck[0, HUB_B])


def test_a_point_that_was_reached_in_part_wants_what_came() -> None:
    ways, _, wanted = after(small_region(), door=ints(30_000, 0, 0, 0, 0))
    assert np.isfinite(ways.truck[0, HUB_A])
    assert wanted[0] == 50_000


def test_a_parcel_that_would_leave_too_late_is_not_sent_from_there() -> None:
    ways, _, _ = after(small_region(), late=ints(0, 0, 0, 12_000, 0))
    assert np.isinf(ways.parcel[2, HUB_A])
