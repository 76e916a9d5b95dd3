"""What comes in at a dock: cycles, the lorries that fetch their goods, and lots as they are counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.lead.typed import as_typed
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductId
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId, Stage
from farmlink.dispatch import queries
from farmlink.dispatch.rules import ON_THE_WAY
from farmlink.dispatch.values import ReceiptView
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import FarmId, HubCard, HubId, VehicleId
from farmlink.people.values import Principal, Role
from farmlink.planning import queries as planning
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard, LotId

Trip = tuple[HubId, FarmId]
"""From which farm to which hub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lorry:
    """A trip that fetches from farms: which vehicle, and when it is back at the hub."""

    name: str
    back_at: datetime
    farms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotIn:
    """A lot as it comes in at one hub: what was sent of it, and what was counted so far."""

    name: str
    farm: str
    product: str
    family: str
    grade: int
    code: str | None
    unit: str
    hub_id: HubId
    sent: int
    received: int | None
    lorry: Lorry | None
    views: tuple[ReceiptView, ...]

    @property
    def sent_typed(self) -> str:
        """What was sent, as it would be typed."""
        return as_typed(self.sent, self.unit)

    @property
    def typed(self) -> str:
        """What was counted, as it would be typed."""
        return as_typed(self.received, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A cycle at the dock."""

    cycle: Cycle
    hubs: Sequence[HubCard]
    lots: Sequence[LotIn]
    lorries: Sequence[Lorry]
    shared: bool
    own: bool

    @property
    def counted(self) -> int:
        """How many lots are counted."""
        return sum(lot.received is not None for lot in self.lots)

    @property
    def takes_counts(self) -> bool:
        """Tell whether anything can be counted now."""
        return self.cycle.stage in ON_THE_WAY and not self.shared

    @property
    def groups(self) -> list[tuple[Lorry | None, list[LotIn]]]:
        """The lots lorry by lorry, the first one first; what comes otherwise stands last."""
        found: dict[Lorry | None, list[LotIn]] = defaultdict(list)
        for lot in self.lots:
            found[lot.lorry].append(lot)
        return sorted(found.items(), key=lambda pair: (pair[0] is None, pair[0].back_at.timestamp() if pair[0] else 0))


def expected(tx: Transaction, principal: Principal, cycle_id: CycleId, language: str) -> Incoming:
    """One cycle at one's dock; of who works nowhere that it comes in, it does not exist."""
    cycle = cycles.cycle(tx, cycle_id)
    if cycle.stage in {Stage.DRAFT, Stage.CANCELLED}:
        raise MissingError(noun="order cycle", id=cycle_id)
    views = queries.docked_receipts(tx, principal, cycle_id)
    lorries = _lorries(tx, cycle_id)
    hubs = network.kept_by(tx, principal.organisations(Role.DOCK))
    lots = _lots(tx, views, lorries, language)
    return Incoming(
        cycle=cycle,
        hubs=hubs,
        lots=lots,
        lorries=sorted({lot.lorry for lot in lots if lot.lorry}, key=lambda one: one.back_at),
        shared=queries.is_shared(tx, cycle_id),
        own=cycle.hub_id in {hub.id for hub in hubs},
    )


def _lots(tx: Transaction, views: Sequence[ReceiptView], lorries: Mapping[Trip, Lorry], language: str) -> list[LotIn]:
    parts: dict[tuple[HubId, LotId], list[ReceiptView]] = defaultdict(list)
    for view in views:
        parts[view.hub_id, LotId(view.lot_id)].append(view)
    lots = supply.lots_by_id(tx, [lot_id for _, lot_id in parts])
    farms = network.farms_by_id(tx, {lot.farm_id for lot in lots.values()})
    products = catalogue.products_by_id(tx, {ProductId(lot.product_id) for lot in lots.values()})

    def lot_in(hub_id: HubId, lot: LotCard, of_lot: Sequence[ReceiptView]) -> LotIn:
        product = products[lot.product_id]
        counts = [view.received for view in of_lot if view.received is not None]
        return LotIn(
            name=f"lot-{lot.id}-{hub_id}",
            farm=farms[lot.farm_id].name,
            product=product.name.get(language, product.name["en"]),
            family=product.family,
            grade=lot.grade,
            code=lot.code,
            unit=product.base_unit.value,
            hub_id=hub_id,
            sent=sum(view.allocated for view in of_lot),
            received=sum(counts) if len(counts) == len(of_lot) else None,
            lorry=lorries.get((hub_id, lot.farm_id)),
            views=tuple(of_lot),
        )

    found = [lot_in(hub_id, lots[lot_id], of_lot) for (hub_id, lot_id), of_lot in parts.items()]
    return sorted(found, key=lambda one: (one.farm.casefold(), one.product, one.name))


def _lorries(tx: Transaction, cycle_id: CycleId) -> dict[Trip, Lorry]:
    """Which trip of the published plan fetches from each farm for each hub: the last one where several do."""
    plan_id = planning.published_plan(tx, cycle_id)
    trips = [] if plan_id is None else [one for one in planning.routes(tx, plan_id) if one.phase == "collection"]
    vehicles = network.vehicles_by_id(tx, {VehicleId(trip.vehicle_id) for trip in trips})
    found: dict[Trip, Lorry] = {}
    for trip in sorted(trips, key=lambda one: one.return_at):
        vehicle = vehicles[VehicleId(trip.vehicle_id)]
        lorry = Lorry(name=vehicle.name, back_at=trip.return_at, farms=len({stop.place_id for stop in trip.stops}))
        found |= {(vehicle.hub_id, FarmId(stop.place_id)): lorry for stop in trip.stops}
    return found
