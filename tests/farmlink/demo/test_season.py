"""What a season is made of, before it is played."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from farmlink.demo.season.books import spread
from farmlink.demo.season.ground import CROPS, FARMS, HOUSEHOLDS
from farmlink.demo.season.opening import SHY_SHARE
from farmlink.demo.season.story import CLASSES, PARTIAL, SHY, Week, weeks
from farmlink.policy.values import ShortageRule


@pytest.fixture
def season() -> list[Week]:
    return list(weeks(26, 1))


@dataclass(frozen=True)
class Served:
    """What somebody wanted and got."""

    owner_id: UUID
    wanted_minor: int
    got_minor: int


def test_a_season_can_be_played_again(season: list[Week]) -> None:
    assert list(weeks(26, 1)) == season
    assert list(weeks(26, 2)) != season


def test_every_rule_of_shortage_holds_for_a_part_of_the_season(season: list[Week]) -> None:
    assert {week.rule for week in season} == set(ShortageRule)
    assert {week.rule for week in weeks(4, 1)} == set(ShortageRule)


def test_everything_befalls_a_season_of_five_weeks() -> None:
    season = list(weeks(5, 1))

    assert [week.number for week in season if week.empty] == [3]
    assert [week.number for week in season if week.hesitant] == [1]
    assert [week.number for week in season if week.harvest_fails] == [4]
    assert [week.number for week in season if _seldom(week)] == [2]


def test_what_is_seldom_wanted_misses_its_threshold(season: list[Week]) -> None:
    rows = [row for row, crop in enumerate(CROPS) if crop.code in {SHY, PARTIAL}]
    for week in season:
        for row in rows:
            wanted = sum(packs[row] for packs in week.wanted) * CROPS[row].pack
            threshold = SHY_SHARE * sum(quantities[row] for quantities in week.offered)
            assert (wanted < threshold) == week.frosty


def test_equals_want_and_offer_the_same(season: list[Week]) -> None:
    for week in season:
        assert len(week.wanted) == HOUSEHOLDS
        assert len(week.offered) == FARMS
        assert {week.wanted[house] == week.wanted[house % CLASSES] for house in range(HOUSEHOLDS)} == {True}
        assert len(set(week.offered)) == 1


def test_farms_offer_whole_packs_and_more_than_is_wanted(season: list[Week]) -> None:
    for week in season:
        for row, crop in enumerate(CROPS):
            offered = [quantities[row] for quantities in week.offered]
            assert {quantity % crop.pack for quantity in offered} == {0}
            assert sum(offered) >= sum(packs[row] for packs in week.wanted) * crop.pack


def test_equals_are_compared_with_their_own_kind_alone() -> None:
    ada, ben, eve = uuid4(), uuid4(), uuid4()
    served = [Served(ada, 1000, 900), Served(ben, 500, 400), Served(eve, 1000, 100)]

    assert spread(served, {ada: 0, ben: 0, eve: 1}) == 0.1
    assert spread(served, {ada: 0, ben: 0, eve: 0}) == 0.8
    assert spread([], {}) == 0.0


def _seldom(week: Week) -> bool:
    rows = [row for row, crop in enumerate(CROPS) if crop.code in {SHY, PARTIAL}]
    return any(packs[row] == 0 for packs in week.wanted for row in rows)
