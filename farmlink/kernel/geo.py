"""Places on Earth: whole micro-degrees in WGS-84, judged where they enter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from farmlink.kernel.errors import InvalidError
from farmlink.kernel.locale import marked

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of WGS-84 (IUGG)."""
MICRO = 1_000_000
NORTH_POLE_E6 = 90 * MICRO
DATE_LINE_E6 = 180 * MICRO


class ImpossibleCoordinatesError(InvalidError):
    """A latitude or longitude that is nowhere on Earth."""

    code = "coordinates-impossible"
    message = (
        "{field}: {value} does not lie from -{most} to {most} degrees. See whether latitude and longitude are swapped."
    )


class SwappedCoordinatesError(InvalidError):
    """Latitude and longitude stand in each other's place."""

    code = "coordinates-swapped"
    message = "Latitude {latitude} and longitude {longitude} look swapped: the other way round they lie in the region."


class CoordinatesOutsideError(InvalidError):
    """A place that lies outside its region."""

    code = "coordinates-outside"
    message = "Latitude {latitude} and longitude {longitude} lie outside the region."


@dataclass(frozen=True, slots=True, order=True)
class Coordinates:
    """A point in micro-degrees; north and east are positive."""

    latitude_e6: int
    longitude_e6: int

    def __post_init__(self) -> None:
        _require_on_earth("coordinates.latitude_e6", self.latitude_e6, NORTH_POLE_E6)
        _require_on_earth("coordinates.longitude_e6", self.longitude_e6, DATE_LINE_E6)


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle in which a region's places are expected; it does not cross the date line."""

    south_e6: int
    west_e6: int
    north_e6: int
    east_e6: int

    def __post_init__(self) -> None:
        for side in ("south_e6", "north_e6"):
            _require_on_earth(f"extent.{side}", getattr(self, side), NORTH_POLE_E6)
        for side in ("west_e6", "east_e6"):
            _require_on_earth(f"extent.{side}", getattr(self, side), DATE_LINE_E6)
        if self.south_e6 > self.north_e6 or self.west_e6 > self.east_e6:
            raise InvalidError(field="extent", reason=marked("south before north, west before east"))

    def contains(self, latitude_e6: int, longitude_e6: int) -> bool:
        return self.south_e6 <= latitude_e6 <= self.north_e6 and self.west_e6 <= longitude_e6 <= self.east_e6


def from_degrees(latitude: str | float | Decimal, longitude: str | float | Decimal) -> Coordinates:
    """Read degrees as people and files write them, rounded to a micro-degree (11 cm)."""
    return Coordinates(
        _micro("latitude", latitude, NORTH_POLE_E6),
        _micro("longitude", longitude, DATE_LINE_E6),
    )


def place_in(box: Box, latitude: str | float | Decimal, longitude: str | float | Decimal) -> Coordinates:
    """Read degrees of a place in a region; swapped ones are told apart from far ones."""
    facts = {"latitude": str(latitude), "longitude": str(longitude), "field": "coordinates"}
    try:
        place = from_degrees(latitude, longitude)
    except ImpossibleCoordinatesError:
        if _lies_in(box, longitude, latitude):
            raise SwappedCoordinatesError(**facts) from None
        raise
    if box.contains(place.latitude_e6, place.longitude_e6):
        return place
    if box.contains(place.longitude_e6, place.latitude_e6):
        raise SwappedCoordinatesError(**facts)
    raise CoordinatesOutsideError(**facts)


def degrees(micro: int) -> str:
    """Write micro-degrees as degrees."""
    return str(Decimal(micro).scaleb(-6))


def haversine_m(start: Coordinates, end: Coordinates) -> int:
    """Great-circle distance in whole metres."""
    latitude, other_latitude = (math.radians(place.latitude_e6 / MICRO) for place in (start, end))
    across = math.radians((end.longitude_e6 - start.longitude_e6) / MICRO)
    chord = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(other_latitude) * math.sin(across / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord))))


def coarse(place: Coordinates, step_e6: int) -> Coordinates:
    """The nearest place on a grid of so many micro-degrees, which divide ninety degrees."""
    return Coordinates(*(round(micro / step_e6) * step_e6 for micro in (place.latitude_e6, place.longitude_e6)))


def _lies_in(box: Box, latitude: str | float | Decimal, longitude: str | float | Decimal) -> bool:
    try:
        place = from_degrees(latitude, longitude)
    except ImpossibleCoordinatesError:
        return False
    return box.contains(place.latitude_e6, place.longitude_e6)


def _require_on_earth(field: str, micro: int, most_e6: int) -> None:
    if abs(micro) > most_e6:
        raise ImpossibleCoordinatesError(field=field, value=degrees(micro), most=most_e6 // MICRO)


def _micro(field: str, value: str | float | Decimal, most_e6: int) -> int:
    most = most_e6 // MICRO
    try:
        number = Decimal(str(value).strip())
    except ArithmeticError:
        number = Decimal("nan")
    # Bounded first: turning 1E+9999999 into a whole number takes for ever.
    if not number.is_finite() or not -most <= number <= most:
        raise ImpossibleCoordinatesError(field=field, value=str(value), most=most)
    return round(number * MICRO)
