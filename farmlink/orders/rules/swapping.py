"""What comes in the place of what falls short: agreed substitutes, as far as something of them is left; pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farmlink.cycles.values import ListingId, Offered
from farmlink.kernel.money import line_total_minor
from farmlink.orders.rules.cases import Cased, CaseLine, Packs, Room
from farmlink.orders.values import OrderId, OrderLineId, Shortage, Swap
from farmlink.policy.rules.sharing import draw


@dataclass(frozen=True, slots=True)
class Option:
    """Something else that would do, in packs; each uses up so much of what is left of this and that."""

    listing_id: ListingId
    pack: int
    price_minor_per_1000: int
    uses: tuple[tuple[Hashable, int], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What falls short of a line, at its price, and what its consumer would take instead, the best first.

    Whom the fairness ledger owes most (`balance_ppm`) chooses first, then the draw decides: of persons, for all of
    whose lines `whose` is the same, and then of their lines.
    """

    line_id: OrderLineId
    order_id: OrderId
    whose: OrderLineId
    balance_ppm: int
    seed: str
    missing_minor: int
    options: tuple[Option, ...]

    @property
    def turn(self) -> tuple[int, str, str]:
        """When it is its turn; the lowest comes first."""
        return -self.balance_ppm, draw(self.seed, self.whose), draw(self.seed, self.line_id)


def swaps_in_turn(
    missing: Sequence[Missing], left: Mapping[Any, int], ordered: Collection[tuple[OrderId, ListingId]]
) -> list[Swap]:
    """Which packs of what else come in the place of what is missing; each takes the best of their list that is left.

    What comes is worth no more than what is missing, and what an order holds already is no substitute in it.
    """
    there, taken, found = dict(left), set(ordered), list[Swap]()
    for one in sorted(missing, key=lambda one: one.turn):
        missing_minor = one.missing_minor
        for option in one.options:
            packs = _packs(option, there, missing_minor)
            if packs and (one.order_id, option.listing_id) not in taken:
                taken.add((one.order_id, option.listing_id))
                for what, each in option.uses:
                    there[what] -= packs * each
                missing_minor -= line_total_minor(packs * option.pack, option.price_minor_per_1000)
                found.append(Swap(one.line_id, option.listing_id, packs))
    return found


def _packs(option: Option, left: Mapping[Any, int], missing_minor: int) -> int:
    """How many packs are left and worth no more than what is missing; what costs nothing is not swapped."""
    if not option.price_minor_per_1000:
        return 0
    paid = (2000 * missing_minor + 999) // (2 * option.price_minor_per_1000)  # the most that rounds to no more
    return min(paid // option.pack, *(left.get(what, 0) // each for what, each in option.uses))


def swaps_at_cut_off(
    listings: Sequence[Cased],
    packs: Packs,
    offered: Mapping[ListingId, Offered],
    room: Room,
    ordered: Collection[tuple[OrderId, ListingId]],
    *,
    seed: str,
) -> list[Swap]:
    """Which packs of what else come to those whose lines have fewer `packs` than they ordered.

    `room` is what was left before the cut, `offered` what is not bought in cases itself.
    """
    room = Room(dict(room.left), dict(room.left_g))
    missing = list[Missing]()
    for one in listings:
        for line in one.lines:
            kept = packs.get(line.id, line.packs)
            room.take(one, line, kept - line.packs)
            if line.shortage is Shortage.SWAP and kept < line.packs:
                missing.append(_missing(one, line, kept, offered, f"{seed}/{one.id}/{one.packs}"))
    return swaps_in_turn(missing, {**room.left, **room.left_g}, ordered)


def _missing(listing: Cased, line: CaseLine, kept: int, offered: Mapping[ListingId, Offered], seed: str) -> Missing:
    offers = (offered[listing_id] for listing_id in line.substitutes if listing_id in offered)
    ordered_minor, kept_minor = (
        line_total_minor(packs * listing.pack, line.price_minor_per_1000) for packs in (line.packs, kept)
    )
    return Missing(
        line_id=line.id,
        order_id=line.order_id,
        whose=line.whose,
        balance_ppm=line.balance_ppm,
        seed=seed,
        missing_minor=ordered_minor - kept_minor,
        options=tuple(
            Option(
                offer.listing_id,
                offer.pack,
                offer.price_minor_per_1000,
                ((offer.stock_id, offer.pack), (line.place_id, offer.weight_g)),
            )
            for offer in offers
        ),
    )
