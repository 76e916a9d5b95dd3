"""Errands on a line: the hub at 0, visits so many kilometres along it, a minute a kilometre."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from solver.problem import AMBIENT, ints
from solver.routing.errand import Errand, Trucks

MINUTE = 60
FROM_S = 8 * 3600


def trucks(count: int = 2, **columns: Any) -> Trucks:
    """Trucks that hold 100 g, cost 1,000 a day, 10 a kilometre and nothing an hour."""
    same = Trucks(
        vehicle=np.arange(count),
        room=np.tile(ints(100, 100, 100), (count, 1)),
        cold=np.full(count, AMBIENT),
        fixed_minor=np.full(count, 1000),
        minor_per_km=np.full(count, 10),
        minor_per_hour=np.zeros(count, dtype=np.int64),
        free_s=np.zeros(count, dtype=np.int64),
        shift_s=np.full(count, 10 * 3600),
    )
    return replace(same, **columns)


def errand(*km: int, load: int = 40, **columns: Any) -> Errand:
    """Fetch `load` g from each visit, ten minutes each, any time of the day."""
    at = np.array([0, *km], dtype=np.int64)
    apart = np.abs(at[:, None] - at[None, :])
    visits = len(km)
    room = np.zeros((visits, 3), dtype=np.int64)
    fetch = room.copy()
    fetch[:, 0] = load
    same = Errand(
        trucks=trucks(),
        distance_m=apart * 1000,
        duration_s=apart * MINUTE,
        toll_minor=apart * 0,
        drop=room,
        fetch=fetch,
        masks=np.full(visits, 1 << AMBIENT),
        opens_s=np.full(visits, FROM_S),
        closes_s=np.full(visits, 16 * 3600),
        service_s=np.full(visits, 10 * MINUTE),
        ready_s=np.zeros(visits, dtype=np.int64),
        prize_minor=np.full(visits, 100_000),
        from_s=FROM_S,
        loading_s=0,
    )
    return replace(same, **columns)
