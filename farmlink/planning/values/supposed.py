"""What a planner supposes to be otherwise than it is."""

from dataclasses import dataclass, field
from typing import Final

from farmlink.network.values import FarmId, VehicleId

AS_IT_IS: Final = 100
"""Per cent."""
MOST_DEMAND_PERCENT: Final = 300
MOST_KM_PERCENT: Final = 1000


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Farms and vehicles that are not there, and per cents of every order and of the price of a kilometre.

    `seed` is another than that of the other runs, or None.
    """

    without_farms: list[FarmId] = field(default_factory=list)
    without_vehicles: list[VehicleId] = field(default_factory=list)
    demand_percent: int = AS_IT_IS
    km_percent: int = AS_IT_IS
    seed: int | None = None
