"""A small country: one region round Grand Rapids, and what stands in it."""

from dataclasses import dataclass
from typing import Self

from farmlink.catalogue.values import ColdClass
from farmlink.kernel.geo import Box, Coordinates
from farmlink.network import commands
from farmlink.network.values import (
    Address,
    FarmCard,
    FarmDraft,
    HubCard,
    HubDraft,
    PointCard,
    PointDraft,
    RegionCard,
    RegionDraft,
    VehicleDraft,
)
from farmlink.people.commands import add_organisation
from farmlink.people.values import OrganisationId, OrganisationKind
from farmlink.store.store import Store

MICHIGAN = RegionDraft(
    name="Michigan",
    time_zone="America/Detroit",
    currency="USD",
    extent=Box(41_600_000, -90_500_000, 48_400_000, -82_100_000),
)
GRAND_RAPIDS = Coordinates(42_930_000, -85_660_000)


@dataclass(frozen=True)
class Country:
    """A region, and its store to add to it."""

    store: Store
    region: RegionCard

    @classmethod
    def founded(cls, store: Store) -> Self:
        return cls(store, store.run(commands.create_region, MICHIGAN))

    @classmethod
    def anywhere(cls, store: Store) -> Self:
        draft = RegionDraft(name="Anywhere", time_zone="Asia/Shanghai", currency="CNY")
        return cls(store, store.run(commands.create_region, draft))

    def organisation(self, kind: OrganisationKind = OrganisationKind.FARM, name: str = "Overhiser") -> OrganisationId:
        return self.store.run(add_organisation, name, kind)

    def hub_draft(self, name: str = "Grand Rapids") -> HubDraft:
        return HubDraft(
            region_id=self.region.id,
            organisation_id=self.organisation(OrganisationKind.HUB, name),
            name=name,
            address=Address(town="Grand Rapids", district="MI"),
            coordinates=GRAND_RAPIDS,
            fixed_minor=35_000,
            handling_minor_per_kg=14,
            throughput_g=25_000_000,
        )

    def hub(self, name: str = "Grand Rapids") -> HubCard:
        return self.store.run(commands.open_hub, self.hub_draft(name))

    def farm_draft(self, name: str = "Overhiser Orchards", code: str | None = None) -> FarmDraft:
        return FarmDraft(
            region_id=self.region.id,
            organisation_id=self.organisation(name=name),
            name=name,
            code=code,
            address=Address(town="South Haven", district="MI", postcode="49090"),
            coordinates=Coordinates(42_483_804, -86_169_217),
            families=("fruit", "eggs"),
        )

    def farm(self, name: str = "Overhiser Orchards", code: str | None = None) -> FarmCard:
        farm = self.store.run(commands.add_farm, self.farm_draft(name, code))
        return self.store.run(commands.approve_farm, farm.id)

    def point_draft(self, name: str = "Holland Market", code: str | None = None) -> PointDraft:
        return PointDraft(
            region_id=self.region.id,
            organisation_id=self.organisation(OrganisationKind.POINT, name),
            name=name,
            code=code,
            address=Address(town="Holland"),
            coordinates=Coordinates(42_790_000, -86_110_000),
            capacity_orders=200,
        )

    def point(self, name: str = "Holland Market", code: str | None = None) -> PointCard:
        point = self.store.run(commands.add_point, self.point_draft(name, code))
        return self.store.run(commands.approve_point, point.id)

    def vehicle_draft(self, hub: HubCard, name: str = "Reefer 1") -> VehicleDraft:
        return VehicleDraft(
            hub_id=hub.id,
            name=name,
            weight_g=4_500_000,
            volume_ml=30_000_000,
            crates=480,
            cold_classes=(ColdClass.AMBIENT, ColdClass.CHILLED),
            fixed_minor=16_500,
            minor_per_km=62,
            minor_per_hour=3_200,
        )
