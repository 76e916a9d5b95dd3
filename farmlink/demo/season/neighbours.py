"""Neighbours beside the households: one orders the same every week, one gives something away and takes what else is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from farmlink.demo.season.ground import CROPS, FARMS, Ground
from farmlink.demo.season.opening import GRADE, Stalls
from farmlink.demo.season.story import FROSTED, PARTIAL, SHY, Week
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId
from farmlink.orders import commands as orders
from farmlink.orders.values import Goods, Placing, Shortage, StandingLine, StandingTerms, WantedLine
from farmlink.people import commands as people
from farmlink.people.values import PersonId
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

USUAL: Final = "apples", 2
"""What is ordered again every week, in packs."""
GIVEN: Final = FARMS + 4
"""Packs of the week's scarce crop that are a gift: more than is left of what a frost took."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who is nobody's equal, and so is not compared."""

    giver: PersonId
    recipient: PersonId


def move_in(tx: Transaction, ground: Ground) -> Neighbours:
    """One makes a standing order; another names whom gifts are for."""
    regular, giver = (one.person_id for one in people.seed_consumers(tx, 2, "Neighbour"))
    code, packs = USUAL
    product_id, variant_id = next(pack for crop, pack in zip(CROPS, ground.packs, strict=True) if crop.code == code)
    usual = StandingLine(Goods(product_id, GRADE, variant_id), packs)
    orders.make_standing(tx, regular, StandingTerms(point_id=ground.points[0].id, lines=(usual,)))
    return Neighbours(giver, people.name_recipient(tx, giver, "Grandma Rose"))


def order(store: Store, ground: Ground, neighbours: Neighbours, week: Week, stalls: Stalls) -> None:
    """The standing order has its turn; the gift is of what is scarce, or of anything else that is left over."""
    store.run(orders.place_standing, stalls.cycle_id)
    if week.empty:
        return
    scarce = stalls.listings[FROSTED if week.frosty else week.scarce]
    others = tuple(
        listing
        for listing, crop in zip(stalls.listings, CROPS, strict=True)
        if listing != scarce and crop.code not in {SHY, PARTIAL}
    )
    placing = Placing(
        key=uuid7(),
        cycle_id=stalls.cycle_id,
        consumer_id=neighbours.giver,
        place_id=PlaceId(ground.points[0].id),
        lines=(WantedLine(scarce, GIVEN, shortage=Shortage.SWAP, substitutes=others),),
        recipient_id=neighbours.recipient,
    )
    store.run(orders.place, placing)
