"""Changing regions, hubs and vehicles."""

from farmlink.network import queries
from farmlink.network.commands.editing import check_in, claim, columns_of, require_own, written
from farmlink.network.rules import places, refusals, regions
from farmlink.network.tables import Hub, Region, Vehicle
from farmlink.network.values import (
    HubCard,
    HubDraft,
    HubId,
    HubState,
    Reach,
    RegionCard,
    RegionDraft,
    RegionId,
    VehicleCard,
    VehicleDraft,
    VehicleId,
)
from farmlink.store.transaction import Transaction


def create_region(tx: Transaction, draft: RegionDraft) -> RegionCard:
    """Found a region."""
    regions.check_region(draft)
    claim(tx, Region, None, name=draft.name)
    region = tx.add(Region(**columns_of(draft)))
    tx.record("region.created", region.id)
    return queries.region_card(region)


def change_region(tx: Transaction, region_id: RegionId, draft: RegionDraft, revision: int) -> RegionCard:
    """Replace what a region says about itself; its currency stays while a hub stands in it."""
    regions.check_region(draft)
    region = tx.lock_as_seen(Region, region_id, revision)
    hubs = tx.execute("SELECT count(*) FROM hub WHERE region_id = :id", {"id": region_id}).scalar_one()
    if hubs and draft.currency != region.currency:
        raise refusals.CurrencyFixedError(currency=region.currency)
    claim(tx, Region, region_id, name=draft.name)
    return queries.region_card(written(tx, region, draft))


def open_hub(tx: Transaction, draft: HubDraft, acting_for: Reach | None = None) -> HubCard:
    """Add a hub, or a candidate for one."""
    places.check_hub(draft)
    require_own(tx, draft, acting_for)
    region = tx.get(Region, draft.region_id)
    check_in(region, draft.coordinates)
    claim(tx, Hub, None, region_id=draft.region_id, name=draft.name)
    columns = columns_of(draft) | {"currency": region.currency, "time_zone": draft.time_zone or region.time_zone}
    hub = tx.add(Hub(**columns))
    tx.record("hub.opened", hub.id, state=hub.state)
    return queries.hub_card(hub)


def change_hub(tx: Transaction, hub_id: HubId, draft: HubDraft, revision: int) -> HubCard:
    """Replace what a hub says about itself, its state included."""
    places.check_hub(draft)
    hub = tx.lock_as_seen(Hub, hub_id, revision)
    places.check_hub_move(HubState(hub.state), draft.state)
    region = tx.get(Region, RegionId(hub.region_id))
    check_in(region, draft.coordinates)
    claim(tx, Hub, hub_id, region_id=hub.region_id, name=draft.name)
    return queries.hub_card(written(tx, hub, draft, time_zone=draft.time_zone or region.time_zone))


def add_vehicle(tx: Transaction, draft: VehicleDraft) -> VehicleCard:
    """Add a vehicle to its home hub."""
    places.check_vehicle(draft)
    tx.get(Hub, draft.hub_id)
    claim(tx, Vehicle, None, hub_id=draft.hub_id, name=draft.name)
    vehicle = tx.add(Vehicle(**columns_of(draft)))
    tx.record("vehicle.added", vehicle.id)
    return queries.vehicle_card(vehicle)


def change_vehicle(tx: Transaction, vehicle_id: VehicleId, draft: VehicleDraft, revision: int) -> VehicleCard:
    """Replace what a vehicle says about itself; its home may change."""
    places.check_vehicle(draft)
    vehicle = tx.lock_as_seen(Vehicle, vehicle_id, revision)
    tx.get(Hub, draft.hub_id)
    claim(tx, Vehicle, vehicle_id, hub_id=draft.hub_id, name=draft.name)
    vehicle.hub_id = draft.hub_id
    return queries.vehicle_card(written(tx, vehicle, draft))
