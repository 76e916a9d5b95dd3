"""Distances, times and tolls between places, from coordinates alone unless a matrix is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.problem import MAX_MATRIX_PLACES, Flags, Ints, Places, Roads, Side

EARTH_RADIUS_M = 6_371_008.8
PPM = 1_000_000
FEW_PAIRS = 1_000_000
"""So many distances are looked at one by one in 0.1 s, while the tree that saves them takes 0.1 s to load."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Legs:
    """One drive per pair, in the shape that was asked."""

    distance_m: Ints
    duration_s: Ints
    toll_minor: Ints


class RoadMap:
    """The roads of a problem.

    A piece of road is the great circle (haversine) times the circuity, rounded to the metre; a drive through a passage
    is the pieces before and behind it. The speed bands count over the whole drive, each rounded up to the second. With
    a matrix distances and times are read from it; tolls still follow the passages.

    Examples
    --------
    One degree of latitude, on the great circle and then on roads:

    >>> places = Places(np.array(["a", "b"]), np.array([0, 1_000_000]), np.array([0, 0]))
    >>> [int(RoadMap(places, Roads(circuity_ppm=ppm)).legs([0], [1]).distance_m[0]) for ppm in (1_000_000, 1_270_000)]
    [111195, 141218]
    """

    def __init__(self, places: Places, roads: Roads) -> None:
        self._roads = roads
        self._count = len(places.id)
        passages = roads.passages
        # Waypoints are rows behind the places, so that a leg to one is judged like any other.
        latitude_e6 = np.concatenate([places.latitude_e6, [p.latitude_e6 for p in passages]]).astype(np.int64)
        longitude_e6 = np.concatenate([places.longitude_e6, [p.longitude_e6 for p in passages]]).astype(np.int64)
        self._globe = _globe(latitude_e6, longitude_e6)
        self._side = [_inside(p.side, latitude_e6, longitude_e6) for p in passages]
        self._other = [
            ~side if p.other is None else _inside(p.other, latitude_e6, longitude_e6)
            for p, side in zip(passages, self._side, strict=True)
        ]

    def legs(self, origin: Ints, destination: Ints) -> Legs:
        """Drives from each origin to its destination; place rows of shapes that broadcast."""
        start, end = np.asarray(origin, np.int64), np.asarray(destination, np.int64)
        distance_m, toll_minor = self._drive(start, end, tuple(range(len(self._side))))
        matrix = self._roads.matrix
        if matrix is None:
            return Legs(distance_m, self._duration(distance_m), toll_minor)
        return Legs(matrix.distance_m[start, end], matrix.duration_s[start, end], toll_minor)

    def matrix(self, places: Ints) -> Legs:
        """Every drive among `places`, square.

        Raises
        ------
        ValueError
            More than `MAX_MATRIX_PLACES`: ask for pairs instead.
        """
        places = np.asarray(places, np.int64)
        if len(places) > MAX_MATRIX_PLACES:
            raise ValueError(f"a matrix of {len(places)} places; at most {MAX_MATRIX_PLACES}")
        return self.legs(places[:, None], places[None, :])

    def nearest(self, origins: Ints, targets: Ints, k: int) -> Ints:
        """For each origin the positions in `targets` of the k nearest as the crow flies, nearest first."""
        k = min(k, len(targets))
        if k == 0 or len(origins) * len(targets) <= FEW_PAIRS:
            apart = _chords(self._globe[origins][:, None], self._globe[targets][None, :])
            return np.argsort(apart, axis=1, kind="stable")[:, :k]
        from scipy.spatial import KDTree  # noqa: PLC0415  # 0.2 s that every child process would wait for

        _, found = KDTree(self._globe[targets]).query(self._globe[origins], k=[*range(1, k + 1)])
        return np.asarray(found, dtype=np.int64)

    def _drive(self, start: Ints, end: Ints, open_passages: tuple[int, ...]) -> tuple[Ints, Ints]:
        """Metres and toll; a pair that a passage separates goes through it, each half judged by the other passages."""
        distance_m = self._piece(start, end)
        toll_minor = np.zeros(distance_m.shape, dtype=np.int64)
        direct = np.ones(distance_m.shape, dtype=np.bool_)
        for passage in open_passages:
            side, other = self._side[passage], self._other[passage]
            split = direct & ((side[start] & other[end]) | (other[start] & side[end]))
            if not split.any():
                continue
            direct &= ~split
            rest = tuple(p for p in open_passages if p != passage)
            way = np.full(int(split.sum()), self._count + passage, dtype=np.int64)
            before_m, before_minor = self._drive(np.broadcast_to(start, split.shape)[split], way, rest)
            behind_m, behind_minor = self._drive(way, np.broadcast_to(end, split.shape)[split], rest)
            distance_m[split] = before_m + behind_m
            toll_minor[split] = self._roads.passages[passage].toll_minor + before_minor + behind_minor
        return distance_m, toll_minor

    def _piece(self, start: Ints, end: Ints) -> Ints:
        square = _chords(self._globe[start], self._globe[end])
        metres = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(np.sqrt(square) / 2, 1.0))
        return np.asarray(np.rint(metres * self._roads.circuity_ppm / PPM), dtype=np.int64)

    def _duration(self, distance_m: Ints) -> Ints:
        duration_s = np.zeros(distance_m.shape, dtype=np.int64)
        floor_m = 0
        for band, speed in enumerate(self._roads.speed_m_per_h):
            limits = self._roads.band_limit_m
            top_m = limits[band] if band < len(limits) else np.iinfo(np.int64).max
            in_band_m = np.clip(distance_m, floor_m, top_m) - floor_m
            duration_s += -(-in_band_m * 3600 // speed)
            floor_m = top_m
        return duration_s


def _globe(latitude_e6: Ints, longitude_e6: Ints) -> Floats:
    """Unit vectors from the centre of the earth; half a chord is the sine of half the angle, the haversine's root."""
    latitude, longitude = np.radians(latitude_e6 / PPM), np.radians(longitude_e6 / PPM)
    across = np.cos(latitude)
    return np.stack([across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)], axis=1)


def _chords(here: Floats, there: Floats) -> Floats:
    """Squared; axis by axis, so that a table of drives between two lists needs no list of all its pairs."""
    square: Floats = np.square(here[..., 0] - there[..., 0])
    for axis in (1, 2):
        square += np.square(here[..., axis] - there[..., axis])
    return square


def _inside(side: Side, latitude_e6: Ints, longitude_e6: Ints) -> Flags:
    inside = np.zeros(len(latitude_e6), dtype=np.bool_)
    for boxes, value in ((side.boxes, True), (side.without, False)):
        for box in boxes:
            north_south = (box.south_e6 <= latitude_e6) & (latitude_e6 <= box.north_e6)
            west_east = (box.west_e6 <= longitude_e6) & (longitude_e6 <= box.east_e6)
            inside[north_south & west_east] = value
    return inside
