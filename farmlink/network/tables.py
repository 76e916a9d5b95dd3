"""Regions and what stands in them: farms, hubs, pick-up points, homes, vehicles. Coordinates: WGS-84 micro-degrees."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Text, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from farmlink.store.columns import document, identity, instant, reference, whole
from farmlink.store.transitions import guard_transitions

APPROVAL = "state IN ('pending', 'approved', 'suspended')"
APPROVAL_MOVES = {
    "pending": frozenset({"approved", "suspended"}),
    "approved": frozenset({"suspended"}),
    "suspended": frozenset({"approved"}),
}
HUB_MOVES = {
    "candidate": frozenset({"open", "closed"}),
    "open": frozenset({"closed"}),
    "closed": frozenset({"open", "candidate"}),
}


def _on_earth(table: str) -> CheckConstraint:
    return CheckConstraint(
        "latitude_e6 BETWEEN -90000000 AND 90000000 AND longitude_e6 BETWEEN -180000000 AND 180000000",
        name=f"{table}_coordinates",
    )


class Region(SQLModel, table=True):
    """What one plan covers: a currency, roads, parcel tariff and the rhythm of its days."""

    __tablename__: ClassVar[str] = "region"
    __table_args__ = (
        CheckConstraint("btrim(name) <> ''", name="region_name"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="region_currency"),
        UniqueConstraint("id", "currency", name="region_and_currency"),
    )

    id: UUID = identity()
    name: str = Field(sa_type=Text, unique=True)
    time_zone: str = Field(sa_type=Text)
    currency: str = Field(sa_type=Text)
    extent: dict[str, int] = document()
    roads: dict[str, Any] = document()
    parcels: dict[str, Any] = document()
    rhythm: dict[str, Any] = document()
    revision: int = whole(default=1)


class Hub(SQLModel, table=True):
    """Where goods are brought together, sorted and sent out; a candidate is one the solver may propose to open."""

    __tablename__: ClassVar[str] = "hub"
    __table_args__ = (
        _on_earth("hub"),
        CheckConstraint("btrim(name) <> ''", name="hub_name"),
        CheckConstraint("state IN ('candidate', 'open', 'closed')", name="hub_state"),
        CheckConstraint("fixed_minor >= 0 AND handling_minor_per_kg >= 0", name="hub_costs"),
        CheckConstraint("throughput_g > 0", name="hub_throughput"),
        ForeignKeyConstraint(
            ["region_id", "currency"], ["region.id", "region.currency"], name="hub_currency_is_regions"
        ),
        UniqueConstraint("region_id", "name", name="hub_name_once"),
    )

    id: UUID = identity()
    region_id: UUID = reference("region.id")
    organisation_id: UUID = reference("organisation.id")
    name: str = Field(sa_type=Text)
    address: dict[str, str] = document()
    latitude_e6: int = whole()
    longitude_e6: int = whole()
    time_zone: str = Field(sa_type=Text)
    currency: str = Field(sa_type=Text)
    fixed_minor: int = whole()
    handling_minor_per_kg: int = whole()
    throughput_g: int = whole()
    hours: list[dict[str, int]] = document()
    state: str = Field(default="open", sa_type=Text)
    revision: int = whole(default=1)


class Farm(SQLModel, table=True):
    """A farm and its gate; it may offer lots once it is approved."""

    __tablename__: ClassVar[str] = "farm"
    __table_args__ = (
        _on_earth("farm"),
        CheckConstraint("btrim(name) <> ''", name="farm_name"),
        CheckConstraint(APPROVAL, name="farm_state"),
        UniqueConstraint("region_id", "code", name="farm_code_once"),
    )

    id: UUID = identity()
    region_id: UUID = reference("region.id")
    organisation_id: UUID = reference("organisation.id")
    code: str | None = Field(default=None, sa_type=Text)
    name: str = Field(sa_type=Text)
    address: dict[str, str] = document()
    latitude_e6: int = whole()
    longitude_e6: int = whole()
    families: list[str] = Field(sa_type=ARRAY(Text))
    hours: list[dict[str, int]] = document()
    standing_yes: bool = False
    state: str = Field(default="pending", sa_type=Text)
    added_at: datetime = instant()
    revision: int = whole(default=1)


class Point(SQLModel, table=True):
    """A pick-up point and its leader's organisation; consumers may choose it once it is approved."""

    __tablename__: ClassVar[str] = "point"
    __table_args__ = (
        _on_earth("point"),
        CheckConstraint("btrim(name) <> ''", name="point_name"),
        CheckConstraint("capacity_orders > 0 AND capacity_g > 0", name="point_capacity"),
        CheckConstraint("by_truck OR by_parcel", name="point_is_reached_somehow"),
        CheckConstraint(APPROVAL, name="point_state"),
        UniqueConstraint("region_id", "code", name="point_code_once"),
    )

    id: UUID = identity()
    region_id: UUID = reference("region.id")
    organisation_id: UUID = reference("organisation.id")
    code: str | None = Field(default=None, sa_type=Text)
    name: str = Field(sa_type=Text)
    address: dict[str, str] = document()
    latitude_e6: int = whole()
    longitude_e6: int = whole()
    capacity_orders: int = whole()
    capacity_g: int = whole()
    hours: list[dict[str, int]] = document()
    closed_days: list[str] = document()
    by_truck: bool = True
    by_parcel: bool = True
    state: str = Field(default="pending", sa_type=Text)
    added_at: datetime = instant()
    revision: int = whole(default=1)


class Home(SQLModel, table=True):
    """Somebody's home; who lives there and at which address, only people knows. It never moves: its people do."""

    __tablename__: ClassVar[str] = "home"
    __table_args__ = (_on_earth("home"),)

    id: UUID = Field(primary_key=True, foreign_key="home_address.id", sa_type=Uuid)
    region_id: UUID = reference("region.id")
    latitude_e6: int = whole()
    longitude_e6: int = whole()


class Vehicle(SQLModel, table=True):
    """One physical unit with a home hub."""

    __tablename__: ClassVar[str] = "vehicle"
    __table_args__ = (
        CheckConstraint("btrim(name) <> ''", name="vehicle_name"),
        CheckConstraint("weight_g > 0 AND volume_ml > 0 AND crates > 0", name="vehicle_capacity"),
        CheckConstraint("fixed_minor >= 0 AND minor_per_km >= 0 AND minor_per_hour >= 0", name="vehicle_costs"),
        CheckConstraint("shift_s BETWEEN 1 AND 86400", name="vehicle_shift"),
        CheckConstraint(
            "cardinality(cold_classes) > 0 AND cold_classes <@ ARRAY['ambient', 'chilled', 'frozen']",
            name="vehicle_cold_classes",
        ),
        UniqueConstraint("hub_id", "name", name="vehicle_name_once"),
    )

    id: UUID = identity()
    hub_id: UUID = reference("hub.id")
    name: str = Field(sa_type=Text)
    weight_g: int = whole()
    volume_ml: int = whole()
    crates: int = whole()
    cold_classes: list[str] = Field(sa_type=ARRAY(Text))
    fixed_minor: int = whole()
    minor_per_km: int = whole()
    minor_per_hour: int = whole()
    shift_s: int = whole()
    in_service: bool = True
    revision: int = whole(default=1)


guard_transitions(Farm.__table__, "state", APPROVAL_MOVES)  # type: ignore[attr-defined]  # SQLModel does not declare it
guard_transitions(Point.__table__, "state", APPROVAL_MOVES)  # type: ignore[attr-defined]  # SQLModel does not declare it
guard_transitions(Hub.__table__, "state", HUB_MOVES)  # type: ignore[attr-defined]  # SQLModel does not declare it
