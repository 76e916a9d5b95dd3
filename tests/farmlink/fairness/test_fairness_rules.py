"""Who was favoured and who was cut, and how little equals drift apart over half a year of scarce goods."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farmlink.fairness import rules
from farmlink.fairness.values import Balance, Party, Share, Tally
from farmlink.policy.rules.sharing import Claim, share
from farmlink.policy.values import ShortageRule

CYCLES = 26
ANA, BO, CY = (UUID(int=number) for number in (1, 2, 3))
SHARED_BY_LEDGER = pytest.mark.parametrize(
    "rule", [ShortageRule.PRO_RATA, ShortageRule.ROTATION, ShortageRule.TOLERANCE_FIRST]
)


def test_who_got_more_than_the_equal_share_owes_it_to_who_got_less() -> None:
    found = rules.shares([Tally(ANA, "figs", 100, 80), Tally(BO, "figs", 100, 20)])
    assert found == [Share(ANA, 100, 50, 80), Share(BO, 100, 50, 20)]


def test_goods_that_were_not_scarce_owe_nobody_anything() -> None:
    found = rules.shares([Tally(ANA, "figs", 100, 100), Tally(BO, "kale", 100, 20), Tally(CY, "kale", 50, 10)])
    assert [(one.equal_minor, one.got_minor) for one in found] == [(100, 100), (20, 20), (10, 10)]


def test_what_somebody_wants_of_many_goods_adds_up() -> None:
    tallies = [Tally(ANA, "figs", 10, 10), Tally(ANA, "kale", 10, 0), Tally(BO, "kale", 10, 10)]
    assert rules.shares(tallies) == [Share(ANA, 20, 15, 10), Share(BO, 10, 5, 10)]


AMOUNT = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 10_000), st.integers(0, 100))


@given(st.lists(AMOUNT, max_size=20))
def test_the_ledger_sums_to_nothing_and_no_equal_share_is_more_than_was_wanted(
    drawn: list[tuple[int, int, int, int]],
) -> None:
    tallies = [Tally(UUID(int=who), goods, wanted, wanted * percent // 100) for who, goods, wanted, percent in drawn]
    found = rules.shares(tallies)
    assert sum(one.equal_minor for one in found) == sum(one.got_minor for one in found)
    assert sum(one.got_minor for one in found) == sum(tally.got_minor for tally in tallies)
    assert all(0 <= one.equal_minor <= one.wanted_minor for one in found)


def test_nothing_of_nothing_is_no_share() -> None:
    assert rules.ppm(0, 0) == 0
    assert rules.equal_shares({ANA: 0, BO: 0}, 0) == {ANA: 0, BO: 0}


def balance(got: int, wanted: int = 100, equal: int = 50) -> Balance:
    return rules.balance_of(ANA, cycles=1, wanted_minor=wanted, equal_minor=equal, got_minor=got)


def test_the_spread_names_the_ends_the_middle_and_those_who_got_nothing() -> None:
    found = rules.spread(Party.FARMS, [balance(0, equal=70), balance(50), balance(100), balance(0, wanted=0, equal=0)])
    assert (found.parties, found.wanted_minor, found.got_minor) == (3, 300, 150)
    assert (found.most_owed_ppm, found.most_favoured_ppm, found.got_nothing) == (700_000, -500_000, 1)
    assert (found.lowest_decile_ppm, found.jain_ppm) == (0, 600_000)


def test_where_all_fare_alike_the_index_is_whole() -> None:
    assert rules.spread(Party.CONSUMERS, [balance(50), balance(5, wanted=10, equal=5)]).jain_ppm == 1_000_000


def test_where_nobody_is_nobody_is_cut() -> None:
    found = rules.spread(Party.CONSUMERS, [])
    assert (found.parties, found.most_owed_ppm, found.lowest_decile_ppm, found.jain_ppm) == (0, 0, 1_000_000, 1_000_000)


@dataclass(frozen=True)
class Crop:
    """A scarce crop: pack in base units, its price, packs wanted by class, and the part that is there each cycle."""

    pack: int
    price_minor: int
    wanted: tuple[int, ...]
    there_ppm: tuple[int, ...]


@dataclass
class Played:
    """What a season came to: what everybody wanted and got, and the most that equals may be apart."""

    wanted: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    equal: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    got: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))

    def owed_ppm(self, who: UUID) -> int:
        return rules.ppm(self.equal[who] - self.got[who], self.wanted[who])

    def book(self, tallies: list[Tally]) -> None:
        for one in rules.shares(tallies):
            self.wanted[one.party_id] += one.wanted_minor
            self.equal[one.party_id] += one.equal_minor
            self.got[one.party_id] += one.got_minor

    def spread(self, equals: list[UUID]) -> int:
        """How far apart equals are, in minor units."""
        return max(self.got[who] for who in equals) - min(self.got[who] for who in equals)


def play(rule: ShortageRule, classes: list[list[UUID]], crops: list[Crop], *, ledger: bool = True) -> Played:
    """Share crop by crop and cycle by cycle; the ledger is written at the end of each cycle."""
    played = Played()
    for cycle in range(CYCLES):
        owed = {who: played.owed_ppm(who) if ledger else 0 for equals in classes for who in equals}
        tallies: list[Tally] = []
        for number, crop in enumerate(crops):
            claims = [
                Claim(who, packs * crop.pack, crop.pack, balance_ppm=owed[who])
                for packs, equals in zip(crop.wanted, classes, strict=True)
                for who in equals
            ]
            there = sum(one.wanted for one in claims) * crop.there_ppm[cycle] // 1_000_000
            shares = share(rule, claims, there, seed=f"{cycle}/{number}")
            tallies += [
                Tally(one.id, number, one.wanted // crop.pack * crop.price_minor, got // crop.pack * crop.price_minor)
                for one, got in zip(claims, shares, strict=True)
            ]
        played.book(tallies)
    return played


def bound(played: Played, crops: list[Crop], equals: list[UUID]) -> int:
    """Equals are never further apart than one pack of each crop is worth, and what rounding in the ledger hides.

    Whoever is behind comes first in every sharing of a cycle, and gets at most a pack more of each. The ledger rounds
    each crop's equal share to a minor unit, and what it owes to a millionth of what was wanted.
    """
    packs = sum(crop.price_minor for crop in crops)
    return packs + CYCLES * len(crops) + played.wanted[equals[0]] // 1_000_000 + 1


def people(count: int, first: int = 0) -> list[UUID]:
    return [UUID(int=first + number) for number in range(count)]


@SHARED_BY_LEDGER
def test_over_26_cycles_equal_consumers_stay_within_a_pack_of_each_crop(rule: ShortageRule) -> None:
    dice = Random(7)
    crops = [
        Crop(pack, price, (3, 2, 1), tuple(dice.randint(300_000, 950_000) for _ in range(CYCLES)))
        for pack, price in ((1_000, 320), (500, 450), (6, 380))
    ]
    classes = [people(11, first) for first in (0, 100, 200)]
    played = play(rule, classes, crops)
    for equals in classes:
        assert played.spread(equals) <= bound(played, crops, equals)
        assert played.got[equals[0]] < played.wanted[equals[0]]


@SHARED_BY_LEDGER
def test_over_26_cycles_equal_farms_that_offer_more_than_is_wanted_sell_alike(rule: ShortageRule) -> None:
    dice = Random(3)
    demand = tuple(dice.randint(200_000, 700_000) for _ in range(CYCLES))
    crops = [Crop(10_000, 2_000, (7,), demand)]
    farms = people(9)
    played = play(rule, [farms], crops)
    assert played.spread(farms) <= bound(played, crops, farms)
    assert 0 < played.got[farms[0]] < played.wanted[farms[0]]


def test_without_the_ledger_equals_drift_apart() -> None:
    crops = [Crop(1, 100, (1,), (500_000,) * CYCLES)]
    apart = play(ShortageRule.ROTATION, [people(7)], crops, ledger=False)
    kept = play(ShortageRule.ROTATION, [people(7)], crops)
    assert apart.spread(people(7)) > bound(apart, crops, people(7)) >= kept.spread(people(7))


@st.composite
def seasons(draw: st.DrawFn) -> tuple[list[list[UUID]], list[Crop]]:
    classes = [people(draw(st.integers(2, 5)), 100 * number) for number in range(draw(st.integers(1, 3)))]
    crops = [
        Crop(
            draw(st.sampled_from([1, 6, 500, 1000])),
            draw(st.integers(50, 900)),
            tuple(draw(st.integers(0, 6)) for _ in classes),
            tuple(draw(st.integers(0, 1_000_000)) for _ in range(CYCLES)),
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
    return classes, crops


@SHARED_BY_LEDGER
@settings(max_examples=40)
@given(season=seasons())
def test_in_no_season_do_equals_drift_further_apart(
    rule: ShortageRule, season: tuple[list[list[UUID]], list[Crop]]
) -> None:
    classes, crops = season
    played = play(rule, classes, crops)
    assert all(played.spread(equals) <= bound(played, crops, equals) for equals in classes)
    assert sum(played.equal.values()) == sum(played.got.values())
