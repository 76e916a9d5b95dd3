"""Whole cases at the cut-off: filled up where that is welcome, else the last one falls away; pure and replayable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from farmlink.cycles.values import ListingId, StockId
from farmlink.network.values import PlaceId
from farmlink.orders.values import CutClaim, CutKind, CutShare, OrderId, OrderLineId, Shortage
from farmlink.policy.rules.sharing import Claim, share
from farmlink.policy.values import ShortageRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A standing line of goods that are cut, in packs; `balance_ppm` is what earlier cycles owe it.

    `whose` is the lowest line of the same person in these goods.
    """

    id: OrderLineId
    whose: OrderLineId
    order_id: OrderId
    place_id: PlaceId
    packs: int
    most: int
    price_minor_per_1000: int
    shortage: Shortage = Shortage.LESS
    substitutes: tuple[ListingId, ...] = ()
    balance_ppm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cased:
    """A listing that is bought in cases of so many packs, and all its lines; `pack` is in base units."""

    id: ListingId
    stock_id: StockId
    pack: int
    weight_g: int
    case_packs: int
    lines: tuple[CaseLine, ...]

    @property
    def packs(self) -> int:
        """What was ordered of it in all."""
        return sum(line.packs for line in self.lines)


Packs = dict[OrderLineId, int]


@dataclass
class Room:
    """What is left of the stock, in base units, and of the space at the places, in grams."""

    left: dict[StockId, int]
    left_g: dict[PlaceId, int]

    def take(self, listing: Cased, line: CaseLine, packs: int) -> None:
        """Take so many packs more for a line; below zero gives back."""
        self.left[listing.stock_id] -= packs * listing.pack
        self.left_g[line.place_id] -= packs * listing.weight_g

    def welcome(self, listing: Cased) -> list[int]:
        """How many packs each line welcomes beyond those it has, as far as its place has space for them."""
        spaces, welcome = dict(self.left_g), []
        for line in listing.lines:
            welcome.append(min(line.most - line.packs, spaces[line.place_id] // listing.weight_g))
            spaces[line.place_id] -= welcome[-1] * listing.weight_g
        return welcome


def whole_cases(
    rule: ShortageRule,
    listings: Sequence[Cased],
    left: Mapping[StockId, int],
    left_g: Mapping[PlaceId, int],
    *,
    seed: str,
) -> list[CutShare]:
    """How cases are made whole, of each listing of which a line changes by it.

    A case is filled with what lines welcome beyond what they ordered, as far as stock (`left`) and places (`left_g`)
    hold it; else what is more than whole cases is cut. The rule shares either. Listings that nobody welcomes enough of
    are cut first: what they leave may fill the others. Who wants all or nothing is not cut but dropped, and the cases
    of the others are counted anew.
    """
    room, waiting = Room(dict(left), dict(left_g)), sorted(listings, key=lambda one: one.id)
    dropped, found = defaultdict[ListingId, list[CutClaim]](list), list[CutShare]()
    while waiting:
        full = ((one, _filled(rule, one, room, seed)) for one in waiting)
        one, claims = next(((one, claims) for one, claims in full if claims is not None), (None, None))
        if one is None or claims is None:
            one = min(waiting, key=lambda one: _missing(one) <= sum(room.welcome(one)))
            claims = _cut(rule, one, room, seed)
        waiting.remove(one)
        torn = [claim for claim in claims if claim.all_or_nothing and 0 < claim.got < claim.ordered]
        if torn:
            gone = min(torn, key=lambda claim: (claim.ordered, claim.line_id))
            dropped[one.id].append(replace(gone, got=0, left_it=True))
            waiting.append(replace(one, lines=tuple(line for line in one.lines if line.id != gone.line_id)))
            claims = dropped[one.id][-1:]
        else:
            spare = room.left[one.stock_id]
            found.append(_share(rule, one, [*dropped[one.id], *claims], spare, seed))
        lines = {line.id: line for line in one.lines}
        for claim in claims:
            room.take(one, lines[claim.line_id], (claim.got - claim.ordered) // one.pack)
    return [share for share in found if changed_packs([share])]


def changed_packs(shares: Iterable[CutShare]) -> Packs:
    """How many packs each line has; lines that stay as they are are left out."""
    return {
        claim.line_id: claim.got // claim.pack
        for share in shares
        for claim in share.claims
        if claim.got != claim.ordered
    }


def claim_of(line: CaseLine, pack: int, extra_packs: int = 0, welcome_packs: int = 0) -> CutClaim:
    """What a line claims, in packs of so many base units, with so much more than it ordered; so far it got nothing."""
    return CutClaim(
        line_id=line.id,
        whose=line.whose,
        wanted=(line.packs + extra_packs) * pack,
        pack=pack,
        extra=extra_packs * pack,
        all_or_nothing=line.shortage is Shortage.CANCEL,
        balance_ppm=line.balance_ppm,
        got=0,
        welcome=welcome_packs * pack,
    )


def _missing(listing: Cased) -> int:
    return -listing.packs % listing.case_packs


def _filled(rule: ShortageRule, listing: Cased, room: Room, seed: str) -> list[CutClaim] | None:
    """What its lines get if they make whole cases or can be filled up to that; nothing if they cannot."""
    missing, welcome = _missing(listing), room.welcome(listing)
    if missing * listing.pack > room.left[listing.stock_id] or missing > sum(welcome):
        return None
    claims = [claim_of(line, listing.pack, more, more) for line, more in zip(listing.lines, welcome, strict=True)]
    extras = share(
        rule, [_asks(one, one.extra, one.extra) for one in claims], missing * listing.pack, seed=_seed(seed, listing)
    )
    return [replace(one, got=one.ordered + extra) for one, extra in zip(claims, extras, strict=True)]


def _cut(rule: ShortageRule, listing: Cased, room: Room, seed: str) -> list[CutClaim]:
    """What its lines get once what is more than whole cases has fallen away."""
    welcome = zip(listing.lines, room.welcome(listing), strict=True)
    claims = [claim_of(line, listing.pack, welcome_packs=more) for line, more in welcome]
    whole = listing.packs // listing.case_packs * listing.case_packs
    kept = share(rule, [_asks(one, one.wanted) for one in claims], whole * listing.pack, seed=_seed(seed, listing))
    return [replace(one, got=got) for one, got in zip(claims, kept, strict=True)]


def _asks(one: CutClaim, wanted: int, extra: int = 0) -> Claim:
    return Claim(one.line_id, wanted, one.pack, extra, one.balance_ppm, whose=one.whose)


def _seed(seed: str, listing: Cased) -> str:
    """What was ordered in all is known to nobody before the cut-off."""
    return f"{seed}/{listing.id}/{listing.packs}"


def _share(rule: ShortageRule, listing: Cased, claims: Sequence[CutClaim], spare: int, seed: str) -> CutShare:
    return CutShare(
        id=listing.id,
        kind=CutKind.CASE,
        rule=rule,
        seed=f"{seed}/{listing.id}",
        available=sum(claim.got for claim in claims),
        case_quantity=listing.case_packs * listing.pack,
        spare=spare,
        claims=tuple(sorted(claims, key=lambda claim: claim.line_id)),
    )
