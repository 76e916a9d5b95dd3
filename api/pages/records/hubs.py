"""Hubs and their vehicles."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.guards import open_to, role
from api.pages.plan.named import hubs_planned
from api.pages.records.fields import Field, Group
from api.pages.records.kinds import Clock, Money, Scaled, Text, Tick, Whole
from api.pages.records.pages import RecordPages
from api.pages.records.places import EVERY, HOURS, WHERE, WHOSE, currency_in, settled
from api.pages.records.record import NO_CURRENCY, Choices, Record, Shown, Way, Who, id_of
from api.pages.records.several import Choice, Ticks
from api.pages.records.words import COLD, HUB_STATES
from api.planners import require_hub
from api.reach import require_region, require_within
from api.v1.network.bodies import HubBody, VehicleBody
from farmlink.catalogue.values import ColdClass
from farmlink.kernel.errors import MissingError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Page, Paging
from farmlink.network import commands, queries
from farmlink.network.queries.named import hubs_named, vehicles_named
from farmlink.network.values import HubCard, HubId, HubState, RegionId, VehicleCard, VehicleId
from farmlink.people.values import OrganisationKind, Principal, Role
from farmlink.store.transaction import Transaction

STAFF = role(Role.ADMIN, Role.PLANNER)
KG = Scaled(places=3, unit=marked("kg"))


class Hubs(Record[HubCard]):
    """Where goods come together."""

    path = "/ops/records/hubs"
    title = marked("Hubs")
    new = marked("New hub")
    about = marked("Where goods come together, what that costs, and how much passes in a day.")
    shape = HubBody

    def groups(self, who: Who, card: HubCard | None) -> tuple[Group, ...]:  # noqa: ARG002  # the same for everybody
        """The form's fields."""
        return (WHOSE, WHERE, HOURS, WORK)

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Hubs that one plans for."""
        cards = who.store.read(_hubs, who.principal, asked, paging)
        return Page(
            [Shown(one.id, one.name, one.address.town, HUB_STATES[one.state]) for one in cards.items], cards.next
        )

    def one(self, who: Who, key: UUID) -> HubCard:
        """One hub that one plans for."""
        require_hub(who.store, who.principal, HubId(key))
        return who.store.read(queries.hub, HubId(key))

    def make(self, who: Who, key: UUID, body: HubBody) -> UUID:
        """Add it to a region that one plans already."""
        require_region(who.store, who.principal, RegionId(body.region_id))
        require_within(who.store, who.principal, body, Role.PLANNER, Role.ADMIN)
        return who.store.once(key, commands.open_hub, body.draft()).id

    def change(self, who: Who, card: HubCard, revision: int, body: HubBody) -> object:
        """Replace what it says about itself."""
        return who.store.run(commands.change_hub, card.id, body.draft(), revision)

    def choices(self, who: Who, card: HubCard | None) -> Choices:
        """Whose it may be, and in which region."""
        return settled(who, OrganisationKind.HUB, card)

    def currency(self, who: Who, card: HubCard | None, sent: Mapping[str, Any]) -> str:
        """That of its region."""
        return currency_in(who, card, sent)

    def ways(self, who: Who, card: HubCard) -> list[Way]:
        """Its vehicles."""
        trucks = who.store.read(queries.vehicles_of, [card.id])
        own = [Way("", f"{Vehicles.path}/{one.id}", "truck", called=one.name) for one in trucks]
        return [*own, Way(Vehicles.new, f"{Vehicles.path}/new?hub_id={card.id}", "plus")]


class HubPages(RecordPages):
    """Hubs, for their planners."""

    path = Hubs.path
    opt = open_to(STAFF)
    record = Hubs()


class Vehicles(Record[VehicleCard]):
    """What carries the goods."""

    path = "/ops/records/vehicles"
    title = marked("Vehicles")
    new = marked("New vehicle")
    about = marked("What carries the goods, how much, and what it costs.")
    shape = VehicleBody

    def groups(self, who: Who, card: VehicleCard | None) -> tuple[Group, ...]:  # noqa: ARG002  # the same for everybody
        """The form's fields."""
        return VEHICLE

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Vehicles at home in one's hubs."""
        return who.store.read(_vehicles, who.principal, asked, paging)

    def one(self, who: Who, key: UUID) -> VehicleCard:
        """One vehicle of one's hubs."""
        found = who.store.read(queries.vehicle, VehicleId(key))
        require_hub(who.store, who.principal, found.hub_id, key, "vehicle")
        return found

    def make(self, who: Who, key: UUID, body: VehicleBody) -> UUID:
        """Add it to its home."""
        require_hub(who.store, who.principal, HubId(body.hub_id))
        return who.store.once(key, commands.add_vehicle, body.draft()).id

    def change(self, who: Who, card: VehicleCard, revision: int, body: VehicleBody) -> object:
        """Replace what it says about itself; its home may change."""
        require_hub(who.store, who.principal, HubId(body.hub_id))
        return who.store.run(commands.change_vehicle, card.id, body.draft(), revision)

    def choices(self, who: Who, card: VehicleCard | None) -> Choices:  # noqa: ARG002  # its home may change
        """Where it may be at home."""
        hubs = who.store.read(_hubs, who.principal, "", EVERY)
        return {"hub_id": [(str(one.id), one.name) for one in hubs.items]}

    def currency(self, who: Who, card: VehicleCard | None, sent: Mapping[str, Any]) -> str:
        """That of its home."""
        key = id_of(sent, "hub_id") or (card.hub_id if card else None)
        return who.store.read(_hub_currency, HubId(key)) if key else NO_CURRENCY


class VehiclePages(RecordPages):
    """Vehicles, for the planners of their hubs."""

    path = Vehicles.path
    opt = open_to(STAFF)
    record = Vehicles()


def _hubs(tx: Transaction, principal: Principal, asked: str, paging: Paging) -> Page[HubCard]:
    return hubs_named(tx, asked, paging, hubs_planned(tx, principal))


def _vehicles(tx: Transaction, principal: Principal, asked: str, paging: Paging) -> Page[Shown]:
    found = vehicles_named(tx, asked, paging, hubs_planned(tx, principal))
    homes = {key: queries.hub(tx, key).name for key in {one.hub_id for one in found.items}}
    return Page(
        [Shown(one.id, one.name, homes[one.hub_id], SERVICE[one.in_service]) for one in found.items], found.next
    )


def _hub_currency(tx: Transaction, hub_id: HubId) -> str:
    try:
        return queries.hub(tx, hub_id).currency
    except MissingError:
        return NO_CURRENCY


SERVICE = {True: (marked("in service"), "go", "check"), False: (marked("not in service"), "stop", "pause")}
WORK = Group(
    marked("What it does"),
    (
        Field(
            name="state",
            label=marked("State"),
            kind=Choice(words={state: words for state, (words, _, _) in HUB_STATES.items()}),
            needed=True,
            start=HubState.OPEN,
        ),
        Field(name="throughput_g", label=marked("Passes at most in a day"), kind=KG, needed=True),
        Field(name="fixed_minor", label=marked("Costs for each cycle"), kind=Money(), start=0),
        Field(name="handling_minor_per_kg", label=marked("Handling costs, per kg"), kind=Money(), start=0),
        Field(
            name="time_zone",
            label=marked("Time zone"),
            kind=Text(),
            hint=marked("Such as America/Detroit; left empty it is that of the region."),
        ),
    ),
)
VEHICLE = (
    Group(
        marked("Vehicle"),
        (
            Field(name="name", label=marked("What it is called"), kind=Text(), needed=True),
            Field(name="hub_id", label=marked("At home in"), kind=Choice(), needed=True),
            Field(name="in_service", label=marked("In service"), kind=Tick(), start=True),
        ),
    ),
    Group(
        marked("What it carries"),
        (
            Field(name="weight_g", label=marked("Weight at most"), kind=KG, needed=True),
            Field(
                name="volume_ml",
                label=marked("Space"),
                kind=Scaled(places=3, unit=marked("litres")),
                needed=True,
                hint=marked("A cubic metre has 1000 litres."),
            ),
            Field(name="crates", label=marked("Crates"), kind=Whole(), needed=True),
            Field(
                name="cold_classes",
                label=marked("Goods that travel"),
                kind=Ticks(words=COLD),
                needed=True,
                start=(ColdClass.AMBIENT,),
            ),
        ),
    ),
    Group(
        marked("What it costs"),
        (
            Field(name="fixed_minor", label=marked("For each day"), kind=Money(), start=0),
            Field(name="minor_per_km", label=marked("For each km"), kind=Money(), start=0),
            Field(name="minor_per_hour", label=marked("For each hour"), kind=Money(), start=0),
            Field(
                name="shift_s",
                label=marked("Longest shift"),
                kind=Clock(),
                needed=True,
                start=36_000,
                hint=marked("Hours and minutes, such as 10:00."),
            ),
        ),
    ),
)
