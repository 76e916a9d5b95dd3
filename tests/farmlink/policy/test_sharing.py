"""Who gets what when there is not enough, by each declared rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.policy.rules.sharing import RULES, Claim, draw, share, share_as_agreed
from farmlink.policy.values import ShortageRule
from tests.farmlink.policy import plainly

SEED = "cycle/batch"
ANY_RULE = pytest.mark.parametrize("rule", list(ShortageRule))


def claim(number: int, wanted: int, pack: int = 1, extra: int = 0, balance_ppm: int = 0) -> Claim:
    return Claim(UUID(int=number), wanted, pack, extra, balance_ppm)


def got(rule: ShortageRule, available: int, *claims: Claim, seed: str = SEED) -> list[int]:
    return share(rule, claims, available, seed=seed)


@st.composite
def shortages(draw_: Callable[..., int]) -> tuple[list[Claim], int, str]:
    """Claims in whole packs, and less or more than enough for them."""
    sizes = st.sampled_from([1, 3, 250, 500, 1000, 2500])
    claims = []
    for number in range(1, draw_(st.integers(1, 9)) + 1):
        pack, packs = draw_(sizes), draw_(st.integers(0, 30))
        extra, balance = draw_(st.integers(0, packs)), draw_(st.integers(-3, 3)) * 100_000
        claims.append(claim(number, packs * pack, pack, extra=extra * pack, balance_ppm=balance))
    available = draw_(st.integers(0, sum(one.wanted for one in claims) + 10))
    return claims, available, str(draw_(st.integers(0, 50)))


def test_every_rule_that_can_be_declared_is_there() -> None:
    assert set(RULES) == set(ShortageRule)


@ANY_RULE
@given(shortage=shortages())
def test_a_shortage_is_shared_in_whole_packs_and_wastes_none(
    rule: ShortageRule, shortage: tuple[list[Claim], int, str]
) -> None:
    claims, available, seed = shortage
    shares = share(rule, claims, available, seed=seed)
    assert sum(shares) <= available
    assert all(0 <= part <= one.wanted and part % one.pack == 0 for part, one in zip(shares, claims, strict=True))
    still = [one.pack for part, one in zip(shares, claims, strict=True) if part < one.wanted]
    assert available - sum(shares) < min(still, default=available + 1)


@ANY_RULE
@given(shortage=shortages(), shuffle=st.integers(0, 99))
def test_the_order_in_which_claims_are_named_changes_nothing(
    rule: ShortageRule, shortage: tuple[list[Claim], int, str], shuffle: int
) -> None:
    claims, available, seed = shortage
    shuffled = Random(shuffle).sample(claims, len(claims))
    first, second = (share(rule, order, available, seed=seed) for order in (claims, shuffled))
    assert dict(zip(claims, first, strict=True)) == dict(zip(shuffled, second, strict=True))


@ANY_RULE
@given(shortage=shortages())
def test_nobody_is_cut_when_there_is_enough(rule: ShortageRule, shortage: tuple[list[Claim], int, str]) -> None:
    claims, _, seed = shortage
    wanted = [one.wanted for one in claims]
    assert share(rule, claims, sum(wanted), seed=seed) == wanted


@ANY_RULE
@given(wanted=st.integers(1, 20), there=st.lists(st.integers(0, 80), min_size=1, max_size=20))
def test_the_same_claims_and_the_same_seed_give_the_same_shares(
    rule: ShortageRule, wanted: int, there: list[int]
) -> None:
    claims = [claim(number, wanted) for number in range(4)]
    once = [share(rule, claims, available, seed=SEED) for available in there]
    assert once == [share(rule, claims, available, seed=SEED) for available in there]


def split(one: Claim, into: list[int]) -> list[Claim]:
    """The same claim of the same person in so many packs each; what they tolerate is in the last of them."""
    parts, extra = [], one.extra
    for number, packs in reversed(list(enumerate(into))):
        wanted = packs * one.pack
        parts.append(replace(one, id=UUID(int=one.id.int + number), wanted=wanted, extra=min(extra, wanted)))
        extra -= min(extra, wanted)
    return parts


@ANY_RULE
@given(shortage=shortages(), data=st.data())
def test_who_splits_a_claim_gets_no_more_and_no_less_and_neither_does_anybody_else(
    rule: ShortageRule, shortage: tuple[list[Claim], int, str], data: st.DataObject
) -> None:
    claims, available, seed = shortage
    whole = [replace(one, id=UUID(int=one.id.int << 8), whose=UUID(int=one.id.int << 8)) for one in claims]
    chosen = data.draw(st.sampled_from(whole))
    into, left = list[int](), chosen.wanted // chosen.pack
    while left:
        into.append(data.draw(st.integers(1, left)))
        left -= into[-1]
    others = [one for one in whole if one is not chosen]

    before = dict(zip(whole, share(rule, whole, available, seed=seed), strict=True))
    parts = [*others, *split(chosen, into)]
    after = share(rule, parts, available, seed=seed)

    assert after[: len(others)] == [before[one] for one in others]
    assert sum(after[len(others) :]) == before[chosen]
    assert all(0 <= part <= one.wanted and part % one.pack == 0 for part, one in zip(after, parts, strict=True))


@ANY_RULE
@given(shortage=shortages(), whose=st.lists(st.integers(1, 3), min_size=9, max_size=9), there=st.integers(0, 100))
def test_a_person_who_claims_packs_of_several_sizes_wastes_none_either(
    rule: ShortageRule, shortage: tuple[list[Claim], int, str], whose: list[int], there: int
) -> None:
    claims = [
        replace(one, whose=UUID(int=100 + number), balance_ppm=number)
        for one, number in zip(shortage[0], whose, strict=False)
    ]
    available = sum(one.wanted for one in claims) * there // 100
    shares = share(rule, claims, available, seed=SEED)
    assert all(0 <= part <= one.wanted and part % one.pack == 0 for part, one in zip(shares, claims, strict=True))
    still = [one.pack for part, one in zip(shares, claims, strict=True) if part < one.wanted]
    assert available - sum(shares) < min(still, default=available + 1)
    assert shares[::-1] == share(rule, claims[::-1], available, seed=SEED)


def test_who_splits_what_they_want_whole_does_not_leave_later_for_it() -> None:
    one = replace(claim(1, 6), whole=True)
    parts = [replace(claim(number, 2), whole=True, whose=UUID(int=2)) for number in (2, 3, 4, 5)]
    shares = share_as_agreed(ShortageRule.PRO_RATA, [one, *parts], 7, seed=SEED)
    assert shares[one.id] == 6


@ANY_RULE
def test_of_two_who_want_all_or_nothing_one_is_served_where_that_is_there(rule: ShortageRule) -> None:
    both = [replace(claim(1, 20, 10), whole=True), replace(claim(2, 20, 4), whole=True)]
    assert max(share_as_agreed(rule, both, 20, seed=SEED).values(), default=0) == 20


@ANY_RULE
@given(shortage=shortages())
def test_what_serves_one_of_those_who_want_all_or_nothing_is_not_left_lying(
    rule: ShortageRule, shortage: tuple[list[Claim], int, str]
) -> None:
    claims, available, seed = shortage
    whole = [replace(one, extra=0, whole=True) for one in claims if one.wanted]
    shares = share_as_agreed(rule, whole, available, seed=seed)
    assert all(shares.get(one.id, 0) in {0, one.wanted} for one in whole)
    assert any(shares.values()) or available < min((one.wanted for one in whole), default=available + 1)


@ANY_RULE
@given(shortage=shortages(), whose=st.lists(st.integers(1, 9), min_size=9, max_size=9), data=st.data())
def test_anybody_who_reads_the_rule_reckons_the_same(
    rule: ShortageRule, shortage: tuple[list[Claim], int, str], whose: list[int], data: st.DataObject
) -> None:
    claims, available, seed = shortage
    claims = [
        replace(one, whose=UUID(int=100 + number), balance_ppm=number, whole=data.draw(st.booleans()))
        for one, number in zip(claims, whose, strict=False)
    ]
    wishes = [
        plainly.Wish(one.id, one.person, one.wanted, one.pack, one.extra, one.balance_ppm, one.whole) for one in claims
    ]
    shares = dict(zip((one.id for one in claims), share(rule, claims, available, seed=seed), strict=True))
    assert shares == plainly.shared(rule, wishes, available, seed)
    agreed = share_as_agreed(rule, claims, available, seed=seed)
    assert agreed == plainly.shared_as_agreed(rule, wishes, available, seed)


def test_a_turn_is_a_large_pack_first_and_then_a_smaller_one() -> None:
    mixed = [replace(claim(1, 2_000, 1_000), whose=UUID(int=9)), replace(claim(2, 500, 100), whose=UUID(int=9))]
    assert got(ShortageRule.ROTATION, 3_300, *mixed, claim(3, 3_000, 1_000, balance_ppm=1)) == [1_000, 300, 2_000]


def test_pro_rata_cuts_by_what_was_wanted() -> None:
    assert got(ShortageRule.PRO_RATA, 15, claim(1, 10), claim(2, 20)) == [5, 10]


def test_pro_rata_gives_packs_that_remain_by_largest_remainder() -> None:
    claims = [claim(1, 5000, 1000), claim(2, 4000, 1000), claim(3, 1000, 1000)]
    assert got(ShortageRule.PRO_RATA, 7000, *claims) == [3000, 3000, 1000]


def test_pro_rata_lets_what_is_too_little_for_a_large_pack_fill_a_small_one() -> None:
    assert got(ShortageRule.PRO_RATA, 9_500, claim(1, 10_000, 10_000), claim(2, 3_000, 500)) == [0, 3_000]


def test_pro_rata_gives_the_last_pack_among_equals_to_whom_the_ledger_owes_most() -> None:
    assert got(ShortageRule.PRO_RATA, 3, claim(1, 2), claim(2, 2, balance_ppm=1)) == [1, 2]


@given(wanted=st.lists(st.integers(0, 500), min_size=1, max_size=9), available=st.integers(0, 4000))
def test_pro_rata_misses_the_exact_share_by_less_than_a_pack(wanted: list[int], available: int) -> None:
    shares = got(ShortageRule.PRO_RATA, available, *(claim(number, one) for number, one in enumerate(wanted)))
    total = max(sum(wanted), available, 1)
    assert all(abs(part * total - available * one) < total for part, one in zip(shares, wanted, strict=True)) or (
        available >= sum(wanted)
    )


def test_rotation_serves_first_whom_the_ledger_owes_most() -> None:
    owed = claim(2, 5, balance_ppm=10)
    assert got(ShortageRule.ROTATION, 1, claim(1, 5), owed, claim(3, 5, balance_ppm=-10)) == [0, 1, 0]


def test_rotation_gives_a_pack_each_before_anybody_has_a_second() -> None:
    assert got(ShortageRule.ROTATION, 5, claim(1, 9, balance_ppm=2), claim(2, 1), claim(3, 9)) in ([3, 1, 1], [2, 1, 2])
    assert got(ShortageRule.ROTATION, 4, claim(1, 9), claim(2, 9, balance_ppm=1), claim(3, 1)) == [1, 2, 1]


def test_rotation_goes_on_with_small_packs_where_no_large_one_is_left() -> None:
    assert got(ShortageRule.ROTATION, 1_900, claim(1, 5_000, 1_000), claim(2, 5_000, 100)) == [1_000, 900]


@given(shortage=shortages())
def test_rotation_leaves_nobody_a_turn_behind_whose_pack_would_have_fitted(
    shortage: tuple[list[Claim], int, str],
) -> None:
    claims, available, seed = shortage
    same = [Claim(one.id, one.wanted // one.pack, 1, balance_ppm=one.balance_ppm) for one in claims]
    shares = share(ShortageRule.ROTATION, same, available // 500, seed=seed)
    cut = [part for part, one in zip(shares, same, strict=True) if part < one.wanted]
    assert max(shares) - min(cut, default=max(shares)) <= 1


def test_the_lottery_can_be_drawn_again_by_anybody_who_knows_the_seed() -> None:
    claims = [claim(number, 3) for number in range(1, 4)]
    order = sorted(claims, key=lambda one: sha256(f"{SEED}/{one.id}".encode()).hexdigest())
    shares = dict(zip(claims, got(ShortageRule.LOTTERY, 4, *claims), strict=True))
    assert [shares[one] for one in order] == [3, 1, 0]


def test_another_seed_draws_another_order() -> None:
    claims = [claim(number, 1) for number in range(1, 9)]
    winners = {tuple(got(ShortageRule.LOTTERY, 1, *claims, seed=str(seed))) for seed in range(40)}
    assert len(winners) > 4


def test_a_drawn_pack_that_does_not_fit_leaves_its_turn_to_the_next() -> None:
    large, small = claim(1, 1_000, 1_000), claim(2, 100, 100)
    assert got(ShortageRule.LOTTERY, 900, large, small) == [0, 100]


@given(balance=st.integers(-1_000_000, 1_000_000))
def test_no_debt_moves_the_draw(balance: int) -> None:
    claims = [claim(1, 2), claim(2, 2, balance_ppm=balance)]
    assert got(ShortageRule.LOTTERY, 2, *claims) == got(ShortageRule.LOTTERY, 2, claim(1, 2), claim(2, 2))
    assert draw(SEED, claims[0].id) != draw(SEED, claims[1].id)


def test_tolerance_goes_before_anything_that_is_wanted_is_cut() -> None:
    generous, plain = claim(1, 5, extra=2), claim(2, 3)
    assert got(ShortageRule.TOLERANCE_FIRST, 6, generous, plain) == [3, 3]
    assert got(ShortageRule.TOLERANCE_FIRST, 7, generous, plain) == [4, 3]


def test_when_all_tolerance_is_gone_the_rest_is_cut_pro_rata() -> None:
    assert got(ShortageRule.TOLERANCE_FIRST, 4, claim(1, 9, extra=5), claim(2, 4)) == [2, 2]


@given(shortage=shortages())
def test_nobody_keeps_what_they_only_tolerate_while_another_is_cut_of_what_they_want(
    shortage: tuple[list[Claim], int, str],
) -> None:
    claims, available, seed = shortage
    shares = share(ShortageRule.TOLERANCE_FIRST, claims, available, seed=seed)
    firm = [one.wanted - one.extra for one in claims]
    cut = [one.pack for one, part, least in zip(claims, shares, firm, strict=True) if part < least]
    kept = sum(max(0, part - least) for part, least in zip(shares, firm, strict=True))
    assert kept < min(cut, default=kept + 1), "at most what is no pack of anybody who is cut"
