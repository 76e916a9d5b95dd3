"""Where a region lies that has not said so."""

import pytest

from farmlink.kernel.geo import Box, Coordinates
from farmlink.network.rules.extent import FarFromClockError, expected_extent

DETROIT = "America/Detroit"


def at(latitude: int, longitude: int) -> Coordinates:
    return Coordinates(latitude * 1_000_000, longitude * 1_000_000)


def test_a_region_lies_around_the_middle_of_its_places() -> None:
    found = expected_extent([at(42, -86), at(43, -85), at(44, -84)], DETROIT)
    assert found == Box(37_000_000, -91_000_000, 49_000_000, -79_000_000)


def test_slips_of_the_directory_move_neither_the_middle_nor_the_size() -> None:
    here = [at(42, -86), at(43, -85), at(44, -84)] * 3
    assert expected_extent([*here, at(0, 0), at(-86, 42), at(52, -86)], DETROIT) == expected_extent(
        [*here, at(52, -86)], DETROIT
    )


def test_a_wide_region_is_as_wide_as_its_places() -> None:
    alaska = [at(55, -131), at(58, -134), at(61, -150), at(64, -147), at(66, -162)]
    found = expected_extent(alaska, "America/Anchorage")
    assert all(found.contains(place.latitude_e6, place.longitude_e6) for place in alaska)


def test_a_region_ends_at_the_pole_and_at_the_date_line() -> None:
    found = expected_extent([at(-17, 179), at(-18, 178)], "Pacific/Fiji")
    assert (found.east_e6, expected_extent([at(88, 15)], "Arctic/Longyearbyen").north_e6) == (180_000_000, 90_000_000)


@pytest.mark.parametrize("place", [at(39, 76), at(31, 121), at(47, 134)])
def test_all_of_a_country_with_one_clock_is_near_it(place: Coordinates) -> None:
    assert expected_extent([place], "Asia/Shanghai").contains(place.latitude_e6, place.longitude_e6)


@pytest.mark.parametrize("place", [at(-86, 42), at(42, 86)])
def test_places_far_from_their_clock_are_refused(place: Coordinates) -> None:
    with pytest.raises(FarFromClockError):
        expected_extent([place], DETROIT)


def test_east_of_the_date_line_is_near_a_clock_west_of_it() -> None:
    assert expected_extent([at(-17, -179)], "Pacific/Fiji").west_e6 == -180_000_000
