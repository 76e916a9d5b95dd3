"""A roll-call list against what is left: said at its line before anything is ordered. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from farmlink.cycles.values import ListingId
from farmlink.kernel.locale import marked
from farmlink.orders.rules.roll import called
from farmlink.orders.values.roll import NeighbourName, OnSale, RollFault, RollLine

SOLD_OUT: Final = marked("{word} is sold out. Take it out, or write something else.")
MORE_THAN_LEFT: Final = marked("Only {most} packs of {word} are left for this line. Write {most} or less.")


def within_left(
    lines: Sequence[RollLine], on_sale: Sequence[OnSale], held: Mapping[NeighbourName, Mapping[ListingId, int]]
) -> list[RollLine]:
    """Say of each line what it wants beyond what is left, when the lines above it are placed first.

    What its neighbour has ordered already counts as left for them: the line takes its place.
    """
    known, left = {one.listing_id: one for one in on_sale}, {one.stock: one.left for one in on_sale}
    told = []
    for line in lines:
        room = dict(left)
        for stock, units in _units(held.get(called(line.name), {}), known).items():
            room[stock] += units
        faults = _taken(line, known, room)
        if not line.faults and not faults:
            left = room
        told.append(replace(line, faults=(*line.faults, *faults)))
    return told


def _taken(line: RollLine, known: Mapping[ListingId, OnSale], room: dict[str, int]) -> list[RollFault]:
    """Take a line's packs out of the room there is; what does not fit is said."""
    faults = []
    for listing_id, packs in line.packs.items():
        one = known[listing_id]
        most = max(0, room[one.stock] // one.quantity)
        if packs > most:
            word = f"{one.names[0]} {one.packs[0]}"
            faults.append(RollFault(MORE_THAN_LEFT if most else SOLD_OUT, {"word": word, "most": most}))
        room[one.stock] -= min(packs, most) * one.quantity
    return faults


def _units(packs: Mapping[ListingId, int], known: Mapping[ListingId, OnSale]) -> Counter[str]:
    """Base units of each stock that an order holds, of what is still on sale."""
    units: Counter[str] = Counter()
    for listing_id, count in packs.items():
        if listing_id in known:
            units[known[listing_id].stock] += count * known[listing_id].quantity
    return units
