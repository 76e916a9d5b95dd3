"""Where a region lies that has not said so: its directory of places and its clock tell."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median_low
from typing import Final
from zoneinfo import ZoneInfo

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.geo import DATE_LINE_E6, MICRO, NORTH_POLE_E6, Box, Coordinates

LEAST_REACH_E6: Final = 6 * MICRO
"""How far from the middle a place may lie however close together most of them are."""
SPREADS: Final = 6
"""How many times as far from the middle as half of the places are; farther ones are slips of the directory."""
FAR_FROM_CLOCK_E6: Final = 50 * MICRO
"""The west of China, which has one clock, lies 46 degrees from it; a swapped longitude lies farther off."""
DEGREE_E6_PER_HOUR: Final = 15 * MICRO
SUNDIAL: Final = datetime(2026, 1, 1)  # noqa: DTZ001  # the offset of a zone is asked of a local time


class FarFromClockError(RefusedError):
    """No place of a file lies where its region's clock is kept."""

    code = "places-far-from-time-zone"
    message = (
        "No place of this file lies near the time zone {zone}. Either latitude and longitude are swapped in the whole "
        "file, or the region has another time zone."
    )


def expected_extent(places: Sequence[Coordinates], zone: str) -> Box:
    """A box around the middle of those places that the region's clock makes believable."""
    meridian = _meridian_e6(zone)
    near = [place for place in places if _apart(place.longitude_e6, meridian) <= FAR_FROM_CLOCK_E6]
    if not near:
        raise FarFromClockError(zone=zone)
    south, north = _span([place.latitude_e6 for place in near], NORTH_POLE_E6)
    west, east = _span([place.longitude_e6 for place in near], DATE_LINE_E6)
    return Box(south, west, north, east)


def swapped_by_clock(place: Coordinates, zone: str) -> bool:
    """Whether a place lies far from where a clock is kept, and near it the other way round."""
    meridian = _meridian_e6(zone)
    here, there = _apart(place.longitude_e6, meridian), _apart(place.latitude_e6, meridian)
    return there <= FAR_FROM_CLOCK_E6 < here and abs(place.longitude_e6) <= NORTH_POLE_E6


def _meridian_e6(zone: str) -> int:
    """Where the sun stands highest at noon of this zone."""
    offset = ZoneInfo(zone).utcoffset(SUNDIAL) or timedelta(0)
    return int(offset.total_seconds()) * DEGREE_E6_PER_HOUR // 3600


def _apart(longitude_e6: int, other_e6: int) -> int:
    there = abs(longitude_e6 - other_e6)
    return min(there, 2 * DATE_LINE_E6 - there)


def _span(along_e6: Sequence[int], limit_e6: int) -> tuple[int, int]:
    """From and to along one axis: outliers move neither the middle nor the spread."""
    middle = median_low(along_e6)
    reach = max(LEAST_REACH_E6, SPREADS * median_low([abs(one - middle) for one in along_e6]))
    return max(middle - reach, -limit_e6), min(middle + reach, limit_e6)
