"""Are roads, rhythm, parcels and policy sound."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np

from solver.errors import InvalidProblemError
from solver.problem import AMBIENT, CHILLED, FROZEN, MAX_MATRIX_PLACES, Box, Matrix, Passage, Problem

PPM = 1_000_000
MOST_S = 30 * 86_400
MOST_M = 10**9
MOST_MINOR = 10**9

MOST_CIRCUITY_PPM = 5 * PPM
MOST_HAND_OUT_DAY = 7
MOST_MINOR_PER_KG = 100_000
RHYTHM = {"hand_out_day": (0, MOST_HAND_OUT_DAY), "crate_g": (1, 10**9)}
POLICY = {
    "packaging_minor_per_kg": (0, MOST_MINOR_PER_KG),
    "fairness_segments": (1, 100),
    "share_cap_farms": (1, MOST_MINOR),
    "equalisation_from_m": (0, MOST_M),
}


def check_terms(problem: Problem) -> None:
    """Refuse terms that contradict themselves; tables are checked elsewhere.

    Raises
    ------
    InvalidProblemError
        With the group of terms, the term and the reason.
    """
    if not problem.currency:
        raise InvalidProblemError("problem", -1, "currency", "is missing")
    for name, terms, ranges, most in (
        ("rhythm", problem.rhythm, RHYTHM, MOST_S),
        ("policy", problem.policy, POLICY, PPM),
    ):
        for term in fields(terms):
            _within(name, term.name, getattr(terms, term.name), *ranges.get(term.name, (0, most)))
    _check_phases(problem)
    _check_roads(problem)
    _check_parcels(problem)


def _check_phases(problem: Problem) -> None:
    rhythm = problem.rhythm
    for phase in ("collect", "haul", "deliver"):
        if getattr(rhythm, f"{phase}_from_s") > getattr(rhythm, f"{phase}_until_s"):
            raise InvalidProblemError("rhythm", -1, f"{phase}_until_s", "is before the phase begins")


def _check_roads(problem: Problem) -> None:
    roads = problem.roads
    _within("roads", "circuity_ppm", roads.circuity_ppm, PPM, MOST_CIRCUITY_PPM)
    for metres in roads.band_limit_m:
        _within("roads", "band_limit_m", metres, 1, MOST_M)
    _rising("roads", "band_limit_m", roads.band_limit_m)
    if len(roads.speed_m_per_h) != len(roads.band_limit_m) + 1:
        raise InvalidProblemError("roads", -1, "speed_m_per_h", "is not one more than the band limits")
    for speed in roads.speed_m_per_h:
        _within("roads", "speed_m_per_h", speed, 1000, 1_000_000)
    for row, passage in enumerate(roads.passages):
        _check_passage(row, passage)
    if roads.matrix is not None:
        _check_matrix(roads.matrix, len(problem.places.id))


def _check_passage(row: int, passage: Passage) -> None:
    _within("passages", "latitude_e6", passage.latitude_e6, -90 * PPM, 90 * PPM, row)
    _within("passages", "longitude_e6", passage.longitude_e6, -180 * PPM, 180 * PPM, row)
    _within("passages", "toll_minor", passage.toll_minor, 0, MOST_MINOR, row)
    for side in (passage.side, passage.other):
        if side is not None:
            for box in (*side.boxes, *side.without):
                _check_box(row, box)


def _check_box(row: int, box: Box) -> None:
    for name in ("south_e6", "west_e6", "north_e6", "east_e6"):
        _within("passages", name, getattr(box, name), -180 * PPM, 180 * PPM, row)
    if box.south_e6 > box.north_e6 or box.west_e6 > box.east_e6:
        raise InvalidProblemError("passages", row, "side", "a box from north to south or from east to west")


def _check_matrix(matrix: Matrix, places: int) -> None:
    if places > MAX_MATRIX_PLACES:
        raise InvalidProblemError("roads", -1, "matrix", f"more than {MAX_MATRIX_PLACES} places")
    for name, most in (("distance_m", MOST_M), ("duration_s", MOST_S)):
        square: Any = getattr(matrix, name)
        if not isinstance(square, np.ndarray) or square.shape != (places, places) or square.dtype != np.int64:
            raise InvalidProblemError("matrix", -1, name, f"is not {places} x {places} of int64")
        broken = ((square < 0) | (square > most)).any(axis=1)
        if broken.any():
            raise InvalidProblemError("matrix", int(np.argmax(broken)), name, f"is not within 0..{most}")


def _check_parcels(problem: Problem) -> None:
    parcels = problem.parcels
    _within("parcels", "cold", parcels.cold, 0, AMBIENT | CHILLED | FROZEN)
    _within("parcels", "cold_pack_minor", parcels.cold_pack_minor, 0, MOST_MINOR)
    _within("parcels", "cold_pack_g", parcels.cold_pack_g, 1, MOST_M)
    for name, limits in (("zone_limit_m", parcels.zone_limit_m), ("weight_limit_g", parcels.weight_limit_g)):
        for limit in limits:
            _within("parcels", name, limit, 1, MOST_M)
        _rising("parcels", name, limits)
    if len(parcels.price_minor) != len(parcels.zone_limit_m):
        raise InvalidProblemError("parcels", -1, "price_minor", "is not one row a zone")
    for zone, prices in enumerate(parcels.price_minor):
        if not prices or len(prices) != len(parcels.weight_limit_g):
            raise InvalidProblemError("parcels", zone, "price_minor", "is not one price a weight step")
        for price in prices:
            _within("parcels", "price_minor", price, 0, MOST_MINOR, zone)


def _rising(table: str, name: str, limits: tuple[int, ...]) -> None:
    if any(after <= before for before, after in pairwise(limits)):
        raise InvalidProblemError(table, -1, name, "does not rise")


def _within(table: str, name: str, value: object, low: int, high: int, row: int = -1) -> None:
    if type(value) is not int or not low <= value <= high:
        raise InvalidProblemError(table, row, name, f"is not a whole number within {low}..{high}")
