"""What comes at the cut-off in the place of what no case was filled with: agreed substitutes that are left; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from farmlink.cycles.values import ListingId, Offered
from farmlink.kernel.money import line_total_minor
from farmlink.orders.rules.cases import Cased, CaseLine, Packs, Room
from farmlink.orders.values import OrderId, Shortage, Swap
from farmlink.policy.rules.sharing import draw


def swaps_at_cut_off(
    listings: Sequence[Cased],
    packs: Packs,
    offered: Mapping[ListingId, Offered],
    room: Room,
    ordered: Collection[tuple[OrderId, ListingId]],
    *,
    seed: str,
) -> list[Swap]:
    """Which packs of what else come to those who agreed to it, and whose lines have fewer `packs` than they ordered.

    `room` is what was left before the cut, `offered` what is not bought in cases itself. Whom the fairness ledger owes
    most chooses first, then the draw decides; each takes the best of their own list that is left. What comes is worth
    no more than what is missing, and what an order holds already is no substitute in it.
    """
    room = Room(dict(room.left), dict(room.left_g))
    for one in listings:
        for line in one.lines:
            room.take(one, line, packs.get(line.id, line.packs) - line.packs)
    cut = [
        (one, line)
        for one in listings
        for line in one.lines
        if line.shortage is Shortage.SWAP and packs.get(line.id, line.packs) < line.packs
    ]
    cut.sort(key=lambda pair: (-pair[1].balance_ppm, draw(f"{seed}/{pair[0].id}/{pair[0].packs}", pair[1].id)))
    taken, found = set(ordered), list[Swap]()
    for one, line in cut:
        missing_minor = _worth(one, line, line.packs) - _worth(one, line, packs[line.id])
        for offer in (offered[listing_id] for listing_id in line.substitutes if listing_id in offered):
            count = _packs(offer, room.left[offer.stock_id], room.left_g[line.place_id], missing_minor)
            if count and (line.order_id, offer.listing_id) not in taken:
                taken.add((line.order_id, offer.listing_id))
                room.left[offer.stock_id] -= count * offer.pack
                room.left_g[line.place_id] -= count * offer.weight_g
                missing_minor -= line_total_minor(count * offer.pack, offer.price_minor_per_1000)
                found.append(Swap(line.id, offer.listing_id, count))
    return found


def _worth(listing: Cased, line: CaseLine, packs: int) -> int:
    return line_total_minor(packs * listing.pack, line.price_minor_per_1000)


def _packs(offer: Offered, left: int, left_g: int, missing_minor: int) -> int:
    """How many packs are left and worth no more than what is missing; what costs nothing is not swapped."""
    if not offer.price_minor_per_1000:
        return 0
    paid = (2000 * missing_minor + 999) // (2 * offer.price_minor_per_1000)  # the most that rounds to no more
    return min(min(left, paid) // offer.pack, left_g // offer.weight_g)
