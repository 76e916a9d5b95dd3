"""Where homes are served, for which fee, and how far off."""

from dataclasses import replace
from datetime import date, timedelta

from farmlink.cycles.rules import (
    fee_of,
    minimum_of,
    refuse_home,
    refuse_space,
    space_at_home,
)
from farmlink.cycles.rules.refusals import (
    HomesNotServedError,
    HomeTooFarError,
    PointFullError,
)
from farmlink.cycles.values import CycleId, HomeTerms, LivedIn, Load, OpenCycle
from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId, RegionId
from farmlink.people.values import PersonId
from tests.farmlink.cycles.judged import NOON, judged

HOMES = HomeTerms(fee_minor=500, minimum_order_minor=2_000, range_m=30_000)
ADA = PersonId(uuid7())
DOOR = (CycleId(uuid7()), PlaceId(uuid7()))


def serving_homes(homes: HomeTerms | None = HOMES) -> OpenCycle:
    return replace(judged(NOON - timedelta(hours=1)), delivery_fee_minor=200, minimum_order_minor=1_000, homes=homes)


def test_a_home_at_the_very_end_of_the_range_is_served() -> None:
    cycle = serving_homes()
    assert refuse_home(cycle, LivedIn(ADA, cycle.region_id, 30_000), DOOR, ADA) is None
    assert refuse_home(cycle, LivedIn(ADA, cycle.region_id, 0), DOOR, ADA) is None


def test_a_home_farther_off_in_another_region_or_without_a_hub_is_too_far() -> None:
    cycle = serving_homes()
    for home in (
        LivedIn(ADA, cycle.region_id, 30_001),
        LivedIn(ADA, RegionId(uuid7()), 1),
        LivedIn(ADA, cycle.region_id, None),
    ):
        assert isinstance(refuse_home(cycle, home, DOOR, ADA), HomeTooFarError)


def test_a_home_where_one_does_not_live_does_not_exist_even_in_a_cycle_that_serves_none() -> None:
    for cycle in (serving_homes(), serving_homes(None)):
        for home in (None, LivedIn(PersonId(uuid7()), cycle.region_id, 1)):
            assert isinstance(refuse_home(cycle, home, DOOR, ADA), MissingError)


def test_a_cycle_without_terms_for_homes_serves_none() -> None:
    cycle = serving_homes(None)
    assert isinstance(refuse_home(cycle, LivedIn(ADA, cycle.region_id, 1), DOOR, ADA), HomesNotServedError)


def test_at_home_another_fee_and_another_minimum_stand_in_the_place_of_the_points() -> None:
    cycle = serving_homes()
    assert [fee_of(cycle, at_home=at_home) for at_home in (False, True)] == [200, 500]
    assert [minimum_of(cycle, at_home=at_home) for at_home in (False, True)] == [1_000, 2_000]
    assert minimum_of(serving_homes(replace(HOMES, minimum_order_minor=500)), at_home=True) == 500


def test_a_home_takes_one_order_however_heavy() -> None:
    space = space_at_home(DOOR)
    assert refuse_space(space, Load(1, 10**9), date(2026, 5, 6)) is None
    assert isinstance(refuse_space(space, Load(2, 1), date(2026, 5, 6)), PointFullError)
