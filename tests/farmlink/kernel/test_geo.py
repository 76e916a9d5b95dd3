from decimal import Decimal

import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from farmlink.kernel.datum import bd09_to_gcj02, bd09_to_wgs84, gcj02_to_wgs84, shift
from farmlink.kernel.errors import InvalidError
from farmlink.kernel.geo import (
    MICRO,
    Box,
    Coordinates,
    CoordinatesOutsideError,
    ImpossibleCoordinatesError,
    SwappedCoordinatesError,
    degrees,
    from_degrees,
    haversine_m,
    place_in,
)

MICHIGAN = Box(41_600_000, -90_500_000, 48_400_000, -82_000_000)
CHINESE_PLACES = st.builds(Coordinates, st.integers(19_000_000, 52_000_000), st.integers(76_000_000, 132_000_000))
PLACES = st.builds(Coordinates, st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))


def shifted(place: Coordinates) -> Coordinates:
    """Where a Chinese map shows a place."""
    north, east = shift(place.latitude_e6 / MICRO, place.longitude_e6 / MICRO)
    return Coordinates(place.latitude_e6 + round(north * MICRO), place.longitude_e6 + round(east * MICRO))


def test_degrees_become_whole_micro_degrees() -> None:
    assert from_degrees("42.3314", " -83.0458 ") == Coordinates(42_331_400, -83_045_800)
    assert from_degrees(42.33140049, Decimal("-83.0458")) == Coordinates(42_331_400, -83_045_800)
    assert degrees(-83_045_800) == "-83.045800"


@pytest.mark.parametrize(
    ("latitude", "longitude", "refused"),
    [
        ("91", "0", ("latitude", "91", 90)),
        ("-90.0000001", "0", ("latitude", "-90.0000001", 90)),
        ("0", "180.1", ("longitude", "180.1", 180)),
        ("nan", "0", ("latitude", "nan", 90)),
        ("0", "1E+9999999", ("longitude", "1E+9999999", 180)),
        ("inf", "0", ("latitude", "inf", 90)),
        ("", "0", ("latitude", "", 90)),
        ("42,3", "0", ("latitude", "42,3", 90)),
    ],
)
def test_what_is_nowhere_on_earth_is_refused_with_its_field_its_value_and_the_range(
    latitude: str, longitude: str, refused: tuple[str, str, int]
) -> None:
    with pytest.raises(ImpossibleCoordinatesError) as told:
        from_degrees(latitude, longitude)
    assert tuple(told.value.facts[name] for name in ("field", "value", "most")) == refused


@pytest.mark.parametrize(
    ("sides", "field", "value"),
    [
        ((-90_000_001, 0, 0, 0), "extent.south_e6", "-90.000001"),
        ((0, 0, 90_000_001, 0), "extent.north_e6", "90.000001"),
        ((0, -180_000_001, 0, 0), "extent.west_e6", "-180.000001"),
        ((0, 0, 0, 180_000_001), "extent.east_e6", "180.000001"),
    ],
)
def test_a_box_that_reaches_beyond_the_earth_names_the_side(
    sides: tuple[int, int, int, int], field: str, value: str
) -> None:
    with pytest.raises(ImpossibleCoordinatesError) as told:
        Box(*sides)
    assert (told.value.facts["field"], told.value.facts["value"]) == (field, value)


def test_the_poles_and_the_date_line_are_on_earth() -> None:
    assert from_degrees("-90", "180") == Coordinates(-90_000_000, 180_000_000)
    assert Box(-90_000_000, -180_000_000, 90_000_000, 180_000_000).contains(90_000_000, -180_000_000)


def test_a_farm_in_its_region_is_accepted() -> None:
    assert place_in(MICHIGAN, "42.3", "-83.0") == Coordinates(42_300_000, -83_000_000)


def test_swapped_coordinates_are_told_apart_from_far_ones() -> None:
    with pytest.raises(SwappedCoordinatesError):
        place_in(MICHIGAN, "-83.0", "42.3")
    with pytest.raises(CoordinatesOutsideError):
        place_in(MICHIGAN, "51.5", "0")


def test_swapped_coordinates_that_are_nowhere_on_earth_are_recognised_too() -> None:
    shanghai = Box(30_000_000, 120_000_000, 32_000_000, 123_000_000)
    with pytest.raises(SwappedCoordinatesError):
        place_in(shanghai, "121.5", "31.2")
    with pytest.raises(ImpossibleCoordinatesError):
        place_in(MICHIGAN, "121.5", "31.2")
    with pytest.raises(ImpossibleCoordinatesError):
        place_in(MICHIGAN, "121.5", "999")


@pytest.mark.parametrize("corners", [(2, 0, 1, 1), (0, 2, 1, 1)])
def test_a_box_inside_out_is_refused(corners: tuple[int, int, int, int]) -> None:
    with pytest.raises(InvalidError):
        Box(*corners)


@given(PLACES, PLACES)
def test_distances_agree_with_geopy(start: Coordinates, end: Coordinates) -> None:
    points = [(place.latitude_e6 / 1e6, place.longitude_e6 / 1e6) for place in (start, end)]
    assert haversine_m(start, end) == pytest.approx(great_circle(*points).m, rel=1e-5, abs=2)
    assert haversine_m(start, end) == haversine_m(end, start)


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),  # published with eviltransform, github.com/googollee/eviltransform
    [
        (("31.1774276", "121.5272106"), (31_175_304, 121_531_542)),
        (("22.543847", "113.912316"), (22_540_796, 113_917_176)),
        (("39.911954", "116.377817"), (39_913_345, 116_384_047)),
    ],
)
def test_chinese_maps_are_shifted_as_published(wgs84: tuple[str, str], gcj02: tuple[int, int]) -> None:
    assert shifted(from_degrees(*wgs84)) == Coordinates(*gcj02)
    assert haversine_m(gcj02_to_wgs84(Coordinates(*gcj02)), from_degrees(*wgs84)) <= 1


def test_baidus_own_shift_is_undone_as_published() -> None:
    # published with coordtransform, github.com/wandergis/coordtransform
    assert bd09_to_gcj02(from_degrees("39.915", "116.404")) == Coordinates(39_908_657, 116_397_627)


@given(CHINESE_PLACES)
def test_a_shifted_point_comes_back_to_where_it_was(place: Coordinates) -> None:
    assert haversine_m(gcj02_to_wgs84(shifted(place)), place) <= 1


def test_nothing_is_shifted_outside_china() -> None:
    detroit = from_degrees("42.3314", "-83.0458")
    assert gcj02_to_wgs84(detroit) == bd09_to_wgs84(detroit) == detroit
