"""How far equals may come apart in a season is stated before it is measured, and a ledger that fails goes beyond it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import pytest

from farmlink.demo.season.books import spread
from farmlink.demo.season.bounds import Stake, beyond, bound
from farmlink.fairness.rules import ppm, shares
from farmlink.fairness.values import Tally
from farmlink.policy.rules.sharing import Claim, share
from farmlink.policy.values import ShortageRule

WEEKS, PACKS, THERE, PACK_MINOR = 26, 2, 15, 460
"""Each of ten equals wants two packs a week, and there are fifteen."""
EQUALS = tuple(UUID(int=number) for number in range(1, 11))


@dataclass(frozen=True)
class Kept:
    """What somebody wanted and got of a whole season."""

    owner_id: UUID
    wanted_minor: int
    got_minor: int


def season(rule: ShortageRule, ledger: int) -> dict[str, float]:
    """Share week by week; a ledger of 1 is kept as declared, of -1 it favours who was favoured before."""
    owed, got = Counter[UUID](), Counter[UUID]()
    for week in range(WEEKS):
        claims = [
            Claim(person, PACKS, 1, balance_ppm=ledger * ppm(owed[person], PACKS * PACK_MINOR * max(1, week)))
            for person in EQUALS
        ]
        served = share(rule, claims, THERE, seed=f"week {week}")
        tallies = [
            Tally(person, None, PACKS * PACK_MINOR, packs * PACK_MINOR)
            for person, packs in zip(EQUALS, served, strict=True)
        ]
        for one in shares(tallies):
            owed[one.party_id] += one.equal_minor - one.got_minor
            got[one.party_id] += one.got_minor
    rows = [Kept(person, PACKS * PACK_MINOR * WEEKS, got[person]) for person in EQUALS]
    stakes = [Stake(PACKS, PACKS, owed=rule is not ShortageRule.LOTTERY)] * WEEKS
    return {
        "spread_equal_consumers": spread(rows, dict.fromkeys(EQUALS, 0)),
        "spread_bound_consumers": bound(stakes),
        "spread_equal_farms": 0.0,
        "spread_bound_farms": 0.0,
    }


def test_equals_may_be_apart_by_two_cycles_of_the_dearest_and_by_what_every_lottery_drew() -> None:
    owed = [Stake(100, 40), Stake(100, 20), Stake(200, 10)]

    assert bound(owed) == 0.2
    assert bound([*owed, Stake(100, 30, owed=False), Stake(100, 15, owed=False)]) == round((80 + 45) / 600, 6)
    assert bound([Stake(100, 0)] * 9) == bound([]) == 0.0


@pytest.mark.parametrize("rule", [ShortageRule.PRO_RATA, ShortageRule.ROTATION, ShortageRule.TOLERANCE_FIRST])
def test_with_the_ledger_equals_stay_together_and_with_a_false_one_they_go_beyond_what_is_stated(
    rule: ShortageRule,
) -> None:
    assert beyond(season(rule, 1)) == []

    false = season(rule, -1)

    apart, most = false["spread_equal_consumers"], false["spread_bound_consumers"]
    assert beyond(false) == [f"fairness: equal consumers came {apart} apart, at most {most}"]


def test_a_lottery_owes_nobody_anything_and_so_is_bound_by_what_it_drew_alone() -> None:
    assert season(ShortageRule.LOTTERY, 1)["spread_bound_consumers"] == 1.0


def test_farms_are_held_to_their_own_bound() -> None:
    kept = {"spread_equal_consumers": 0.0, "spread_bound_consumers": 0.0}

    assert beyond(kept | {"spread_equal_farms": 0.08, "spread_bound_farms": 0.08}) == []
    assert beyond(kept | {"spread_equal_farms": 0.09, "spread_bound_farms": 0.08}) == [
        "fairness: equal farms came 0.09 apart, at most 0.08"
    ]
