"""What bounds the next plan: promises of farms, and what plans of other cycles hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from farmlink.network.values import HubId
from farmlink.supply.values import LotId


@dataclass(frozen=True, slots=True)
class PinChange:
    """New limits of what may be sent of a lot."""

    lot_id: LotId
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Held:
    """What plans of other cycles hold: trucks that are out, weight through hubs, and what is picked that day."""

    vehicles: frozenset[UUID]
    intake_g: Mapping[HubId, int]
    picked: Mapping[LotId, int]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Where two plans would meet: trucks on two roads, hubs with too little room, lots with too little of a day."""

    vehicles: list[UUID]
    hubs: list[HubId]
    lots: list[LotId]
