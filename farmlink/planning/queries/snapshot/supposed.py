"""What is supposed in place of what is: farms and trucks left out, other orders, another price of a kilometre."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from farmlink.demand.values import Batch
from farmlink.network.values import FarmId, VehicleCard
from farmlink.planning.queries.snapshot.goods import lots_where
from farmlink.planning.values import AS_IT_IS, Assumptions, PinChange
from farmlink.supply.values import LotColumns


def orders(batches: Sequence[Batch], assumed: Assumptions) -> list[Batch]:
    """Every order by so many per cent; a part of a base unit counts as a whole one."""
    return [
        replace(
            batch,
            quantity=_more(batch.quantity, assumed.demand_percent),
            worth_minor=_more(batch.worth_minor, assumed.demand_percent),
        )
        for batch in batches
    ]


def promises(pins: Iterable[PinChange], assumed: Assumptions) -> list[PinChange]:
    """What farms promised, and where less is ordered, that much less of it; none that a truck left out would carry.

    Promises fit together as they were made; without a truck nobody knows whether they do.
    """
    if assumed.without_vehicles:
        return [replace(pin, at_least=0) for pin in pins]
    percent = min(assumed.demand_percent, AS_IT_IS)
    return [replace(pin, at_least=pin.at_least * percent // AS_IT_IS) for pin in pins]


def offers(found: LotColumns, assumed: Assumptions) -> LotColumns:
    """Lots of the farms that are there."""
    gone = set(assumed.without_farms)
    return lots_where(found, [FarmId(farm_id) not in gone for farm_id in found.farm_id])


def trucks(cards: Iterable[VehicleCard], assumed: Assumptions) -> list[VehicleCard]:
    """Trucks that are there, at so many per cent of their price of a kilometre."""
    gone = set(assumed.without_vehicles)
    return [
        replace(card, minor_per_km=_more(card.minor_per_km, assumed.km_percent))
        for card in cards
        if card.id not in gone
    ]


def _more(number: int, percent: int) -> int:
    return -(-number * percent // AS_IT_IS)
