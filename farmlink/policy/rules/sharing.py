"""Who gets what when there is not enough: pure, exact, in whole packs, and open to be reckoned again by anybody.

Every rule gives nobody more than they want and all together no more than there is; what it leaves over is less than the
smallest pack still wanted. The order in which claims are named changes nothing. It is persons who share: all claims of
one count as one, so that who splits a claim gains nothing, and what they get is shared over their claims by the same
rule. Among persons whom a rule holds equal, whoever the fairness ledger owes most comes first, then the draw decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    `whole`; what they only tolerate is no part of all. `whose` is one and the same in all claims of a person, who draws
    by it; without it, a claim is its person's only one.
    """

    id: UUID
    wanted: int
    pack: int
    extra: int = 0
    balance_ppm: int = 0
    whole: bool = False
    whose: UUID | None = None

    @property
    def person(self) -> UUID:
        """By what its person draws."""
        return self.whose or self.id


Shares = dict[UUID, int]
Person = tuple[Claim, ...]
"""All that a person claims, the largest packs first; one claim of each size."""


def share(rule: ShortageRule, claims: Sequence[Claim], available: int, *, seed: str) -> list[int]:
    """Split what is there over the claims as the rule says; one share for each claim, in their order.

    The seed is published with the result. Where claims can still be chosen, it must hold something that nobody knows
    before they stand.
    """
    if available >= sum(claim.wanted for claim in claims):
        return [claim.wanted for claim in claims]
    sized = _by_size(claims)
    found = RULES[rule](_persons(mine[0] for mine in sized), available, seed)
    shares = Shares()
    for whole, *parts in sized:
        shares[whole.id] = found[whole.id]
        if len(parts) > 1:  # of one person and one size: nothing is left over
            own = [replace(part, whose=None) for part in parts]
            shares |= zip((part.id for part in own), share(rule, own, found[whole.id], seed=seed), strict=True)
    return [shares[claim.id] for claim in claims]


def share_as_agreed(rule: ShortageRule, claims: Sequence[Claim], available: int, *, seed: str) -> dict[UUID, int]:
    """Split what is there over the claims like that; who wants all or nothing and would get a part is not there.

    Of these, who wants more than there is leaves at once; then who misses most of what they want, and no more of them
    than must: what they leave, and what is left over, may serve the others whole.
    """
    asking = {claim.id: claim for claim in claims if not (claim.whole and claim.pack <= available < _all_of(claim))}
    while True:
        shares = dict(zip(asking, share(rule, list(asking.values()), available, seed=seed), strict=True))
        parted = [claim for claim in asking.values() if claim.whole and 0 < shares[claim.id] < _all_of(claim)]
        if not parted:
            return shares
        for claim in _leaving(parted, shares, available - sum(shares.values()), seed):
            del asking[claim.id]


@lru_cache(2**16)
def draw(seed: str, claim_id: UUID) -> str:
    """The lot that a claim draws: SHA-256 of seed, slash and id, in hexadecimal; the lowest comes first."""
    return sha256(f"{seed}/{claim_id}".encode()).hexdigest()


def _all_of(claim: Claim) -> int:
    return claim.wanted - claim.extra


def _leaving(parted: Sequence[Claim], shares: Mapping[UUID, int], spare: int, seed: str) -> list[Claim]:
    """Who leaves, so that what they had of it and what is to spare would do for those who stay; at least one."""
    missed = {claim.id: _all_of(claim) - shares[claim.id] for claim in parted}
    in_all = Counter[UUID]()
    for claim in parted:
        in_all[claim.person] += missed[claim.id]

    def least(claim: Claim) -> tuple[int, str, int, str]:
        return in_all[claim.person], draw(seed, claim.person), missed[claim.id], draw(seed, claim.id)

    missing, freed = sum(missed.values()), spare
    staying = sorted(parted, key=least)
    leaving: list[Claim] = []
    while not leaving or freed < missing:
        leaving.append(claim := staying.pop())
        missing -= missed[claim.id]
        freed += shares[claim.id]
    return leaving


def _by_size(claims: Sequence[Claim]) -> list[list[Claim]]:
    """What each person claims in packs of one size, in all, followed by the claims that it consists of."""
    found: dict[tuple[UUID, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.person, claim.pack].append(claim)
    return [[_all(mine), *mine] for mine in found.values()]


def _all(mine: Sequence[Claim]) -> Claim:
    """Claims of one person in packs of one size as a single one."""
    wanted, extra = sum(claim.wanted for claim in mine), sum(claim.extra for claim in mine)
    return replace(min(mine, key=lambda claim: claim.id), wanted=wanted, extra=extra)


def _persons(claims: Iterable[Claim]) -> list[Person]:
    found: dict[UUID, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.person].append(claim)
    return [tuple(sorted(mine, key=lambda claim: -claim.pack)) for mine in found.values()]


def _pro_rata(persons: Sequence[Person], available: int, seed: str) -> Shares:
    """By what is wanted; packs that remain go by largest remainder, one each in turn."""
    total, shares = sum(map(_wanted, persons)), Shares()
    for mine in persons:
        _serve(mine, shares, available * _wanted(mine) // total)

    def remainder(mine: Person) -> int:
        return available * _wanted(mine) - sum(shares[claim.id] for claim in mine) * total

    return _in_rounds(sorted(_in_turn(persons, seed), key=remainder, reverse=True), shares, available)


def _rotation(persons: Sequence[Person], available: int, seed: str) -> Shares:
    """A pack each in turn, beginning with whom the ledger owes most, for as long as there is a pack for somebody."""
    return _in_rounds(_in_turn(persons, seed), {claim.id: 0 for mine in persons for claim in mine}, available)


def _lottery(persons: Sequence[Person], available: int, seed: str) -> Shares:
    """All that is wanted, in the order that was drawn."""
    shares = Shares()
    for mine in sorted(persons, key=lambda mine: draw(seed, mine[0].person)):
        available -= _serve(mine, shares, available)
    return shares


def _tolerance_first(persons: Sequence[Person], available: int, seed: str) -> Shares:
    """What is only tolerated goes before anything that is wanted is cut; pro rata either way.

    What is too little for a pack of anybody who is cut may still be a smaller one of what somebody tolerates.
    """
    firm = [tuple(replace(claim, wanted=claim.wanted - claim.extra) for claim in mine) for mine in persons]
    spare = available - sum(map(_wanted, firm))
    if spare < 0:
        return _in_rounds(_in_turn(persons, seed), _pro_rata(firm, available, seed), available)
    tolerated = [tuple(replace(claim, wanted=claim.extra) for claim in mine) for mine in persons]
    extras = _pro_rata(tolerated, spare, seed)
    return {claim.id: claim.wanted + extras[claim.id] for mine in firm for claim in mine}


def _wanted(mine: Person) -> int:
    return sum(claim.wanted for claim in mine)


def _serve(mine: Person, shares: Shares, available: int) -> int:
    """Give a person what they want as far as it is there, large packs first; how much that is."""
    left = available
    for claim in mine:
        shares[claim.id] = min(claim.wanted, left) // claim.pack * claim.pack
        left -= shares[claim.id]
    return available - left


def _in_turn(persons: Sequence[Person], seed: str) -> list[Person]:
    """Whoever the ledger owes most first; among those that it owes the same, the draw decides."""
    return sorted(persons, key=lambda mine: (-mine[0].balance_ppm, draw(seed, mine[0].person)))


def _in_rounds(turn: Sequence[Person], shares: Shares, available: int) -> Shares:
    """A pack more for everybody in turn, again and again, for as long as there is a pack for somebody."""
    while hungry := _hungry(turn, shares, available):
        rounds = _rounds(hungry, shares, available)
        for mine in hungry:
            shares |= {claim.id: shares[claim.id] + more for claim, more in _taken(mine, shares, rounds)}
        _one_each(hungry, shares, available)
    return shares


def _hungry(turn: Sequence[Person], shares: Mapping[UUID, int], available: int) -> list[Person]:
    """Who still wants packs that are there, and which."""
    left = available - sum(shares.values())
    found = (tuple(claim for claim in mine if _wants(claim, shares, left)) for mine in turn)
    return [mine for mine in found if mine]


def _wants(claim: Claim, shares: Mapping[UUID, int], left: int) -> bool:
    return claim.pack <= min(claim.wanted - shares[claim.id], left)


def _taken(mine: Person, shares: Mapping[UUID, int], rounds: int) -> list[tuple[Claim, int]]:
    """What a person takes of what they still want in so many rounds, large packs first."""
    taken = []
    for claim in mine:
        packs = min(rounds, (claim.wanted - shares[claim.id]) // claim.pack)
        taken.append((claim, packs * claim.pack))
        rounds -= packs
    return taken


def _rounds(hungry: Sequence[Person], shares: Mapping[UUID, int], available: int) -> int:
    """How often everybody can have another pack, or all that they still want."""

    def taken(rounds: int) -> int:
        return sum(more for mine in hungry for _, more in _taken(mine, shares, rounds))

    left = available - sum(shares.values())
    low = 0
    high = max(sum((claim.wanted - shares[claim.id]) // claim.pack for claim in mine) for mine in hungry)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if taken(middle) <= left else (low, middle - 1)
    return low


def _one_each(turn: Sequence[Person], shares: Shares, available: int) -> None:
    """One pack for everybody in turn, as far as they fit."""
    left = available - sum(shares.values())
    for mine in turn:
        fitting = next((claim for claim in mine if _wants(claim, shares, left)), None)
        if fitting is not None:
            shares[fitting.id] += fitting.pack
            left -= fitting.pack


RULES: Final[Mapping[ShortageRule, Callable[[Sequence[Person], int, str], Shares]]] = {
    ShortageRule.PRO_RATA: _pro_rata,
    ShortageRule.ROTATION: _rotation,
    ShortageRule.LOTTERY: _lottery,
    ShortageRule.TOLERANCE_FIRST: _tolerance_first,
}
