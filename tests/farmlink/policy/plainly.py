"""The published shortage rules in plain words, a pack at a time: written beside the rules, and without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID


@dataclass(frozen=True)
class Wish:
    """What a line wants; the lines of one person have the same `person`."""

    id: UUID
    person: UUID
    wanted: int
    pack: int
    tolerated: int = 0
    owed_ppm: int = 0
    whole: bool = False

    @property
    def firm(self) -> int:
        return self.wanted - self.tolerated


Got = dict[UUID, int]
People = list[list[Wish]]


def shared(rule: str, wishes: Sequence[Wish], there: int, seed: str) -> Got:
    """What each wish gets."""
    if there >= sum(wish.wanted for wish in wishes):
        return {wish.id: wish.wanted for wish in wishes}
    by_size: dict[tuple[UUID, int], list[Wish]] = {}
    for wish in wishes:
        by_size.setdefault((wish.person, wish.pack), []).append(wish)
    found = _of_people(rule, [_together(mine) for mine in by_size.values()], there, seed)
    got = Got()
    for mine in by_size.values():
        theirs = found[_together(mine).id]
        alone = [replace(wish, person=wish.id) for wish in mine]
        got |= {mine[0].id: theirs} if len(mine) == 1 else shared(rule, alone, theirs, seed)
    return got


def shared_as_agreed(rule: str, wishes: Sequence[Wish], there: int, seed: str) -> Got:
    """The same, but whoever wants all or nothing gets no part; who left for that is not named."""
    staying = [wish for wish in wishes if not (wish.whole and wish.pack <= there < wish.firm)]
    while True:
        got = shared(rule, staying, there, seed)
        torn = [wish for wish in staying if wish.whole and 0 < got[wish.id] < wish.firm]
        if not torn:
            return got
        gone, free = list[Wish](), there - sum(got.values())
        for wish in _most_missing_first(torn, got, seed):
            missing = sum(one.firm - got[one.id] for one in torn if one not in gone)
            if gone and free >= missing:
                break
            gone.append(wish)
            free += got[wish.id]
        staying = [wish for wish in staying if wish not in gone]


def _most_missing_first(torn: Sequence[Wish], got: Got, seed: str) -> list[Wish]:
    def missing(wishes: Iterable[Wish]) -> int:
        return sum(wish.firm - got[wish.id] for wish in wishes)

    def key(wish: Wish) -> tuple[int, str, int, str]:
        theirs = missing(one for one in torn if one.person == wish.person)
        return theirs, lot(seed, wish.person), missing([wish]), lot(seed, wish.id)

    return sorted(torn, key=key, reverse=True)


def lot(seed: str, whose: UUID) -> str:
    """What somebody draws."""
    return sha256(f"{seed}/{whose}".encode()).hexdigest()


def _together(mine: Sequence[Wish]) -> Wish:
    first = min(mine, key=lambda wish: wish.id)
    return replace(first, wanted=sum(wish.wanted for wish in mine), tolerated=sum(wish.tolerated for wish in mine))


def _of_people(rule: str, wishes: Sequence[Wish], there: int, seed: str) -> Got:
    people: People = []
    for person in dict.fromkeys(wish.person for wish in wishes):
        people.append(sorted((wish for wish in wishes if wish.person == person), key=lambda wish: -wish.pack))
    people.sort(key=lambda mine: (-mine[0].owed_ppm, lot(seed, mine[0].person)))
    nothing = {wish.id: 0 for wish in wishes}
    if rule == "rotation":
        return _round_and_round(people, nothing, there)
    if rule == "lottery":
        return _as_drawn(people, nothing, there, seed)
    if rule == "pro-rata":
        return _pro_rata(people, there, {wish.id: wish.wanted for wish in wishes})
    firm = {wish.id: wish.firm for wish in wishes}
    if sum(firm.values()) > there:
        return _round_and_round(people, _pro_rata(people, there, firm), there)
    more = _pro_rata(people, there - sum(firm.values()), {wish.id: wish.tolerated for wish in wishes})
    return {wish.id: firm[wish.id] + more[wish.id] for wish in wishes}


def _as_drawn(people: People, got: Got, there: int, seed: str) -> Got:
    for mine in sorted(people, key=lambda mine: lot(seed, mine[0].person)):
        for wish in mine:
            got[wish.id] = min(wish.wanted, there) // wish.pack * wish.pack
            there -= got[wish.id]
    return got


def _pro_rata(people: People, there: int, wants: Mapping[UUID, int]) -> Got:
    total, got = sum(wants.values()), Got()

    def of(mine: Sequence[Wish]) -> int:
        return sum(wants[wish.id] for wish in mine)

    for mine in people:
        left = there * of(mine) // total
        for wish in mine:
            got[wish.id] = min(wants[wish.id], left) // wish.pack * wish.pack
            left -= got[wish.id]
    behind = sorted(people, key=lambda mine: total * sum(got[wish.id] for wish in mine) - there * of(mine))
    return _round_and_round(behind, got, there, wants)


def _round_and_round(people: People, got: Got, there: int, wants: Mapping[UUID, int] | None = None) -> Got:
    """A pack each in turn, the largest that is still wanted and there, for as long as anybody takes one."""
    left, taken = there - sum(got.values()), True
    while taken:
        taken = False
        for mine in people:
            for wish in mine:
                if wish.pack <= min((wants[wish.id] if wants else wish.wanted) - got[wish.id], left):
                    got[wish.id] += wish.pack
                    left -= wish.pack
                    taken = True
                    break
    return got
