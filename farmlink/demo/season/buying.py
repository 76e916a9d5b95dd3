"""Households order, some of them change their minds, and each pays in its own way."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from farmlink.demo.season.ground import CROPS, Ground
from farmlink.demo.season.opening import Stalls
from farmlink.demo.season.story import Week
from farmlink.demo.season.street import Street
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId
from farmlink.orders import commands as orders
from farmlink.orders.values import Amendment, Order, Placing, Shortage, WantedLine
from farmlink.payments import commands as payments
from farmlink.payments.values import Method
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

TOPPED_UP_MINOR: Final = 500_000
TOLERATED: Final = 2
"""So many packs more of what is bought in cases are welcome if that fills one."""
CHANGES_MIND: Final = 7
"""One household in so many amends its order after it paid."""


def top_up(tx: Transaction, ground: Ground) -> None:
    """Whoever pays from credit pays some in."""
    for number, person in enumerate(ground.households):
        if method_of(number) is Method.CREDIT:
            payments.top_up(tx, uuid7(), person, TOPPED_UP_MINOR, ground.region.currency, ground.hub)


def method_of(number: int) -> Method:
    """How a household pays, the whole season."""
    methods = tuple(Method)
    return methods[number % len(methods)]


def order(store: Store, ground: Ground, street: Street, week: Week, stalls: Stalls) -> None:
    """Every household orders and checks out; in an empty week only the first does."""
    ordering = ground.households[:1] if week.empty else ground.households
    placings = [
        Placing(
            key=uuid7(),
            cycle_id=stalls.cycle_id,
            consumer_id=person,
            place_id=PlaceId(ground.points[number % len(ground.points)].id),
            lines=_wanted(week, stalls, number),
        )
        for number, person in enumerate(ordering)
    ]
    placed = [outcome.order for outcome in store.run(orders.place_many, placings)]
    pays_by = {one.id: method_of(number) for number, one in enumerate(placed) if one is not None}
    for order_id, method in pays_by.items():
        store.run(orders.checkout, order_id, method, uuid7())
    street.take_payments(store, [UUID(str(order_id)) for order_id in pays_by])
    for number, one in enumerate(placed):
        if one is not None and len(one.lines) > 1 and number % CHANGES_MIND == CHANGES_MIND - 1:
            store.run(_change_mind, one)


def _wanted(week: Week, stalls: Stalls, number: int) -> tuple[WantedLine, ...]:
    """What a household wants, and what else would do: every third wants all of a line or nothing of it."""
    return tuple(
        WantedLine(
            listing,
            packs,
            most=packs + TOLERATED if crop.case_packs > 1 else None,
            shortage=Shortage.CANCEL if week.takes_all_or_nothing(number) else Shortage.LESS,
        )
        for listing, packs, crop in zip(stalls.listings, week.wanted[number], CROPS, strict=True)
        if packs
    )


def _change_mind(tx: Transaction, placed: Order) -> None:
    """Leave the last line out, then want it after all: of credit it is held again, else it is due at pick-up."""
    wanted = tuple(
        WantedLine(line.listing_id, line.packs, line.most_packs, line.shortage, line.substitutes)
        for line in placed.lines
    )
    fewer = orders.amend(tx, _amended(placed, placed.revision, wanted[:-1]))
    orders.amend(tx, _amended(placed, fewer.revision, wanted))


def _amended(placed: Order, revision: int, lines: tuple[WantedLine, ...]) -> Amendment:
    return Amendment(order_id=placed.id, revision=revision, place_id=placed.place_id, lines=lines)
