import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.problem import MAX_MATRIX_PLACES, Box, Ints, Matrix, Passage, Places, Roads, Side, ints
from solver.roads import RoadMap
from tests.solver.builder import names, places

MICHIGAN = {
    "Traverse City": (44.74, -85.58),
    "Marquette": (46.54, -87.40),
    "Grand Rapids": (42.93, -85.66),
    "Bad Axe": (43.80, -83.00),
    "Oscoda": (44.42, -83.33),
    "Mackinaw City": (45.80, -84.73),
}
TC, MARQUETTE, GRAND_RAPIDS, BAD_AXE, OSCODA, MACKINAW = range(6)
UPPER = Side(
    boxes=(Box(45_800_001, -91_000_000, 48_000_000, -83_000_000),),
    without=(Box(45_800_000, -84_900_000, 45_800_000, -84_000_000),),
)
MACKINAC = Passage("Mackinac Bridge", 45_817_000, -84_728_000, 1000, UPPER)
THUMB = Side((Box(43_620_000, -83_450_000, 44_100_000, -82_000_000),))
SHORE = Side(
    (Box(43_850_000, -84_600_000, 45_800_000, -83_000_000),), (Box(43_850_000, -83_450_000, 44_100_000, -82_000_000),)
)
BAY = Passage("Bay City", 43_600_000, -83_870_000, 0, THUMB, SHORE)
ROADS = Roads(passages=(MACKINAC, BAY))


def michigan(roads: Roads = ROADS) -> RoadMap:
    return RoadMap(places(MICHIGAN), roads)


def metres(roads: RoadMap, origin: int, destination: int) -> int:
    return int(roads.legs(ints(origin), ints(destination)).distance_m[0])


def test_a_degree_of_latitude_is_the_great_circle_times_circuity() -> None:
    roads = RoadMap(places({"a": (0.0, 0.0), "b": (1.0, 0.0)}), Roads(circuity_ppm=1_000_000))
    assert metres(roads, 0, 1) == 111_195
    roads = RoadMap(places({"a": (0.0, 0.0), "b": (1.0, 0.0)}), Roads())
    assert metres(roads, 0, 1) == 141_218


def test_a_drive_gets_faster_band_by_band() -> None:
    roads = RoadMap(places({"a": (0.0, 0.0), "b": (1.0, 0.0)}), Roads())
    # 10 km at 40 km/h, 30 km at 64 km/h, 101,218 m at 88 km/h, each rounded up.
    assert int(roads.legs(ints(0), ints(1)).duration_s[0]) == 900 + 1688 + 4141


def test_a_table_of_drives_is_what_each_drive_is_alone() -> None:
    roads, everywhere = michigan(), np.arange(len(MICHIGAN))
    table = roads.legs(everywhere[:, None], everywhere[None, :])
    for origin in everywhere.tolist():
        for destination in everywhere.tolist():
            alone = roads.legs(np.array(origin), np.array(destination))
            assert table.distance_m[origin, destination] == alone.distance_m
            assert table.duration_s[origin, destination] == alone.duration_s
            assert table.toll_minor[origin, destination] == alone.toll_minor


def test_a_short_drive_stays_in_the_first_band() -> None:
    roads = RoadMap(places({"a": (0.0, 0.0), "b": (0.01, 0.0)}), Roads())
    assert int(roads.legs(ints(0), ints(1)).duration_s[0]) == 128


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


def test_a_matrix_is_every_pair() -> None:
    square = michigan().matrix(np.arange(6))
    assert square.distance_m.shape == (6, 6)
    assert not square.distance_m.diagonal().any()
    assert square.distance_m[TC, MARQUETTE] == metres(michigan(), TC, MARQUETTE)


def test_a_matrix_of_too_many_places_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 3000"):
        michigan().matrix(np.zeros(MAX_MATRIX_PLACES + 1, np.int64))


def test_the_nearest_come_first() -> None:
    assert michigan().nearest(ints(TC), ints(MARQUETTE, GRAND_RAPIDS, OSCODA), 2).tolist() == [[2, 1]]
    assert michigan().nearest(ints(TC), ints(MARQUETTE), 5).tolist() == [[0]]
    assert michigan().nearest(ints(TC, OSCODA), ints(), 5).shape == (2, 0)


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
