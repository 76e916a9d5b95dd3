"""How far it is and how long it takes: one drive, a table of drives, and the nearest places."""

import numpy as np
import pytest

from solver import roads
from solver.problem import MAX_MATRIX_PLACES, Roads, ints
from solver.roads import RoadMap
from tests.solver.builder import places
from tests.solver.michigan import GRAND_RAPIDS, MARQUETTE, MICHIGAN, OSCODA, TC, metres, michigan


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


def test_the_nearest_of_many_are_those_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    few = michigan().nearest(np.arange(6), np.arange(6), 4).tolist()
    monkeypatch.setattr(roads, "FEW_PAIRS", 0)
    assert michigan().nearest(np.arange(6), np.arange(6), 4).tolist() == few
