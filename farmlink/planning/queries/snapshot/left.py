"""What other cycles leave of the region: trucks at home, room at hubs, and what a lot still gives that day."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from farmlink.network.values import HubCard, VehicleCard
from farmlink.planning.rules import left_of_day, room_left
from farmlink.planning.values import Held
from farmlink.supply.values import LotColumns, LotId


def trucks(cards: Iterable[VehicleCard], held: Held) -> list[VehicleCard]:
    """Trucks in service that no other plan has out meanwhile: a driver's day is not split between two plans."""
    return [card for card in cards if card.in_service and card.id not in held.vehicles]


def hubs(cards: Iterable[HubCard], held: Held) -> list[HubCard]:
    """Hubs with the room that other plans leave them that day."""
    return [
        replace(card, throughput_g=room_left(card.throughput_g, held.intake_g[card.id]))
        if card.id in held.intake_g
        else card
        for card in cards
    ]


def lots(found: LotColumns, held: Held, promised: Mapping[LotId, int]) -> LotColumns:
    """Lots with what can still be picked that day, and no less than this cycle was promised."""
    return replace(
        found,
        daily_capacity=tuple(
            left_of_day(most, held.picked.get(lot_id, 0), promised.get(lot_id, 0))
            for lot_id, most in zip(map(LotId, found.id), found.daily_capacity, strict=True)
        ),
    )
