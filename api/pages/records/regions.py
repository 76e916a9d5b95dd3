"""Regions: their clock and money, their roads, what parcels cost there, and when things move."""

from typing import Any, Final
from uuid import UUID

from api.guards import open_to, role
from api.pages.records.fields import Field, Group
from api.pages.records.kinds import Clock, Kind, Money, Scaled, Text, Whole
from api.pages.records.pages import RecordPages
from api.pages.records.passages import Passages
from api.pages.records.places import DEGREES, planned
from api.pages.records.record import NO_CURRENCY, Record, Shown, Who
from api.pages.records.several import Figures, Rows, Ticks
from api.pages.records.words import COLD
from api.reach import require_region
from api.v1.network.bodies import RegionBody
from farmlink.kernel.errors import ForbiddenError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Page, Paging
from farmlink.network import commands, queries
from farmlink.network.queries.named import regions_named
from farmlink.network.values import WORLD, Parcels, RegionCard, RegionId, Rhythm, Roads
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction

STAFF = role(Role.ADMIN, Role.PLANNER)
FOUNDERS = (Role.ADMIN, Role.PLANNER)
CLOCK: Final = Clock(latest_h=7 * 24)
KM, KG = Scaled(places=3), Scaled(places=3)


class Regions(Record[RegionCard]):
    """What one plan covers."""

    path = "/ops/records/regions"
    title = marked("Regions")
    new = marked("New region")
    about = marked("What one plan covers: clock and money, roads, parcels, and when things move.")
    shape = RegionBody

    def groups(self, who: Who, card: RegionCard | None) -> tuple[Group, ...]:  # noqa: ARG002  # the same for everybody
        """The form's fields."""
        return REGION

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Regions that one plans."""
        cards = who.store.read(_regions, who.principal, asked, paging)
        return Page([Shown(one.id, one.name, f"{one.time_zone} · {one.currency}") for one in cards.items], cards.next)

    def one(self, who: Who, key: UUID) -> RegionCard:
        """One region that one plans."""
        require_region(who.store, who.principal, RegionId(key))
        return who.store.read(queries.region, RegionId(key))

    def make(self, who: Who, key: UUID, body: RegionBody) -> UUID:
        """Found it; that is for staff of the platform."""
        if not who.principal.serves_platform(*FOUNDERS):
            raise ForbiddenError
        return who.store.once(key, commands.create_region, body.draft()).id

    def change(self, who: Who, card: RegionCard, revision: int, body: RegionBody) -> object:
        """Replace what it says about itself."""
        return who.store.run(commands.change_region, card.id, body.draft(), revision)

    def addable(self, who: Who) -> bool:
        """New ones are founded by staff of the platform."""
        return who.principal.serves_platform(*FOUNDERS)

    def currency(self, who: Who, card: RegionCard | None, sent: Any) -> str:  # noqa: ARG002  # the same for everybody
        """Its own, as it is typed or as it stands."""
        named = str(sent.get("currency", "")) or (card.currency if card else NO_CURRENCY)
        return named if named.isalpha() and named.isascii() and named.isupper() else NO_CURRENCY


class RegionPages(RecordPages):
    """Regions, for their planners; new ones for staff of the platform."""

    path = Regions.path
    opt = open_to(STAFF)
    record = Regions()


def _regions(tx: Transaction, principal: Principal, asked: str, paging: Paging) -> Page[RegionCard]:
    return regions_named(tx, asked, paging, planned(tx, principal))


def _of(name: str, label: str, kind: Kind, hint: str = "") -> Field:
    """A field that begins as everywhere."""
    part, _, said = name.partition(".")
    start = getattr({"roads": Roads(), "parcels": Parcels(), "rhythm": Rhythm(), "extent": WORLD}[part], said)
    return Field(
        name=name, label=label, kind=kind, hint=hint, start=start, needed=part != "parcels" and said != "passages"
    )


ROADS = Group(
    marked("Roads"),
    (
        _of(
            "roads.circuity_ppm",
            marked("Road for each km as the crow flies"),
            Scaled(places=6),
            marked("1.27 is a road 27% longer than the straight line."),
        ),
        _of(
            "roads.band_limit_m",
            marked("Speed changes after km"),
            Figures(of=KM),
            marked("Such as 10, 40: in town, across country, on the motorway."),
        ),
        _of(
            "roads.speed_m_per_h",
            marked("Speeds, km in an hour"),
            Figures(of=KM),
            marked("One more than the changes above, such as 40, 64, 88."),
        ),
        _of(
            "roads.passages",
            marked("Bridges and bays"),
            Passages(),
            marked("One on each line: name | latitude longitude | toll | boxes of one side | boxes of the other."),
        ),
    ),
    folded=True,
)
PARCELS = Group(
    marked("Parcels"),
    (
        _of(
            "parcels.zone_limit_m",
            marked("Zones end at km"),
            Figures(of=KM),
            marked("Left empty, nothing goes by parcel."),
        ),
        _of("parcels.weight_limit_g", marked("Steps end at kg"), Figures(of=KG)),
        _of(
            "parcels.price_minor",
            marked("What a parcel costs"),
            Rows(of=Figures(of=Money())),
            marked("A line for each zone, on it a price for each step."),
        ),
        _of("parcels.cold_classes", marked("Goods that go by parcel"), Ticks(words=COLD)),
        _of("parcels.cold_pack_minor", marked("A cold pack costs"), Money()),
        _of("parcels.cold_pack_g", marked("A cold pack is for"), Scaled(places=3, unit=marked("kg"))),
    ),
    folded=True,
)
RHYTHM = Group(
    marked("When things move"),
    (
        _of(
            "rhythm.collect_from_s",
            marked("Collected from"),
            CLOCK,
            marked("Hours count from midnight of the collection day: 31:00 is seven in the morning after."),
        ),
        _of("rhythm.collect_until_s", marked("Collected until"), CLOCK),
        _of("rhythm.haul_from_s", marked("Between hubs from"), CLOCK),
        _of("rhythm.haul_until_s", marked("Between hubs until"), CLOCK),
        _of("rhythm.haul_handling_s", marked("Loading between hubs takes"), CLOCK),
        _of("rhythm.sort_s", marked("Sorting takes"), CLOCK),
        _of("rhythm.deliver_from_s", marked("Delivered from"), CLOCK),
        _of("rhythm.deliver_until_s", marked("Delivered until"), CLOCK),
        _of("rhythm.hand_out_day", marked("Days from collection to hand-out"), Whole()),
        _of("rhythm.crate_g", marked("A crate holds"), Scaled(places=3, unit=marked("kg"))),
        _of("rhythm.farm_service_s", marked("A stop at a farm takes"), CLOCK),
        _of("rhythm.farm_service_s_per_tonne", marked("And for each tonne there"), CLOCK),
        _of("rhythm.point_service_s", marked("A stop at a point takes"), CLOCK),
        _of("rhythm.point_service_s_per_tonne", marked("And for each tonne at a point"), CLOCK),
        _of("rhythm.home_service_s", marked("A stop at a home takes"), CLOCK),
    ),
    folded=True,
)
REGION = (
    Group(
        marked("Region"),
        (
            Field(name="name", label=marked("What it is called"), kind=Text(), needed=True),
            Field(
                name="time_zone",
                label=marked("Time zone"),
                kind=Text(),
                needed=True,
                hint=marked("Such as America/Detroit or Asia/Shanghai."),
            ),
            Field(
                name="currency",
                label=marked("Currency"),
                kind=Text(),
                needed=True,
                hint=marked("Three letters, such as USD or CNY."),
            ),
        ),
    ),
    Group(
        marked("Where it ends"),
        (
            _of("extent.north_e6", marked("North"), DEGREES),
            _of("extent.south_e6", marked("South"), DEGREES),
            _of("extent.west_e6", marked("West"), DEGREES),
            _of("extent.east_e6", marked("East"), DEGREES),
        ),
        folded=True,
    ),
    ROADS,
    PARCELS,
    RHYTHM,
)
