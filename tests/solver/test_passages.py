"""Water between places: where a drive must pass, and what it pays there."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from solver.problem import Box, Ints, Matrix, Passage, Places, Roads, Side, ints
from solver.roads import RoadMap
from tests.solver.builder import names, places
from tests.solver.michigan import (
    BAD_AXE,
    GRAND_RAPIDS,
    MACKINAC,
    MACKINAW,
    MARQUETTE,
    OSCODA,
    ROADS,
    TC,
    metres,
    michigan,
)


def test_the_straits_are_crossed_by_the_bridge_and_paid_for() -> None:
    roads, without = michigan(), michigan(Roads())
    there = roads.legs(ints(TC), ints(MARQUETTE))
    assert int(there.toll_minor[0]) == 1000
    assert int(there.distance_m[0]) == 454_559
    assert metres(without, TC, MARQUETTE) < 320_000
    # There and back with the handling of a line haul takes more than twelve hours.
    assert 12 * 3600 < 2 * int(there.duration_s[0]) + 5400 < 12.5 * 3600


def test_the_tip_of_the_lower_peninsula_needs_no_bridge() -> None:
    assert int(michigan().legs(ints(TC), ints(MACKINAW)).toll_minor[0]) == 0


def test_the_bay_is_driven_around() -> None:
    assert metres(michigan(), BAD_AXE, OSCODA) > 1.5 * metres(michigan(Roads()), BAD_AXE, OSCODA)
    assert metres(michigan(), GRAND_RAPIDS, OSCODA) == metres(michigan(Roads()), GRAND_RAPIDS, OSCODA)


def test_each_half_of_a_drive_is_judged_by_the_other_passages() -> None:
    west = Passage("west gate", 0, 10_000_000, 1, Side((Box(-1_000_000, -1_000_000, 1_000_000, 9_000_000),)))
    east = Passage("east gate", 0, 20_000_000, 10, Side((Box(-1_000_000, 19_500_000, 1_000_000, 40_000_000),)))
    roads = RoadMap(places({"a": (0.5, 0.0), "b": (0.5, 30.0)}), Roads(passages=(west, east)))
    both = roads.legs(ints(0), ints(1))
    assert int(both.toll_minor[0]) == 11
    gates = RoadMap(places({"a": (0.5, 0.0), "w": (0.0, 10.0), "e": (0.0, 20.0), "b": (0.5, 30.0)}), Roads())
    assert int(both.distance_m[0]) == metres(gates, 0, 1) + metres(gates, 1, 2) + metres(gates, 2, 3)


def test_a_given_matrix_is_used_but_tolls_follow_the_passages() -> None:
    distance = np.arange(36, dtype=np.int64).reshape(6, 6)
    roads = michigan(Roads(passages=(MACKINAC,), matrix=Matrix(distance, 2 * distance)))
    leg = roads.legs(ints(TC), ints(MARQUETTE))
    assert [int(column[0]) for column in (leg.distance_m, leg.duration_s, leg.toll_minor)] == [1, 2, 1000]


degrees_e6 = st.tuples(st.integers(-89_000_000, 89_000_000), st.integers(-180_000_000, 180_000_000))


@given(st.lists(degrees_e6, min_size=2, max_size=6))
def test_the_way_back_is_as_long_and_nothing_is_shorter_than_straight(coordinates: list[tuple[int, int]]) -> None:
    latitude, longitude = (ints(*column) for column in zip(*coordinates, strict=True))
    there = Places(names(*map(str, range(len(coordinates)))), latitude, longitude)
    square = RoadMap(there, ROADS).matrix(np.arange(len(coordinates)))
    straight = RoadMap(there, Roads()).matrix(np.arange(len(coordinates)))
    for column in (square.distance_m, square.duration_s, square.toll_minor):
        assert_symmetric(column)
    assert (square.distance_m >= straight.distance_m - 2).all()


def assert_symmetric(square: Ints) -> None:
    assert (square == square.T).all()
