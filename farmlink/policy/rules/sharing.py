"""Who gets what when there is not enough: pure, exact, in whole packs, and open to be reckoned again by anybody.

Every rule gives nobody more than they want and all together no more than there is; what it leaves over is less than the
smallest pack still wanted. The order in which claims are named changes nothing. Among claims that a rule holds equal,
whoever the fairness ledger owes most comes first, then the draw decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final
from uuid import UUID

from farmlink.policy.values import ShortageRule


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody would take, in base units, in whole packs of `pack` base units.

    `extra` is the part of `wanted` that they only tolerate; `balance_ppm` what earlier cycles still owe them, as a
    share of what they wanted there: above zero they were cut more than others. Who wants all of it or nothing is
    `whole`; what they only tolerate is no part of all.
    """

    id: UUID
    wanted: int
    pack: int
    extra: int = 0
    balance_ppm: int = 0
    whole: bool = False


Shares = dict[UUID, int]


def share(rule: ShortageRule, claims: Sequence[Claim], available: int, *, seed: str) -> list[int]:
    """Split what is there over the claims as the rule says; one share for each claim, in their order.

    The seed is published with the result. Where claims can still be chosen, it must hold something that nobody knows
    before they stand.
    """
    if available >= sum(claim.wanted for claim in claims):
        return [claim.wanted for claim in claims]
    shares = RULES[rule](claims, available, seed)
    return [shares[claim.id] for claim in claims]


def share_as_agreed(rule: ShortageRule, claims: Sequence[Claim], available: int, *, seed: str) -> dict[UUID, int]:
    """Split what is there over the claims like that; who wants all or nothing and would get a part is not there.

    Of these, who misses most of what they want leaves first, and no more of them than must: what they leave may serve
    the others whole.
    """
    asking = {claim.id: claim for claim in claims}
    while True:
        shares = dict(zip(asking, share(rule, list(asking.values()), available, seed=seed), strict=True))
        parted = [claim for claim in asking.values() if claim.whole and 0 < shares[claim.id] < _all_of(claim)]
        if not parted:
            return shares
        for claim in _leaving(parted, shares, seed):
            del asking[claim.id]


@lru_cache(2**16)
def draw(seed: str, claim_id: UUID) -> str:
    """The lot that a claim draws: SHA-256 of seed, slash and id, in hexadecimal; the lowest comes first."""
    return sha256(f"{seed}/{claim_id}".encode()).hexdigest()


def _all_of(claim: Claim) -> int:
    return claim.wanted - claim.extra


def _leaving(parted: Sequence[Claim], shares: Mapping[UUID, int], seed: str) -> list[Claim]:
    """Who leaves, so that what they had of it would do for those who stay; at least one."""
    missed = {claim.id: _all_of(claim) - shares[claim.id] for claim in parted}
    missing, freed = sum(missed.values()), 0
    staying = sorted(parted, key=lambda claim: (missed[claim.id], draw(seed, claim.id)))
    leaving: list[Claim] = []
    while not leaving or freed < missing:
        leaving.append(claim := staying.pop())
        missing -= missed[claim.id]
        freed += shares[claim.id]
    return leaving


def _pro_rata(claims: Sequence[Claim], available: int, seed: str) -> Shares:
    """By what is wanted; packs that remain go by largest remainder, one each in turn."""
    total = sum(claim.wanted for claim in claims)
    shares = {claim.id: available * claim.wanted // total // claim.pack * claim.pack for claim in claims}
    by_remainder = sorted(_in_turn(claims, seed), key=lambda claim: shares[claim.id] * total - available * claim.wanted)
    return _in_rounds(by_remainder, shares, available)


def _rotation(claims: Sequence[Claim], available: int, seed: str) -> Shares:
    """A pack each in turn, beginning with whom the ledger owes most, for as long as there is a pack for somebody."""
    return _in_rounds(_in_turn(claims, seed), {claim.id: 0 for claim in claims}, available)


def _lottery(claims: Sequence[Claim], available: int, seed: str) -> Shares:
    """All that is wanted, in the order that was drawn."""
    shares: Shares = {}
    for claim in sorted(claims, key=lambda claim: draw(seed, claim.id)):
        shares[claim.id] = min(claim.wanted, available) // claim.pack * claim.pack
        available -= shares[claim.id]
    return shares


def _tolerance_first(claims: Sequence[Claim], available: int, seed: str) -> Shares:
    """What is only tolerated goes before anything that is wanted is cut; pro rata either way.

    What is too little for a pack of anybody who is cut may still be a smaller one of what somebody tolerates.
    """
    firm = {claim.id: claim.wanted - claim.extra for claim in claims}
    spare = available - sum(firm.values())
    if spare < 0:
        shares = _pro_rata([replace(claim, wanted=firm[claim.id]) for claim in claims], available, seed)
        return _in_rounds(_in_turn(claims, seed), shares, available)
    extras = _pro_rata([replace(claim, wanted=claim.extra) for claim in claims], spare, seed)
    return {claim_id: wanted + extras[claim_id] for claim_id, wanted in firm.items()}


def _in_turn(claims: Sequence[Claim], seed: str) -> list[Claim]:
    """Whoever the ledger owes most first; among those that it owes the same, the draw decides."""
    return sorted(claims, key=lambda claim: (-claim.balance_ppm, draw(seed, claim.id)))


def _in_rounds(turn: Sequence[Claim], shares: Shares, available: int) -> Shares:
    """A pack more for everybody in turn, again and again, for as long as there is a pack for somebody."""
    while hungry := _hungry(turn, shares, available):
        rounds = _rounds(hungry, shares, available)
        for claim in hungry:
            shares[claim.id] += min(rounds * claim.pack, claim.wanted - shares[claim.id])
        _one_each(hungry, shares, available)
    return shares


def _hungry(turn: Sequence[Claim], shares: Mapping[UUID, int], available: int) -> list[Claim]:
    """Who still wants a pack that is there."""
    left = available - sum(shares.values())
    return [claim for claim in turn if claim.pack <= min(claim.wanted - shares[claim.id], left)]


def _rounds(hungry: Sequence[Claim], shares: Mapping[UUID, int], available: int) -> int:
    """How often everybody can have another pack, or all that they still want."""

    def taken(rounds: int) -> int:
        return sum(min(rounds * claim.pack, claim.wanted - shares[claim.id]) for claim in hungry)

    left = available - sum(shares.values())
    low, high = 0, max((claim.wanted - shares[claim.id]) // claim.pack for claim in hungry)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if taken(middle) <= left else (low, middle - 1)
    return low


def _one_each(turn: Sequence[Claim], shares: Shares, available: int) -> None:
    """One pack for everybody in turn, as far as they fit."""
    left = available - sum(shares.values())
    for claim in turn:
        if claim.pack <= min(claim.wanted - shares[claim.id], left):
            shares[claim.id] += claim.pack
            left -= claim.pack


RULES: Final[Mapping[ShortageRule, Callable[[Sequence[Claim], int, str], Shares]]] = {
    ShortageRule.PRO_RATA: _pro_rata,
    ShortageRule.ROTATION: _rotation,
    ShortageRule.LOTTERY: _lottery,
    ShortageRule.TOLERANCE_FIRST: _tolerance_first,
}
