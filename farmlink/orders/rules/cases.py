"""Whole cases at the cut-off: filled up where that is welcome, else the last one falls away; pure and replayable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from farmlink.cycles.values import ListingId, StockId
from farmlink.network.values import PlaceId
from farmlink.orders.values import OrderId, OrderLineId, Shortage
from farmlink.policy.rules.sharing import Claim, share
from farmlink.policy.values import ShortageRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A standing line of a listing that is bought in cases, in packs; `balance_ppm` is what earlier cycles owe it."""

    id: OrderLineId
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
) -> Packs:
    """How many packs each line has once only whole cases are bought; lines that stay as they are are left out.

    A case is filled with what lines welcome beyond what they ordered, as far as stock (`left`) and places (`left_g`)
    hold it; else what is more than whole cases is cut. The rule shares either. Listings that nobody welcomes enough of
    are cut first: what they leave may fill the others. Who wants all or nothing is not cut but dropped, and the cases
    of the others are counted anew.
    """
    room, waiting, changed = Room(dict(left), dict(left_g)), sorted(listings, key=lambda one: one.id), Packs()
    while waiting:
        full = ((one, _filled(rule, one, room, seed)) for one in waiting)
        found = next(((one, packs) for one, packs in full if packs is not None), None)
        if found is None:
            one = min(waiting, key=lambda one: _missing(one) <= sum(room.welcome(one)))
            found = one, _cut(rule, one, seed)
        one, packs = found
        waiting.remove(one)
        torn = [line for line in one.lines if line.shortage is Shortage.CANCEL and 0 < packs[line.id] < line.packs]
        if torn:
            gone = min(torn, key=lambda line: (line.packs, line.id))
            waiting.append(replace(one, lines=tuple(line for line in one.lines if line is not gone)))
            packs = {line.id: line.packs for line in one.lines} | {gone.id: 0}
        for line in one.lines:
            room.take(one, line, packs[line.id] - line.packs)
        changed |= {line.id: packs[line.id] for line in one.lines if packs[line.id] != line.packs}
    return changed


def _missing(listing: Cased) -> int:
    return -listing.packs % listing.case_packs


def _filled(rule: ShortageRule, listing: Cased, room: Room, seed: str) -> Packs | None:
    """The packs of its lines if they make whole cases or can be filled up to that; nothing if they cannot."""
    missing, welcome = _missing(listing), room.welcome(listing)
    if missing * listing.pack > room.left[listing.stock_id] or missing > sum(welcome):
        return None
    claims = [
        Claim(line.id, more, 1, extra=more, balance_ppm=line.balance_ppm)
        for line, more in zip(listing.lines, welcome, strict=True)
    ]
    extras = share(rule, claims, missing, seed=_seed(seed, listing))
    return {line.id: line.packs + extra for line, extra in zip(listing.lines, extras, strict=True)}


def _cut(rule: ShortageRule, listing: Cased, seed: str) -> Packs:
    """The packs of its lines once what is more than whole cases has fallen away."""
    claims = [Claim(line.id, line.packs, 1, balance_ppm=line.balance_ppm) for line in listing.lines]
    whole = listing.packs // listing.case_packs * listing.case_packs
    kept = share(rule, claims, whole, seed=_seed(seed, listing))
    return {line.id: packs for line, packs in zip(listing.lines, kept, strict=True)}


def _seed(seed: str, listing: Cased) -> str:
    """What was ordered in all is known to nobody before the cut-off."""
    return f"{seed}/{listing.id}/{listing.packs}"
