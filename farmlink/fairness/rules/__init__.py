"""Who was favoured and who was cut: pure, in whole numbers, and summing exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from farmlink.fairness.values import Balance, Party, Share, Spread, Tally

SEASON: Final = timedelta(days=26 * 7)
"""How long the ledger remembers: what is older weighs in no plan and in no sharing."""
WHOLE_PPM: Final = 1_000_000


def shares(tallies: Iterable[Tally]) -> list[Share]:
    """Set what each party got beside the equal share of each of the goods that it wanted, by party id.

    The equal shares of all come to what all got: nobody is owed anything that somebody else has not had too much of.
    """
    wanted: dict[Hashable, dict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    got: dict[Hashable, int] = defaultdict(int)
    sums: dict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for tally in tallies:
        wanted[tally.goods][tally.party_id] += tally.wanted_minor
        got[tally.goods] += tally.got_minor
        before = sums[tally.party_id]
        sums[tally.party_id] = (before[0] + tally.wanted_minor, before[1] + tally.got_minor)
    equal: dict[UUID, int] = defaultdict(int)
    for goods, wants in wanted.items():
        for party_id, minor in equal_shares(wants, got[goods]).items():
            equal[party_id] += minor
    return [Share(party_id, wants, equal[party_id], has) for party_id, (wants, has) in sorted(sums.items())]


def equal_shares(wanted: Mapping[UUID, int], got_minor: int) -> dict[UUID, int]:
    """What each had got if the same share of every want had been served; what rounding leaves goes by remainder."""
    total = sum(wanted.values())
    if not total:
        return dict.fromkeys(wanted, 0)
    equal = {party_id: want * got_minor // total for party_id, want in wanted.items()}
    by_remainder = sorted(wanted, key=lambda party_id: (-(wanted[party_id] * got_minor % total), party_id))
    for party_id in by_remainder[: got_minor - sum(equal.values())]:
        equal[party_id] += 1
    return equal


def balance_of(party_id: UUID, *, cycles: int, wanted_minor: int, equal_minor: int, got_minor: int) -> Balance:
    """What some cycles come to for one party."""
    return Balance(
        party_id=party_id,
        cycles=cycles,
        wanted_minor=wanted_minor,
        got_minor=got_minor,
        owed_minor=equal_minor - got_minor,
        owed_ppm=ppm(equal_minor - got_minor, wanted_minor),
    )


def ppm(part: int, whole: int) -> int:
    """A share in millionths, rounded down; nothing of nothing."""
    return part * WHOLE_PPM // whole if whole else 0


def spread(party: Party, balances: Sequence[Balance]) -> Spread:
    """How far apart the parties are that wanted anything."""
    counted = [one for one in balances if one.wanted_minor]
    filled = sorted(ppm(one.got_minor, one.wanted_minor) for one in counted)
    owed = [one.owed_ppm for one in counted]
    return Spread(
        party=party,
        parties=len(counted),
        wanted_minor=sum(one.wanted_minor for one in counted),
        got_minor=sum(one.got_minor for one in counted),
        most_owed_ppm=max(owed, default=0),
        most_favoured_ppm=min(owed, default=0),
        got_nothing=filled.count(0),
        lowest_decile_ppm=filled[(len(filled) - 1) // 10] if filled else WHOLE_PPM,
        jain_ppm=jain_ppm(filled),
    )


def jain_ppm(filled: Sequence[int]) -> int:
    """Jain's index (Jain, Chiu and Hawe 1984) in millionths; a million where nobody wants or gets anything."""
    squares = len(filled) * sum(one * one for one in filled)
    return sum(filled) ** 2 * WHOLE_PPM // squares if squares else WHOLE_PPM
