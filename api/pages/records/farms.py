"""Farms and pick-up points: found, kept, and let in or kept out."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, role
from api.pages.forms import Sent, key_of
from api.pages.page import Asked
from api.pages.records.fields import Field, Group
from api.pages.records.kinds import Scaled, Text, Tick, Whole
from api.pages.records.pages import TAKEN, RecordPages
from api.pages.records.places import HOURS, WHERE, WHOSE, settled
from api.pages.records.record import Choices, Record, Shown, Way, Who
from api.pages.records.several import Lines
from api.pages.records.words import APPROVALS
from api.reach import reach, require_region, require_within
from api.v1.network.bodies import FarmBody, PointBody
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Page, Paging
from farmlink.network import commands, queries
from farmlink.network.queries.named import farms_named, points_named
from farmlink.network.values import Approval, FarmCard, FarmId, PointCard, PointId
from farmlink.people.values import OrganisationKind, Role

STAFF = role(Role.ADMIN, Role.PLANNER)
CODE = Field(
    name="code", label=marked("Code in files"), kind=Text(), hint=marked("Such as oak-1; imports know it by this.")
)
JUDGED = {"approval": Approval.APPROVED, "suspension": Approval.SUSPENDED}


class Farms(Record[FarmCard]):
    """Who sells."""

    path = "/ops/records/farms"
    title = marked("Farms")
    new = marked("New farm")
    about = marked("Who sells, where the gate is, and when somebody is there.")
    shape = FarmBody

    def groups(self, who: Who, card: FarmCard | None) -> tuple[Group, ...]:  # noqa: ARG002  # the same for everybody
        """The form's fields."""
        return (WHOSE, WHERE, HOURS, FARM)

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Farms for which one acts."""
        within = reach(who.store, who.principal, Role.FARMER)
        cards = who.store.read(farms_named, asked, paging, within)
        return Page([_shown(one) for one in cards.items], cards.next)

    def one(self, who: Who, key: UUID) -> FarmCard:
        """One farm for which one acts."""
        within = reach(who.store, who.principal, Role.FARMER)
        found = who.store.read(queries.farm, FarmId(key))
        if within is not None and not within.covers(found):
            raise MissingError(noun="farm", id=key)
        return found

    def make(self, who: Who, key: UUID, body: FarmBody) -> UUID:
        """Add it; it waits for approval."""
        require_within(who.store, who.principal, body, Role.FARMER)
        return who.store.once(key, commands.add_farm, body.draft()).id

    def change(self, who: Who, card: FarmCard, revision: int, body: FarmBody) -> object:
        """Replace what it says about itself."""
        within = reach(who.store, who.principal, Role.FARMER)
        return who.store.run(commands.change_farm, card.id, body.draft(), revision, within)

    def choices(self, who: Who, card: FarmCard | None) -> Choices:
        """Whose it may be, and in which region."""
        return settled(who, OrganisationKind.FARM, card)

    def ways(self, who: Who, card: FarmCard) -> list[Way]:  # noqa: ARG002  # the same for everybody
        """Let it in or keep it out."""
        return _judging(f"{self.path}/{card.id}", card.state)


class Points(Record[PointCard]):
    """Where people pick up."""

    path = "/ops/records/points"
    title = marked("Pick-up points")
    new = marked("New pick-up point")
    about = marked("Where people pick up, when it is open, and how much fits.")
    shape = PointBody

    def groups(self, who: Who, card: PointCard | None) -> tuple[Group, ...]:  # noqa: ARG002  # the same for everybody
        """The form's fields."""
        return (WHOSE, WHERE, HOURS, CLOSED, POINT)

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Points for which one acts."""
        within = reach(who.store, who.principal, Role.LEADER)
        cards = who.store.read(points_named, asked, paging, within)
        return Page([_shown(one) for one in cards.items], cards.next)

    def one(self, who: Who, key: UUID) -> PointCard:
        """One point for which one acts."""
        within = reach(who.store, who.principal, Role.LEADER)
        found = who.store.read(queries.point, PointId(key))
        if within is not None and not within.covers(found):
            raise MissingError(noun="point", id=key)
        return found

    def make(self, who: Who, key: UUID, body: PointBody) -> UUID:
        """Add it; it waits for approval."""
        require_within(who.store, who.principal, body, Role.LEADER)
        return who.store.once(key, commands.add_point, body.draft()).id

    def change(self, who: Who, card: PointCard, revision: int, body: PointBody) -> object:
        """Replace what it says about itself, its closed days too."""
        within = reach(who.store, who.principal, Role.LEADER)
        return who.store.run(commands.change_point, card.id, body.draft(), revision, within)

    def choices(self, who: Who, card: PointCard | None) -> Choices:
        """Whose it may be, and in which region."""
        return settled(who, OrganisationKind.POINT, card)

    def ways(self, who: Who, card: PointCard) -> list[Way]:  # noqa: ARG002  # the same for everybody
        """Let it in or keep it out."""
        return _judging(f"{self.path}/{card.id}", card.state)


class JudgedPages(RecordPages):
    """Pages of what is let in or kept out."""

    noun: str
    acts: dict[str, Callable[..., Any]]

    @post("/{record_id:uuid}/{act:str}", opt=TAKEN, sync_to_thread=True)
    def judge(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        record_id: FromPath[UUID],
        act: FromPath[str],
        data: Sent,
    ) -> Response[Any]:
        """Approve or suspend a place of a region that one plans."""
        if act not in self.acts:
            raise MissingError(noun="page", id=act)
        who = Who(store, principal, language)
        card = self.record.one(who, record_id)
        require_region(store, principal, card.region_id, record_id, self.noun)
        try:
            store.once(key_of(data), self.acts[act], record_id)
        except RefusedError as refusal:
            return self.refused(request, who, record_id, refusal)
        return Redirect(f"{self.record.path}/{record_id}", status_code=303)


class FarmPages(JudgedPages):
    """Farms, for the planners of their region."""

    path = Farms.path
    opt = open_to(STAFF)
    record = Farms()
    noun = "farm"
    acts = {"approval": commands.approve_farm, "suspension": commands.suspend_farm}  # noqa: RUF012  # read only


class PointPages(JudgedPages):
    """Points, for the planners of their region."""

    path = Points.path
    opt = open_to(STAFF)
    record = Points()
    noun = "point"
    acts = {"approval": commands.approve_point, "suspension": commands.suspend_point}  # noqa: RUF012  # read only


def _shown(card: FarmCard | PointCard) -> Shown:
    hint = f"{card.address.town} · {card.code}" if card.code else card.address.town
    return Shown(card.id, card.name, hint, APPROVALS[card.state])


def _judging(path: str, state: Approval) -> list[Way]:
    words = {"approval": (marked("Approve"), "check"), "suspension": (marked("Suspend"), "pause")}
    return [Way(words[act][0], f"{path}/{act}", words[act][1], posts=True) for act in JUDGED if JUDGED[act] != state]


FARM = Group(
    marked("What it sells"),
    (
        Field(
            name="families",
            label=marked("Families"),
            kind=Lines(),
            hint=marked("One on each line, such as fruit or eggs."),
        ),
        CODE,
        Field(name="standing_yes", label=marked("Its silence means yes"), kind=Tick()),
    ),
)
CLOSED = Group(
    marked("Closed days"),
    (
        Field(
            name="closed_days",
            label=marked("Days without hand-out"),
            kind=Lines(),
            hint=marked("One on each line, such as 2026-12-24."),
        ),
    ),
)
POINT = Group(
    marked("What fits"),
    (
        Field(
            name="capacity_orders",
            label=marked("Orders in one hand-out"),
            kind=Whole(),
            needed=True,
            start=1000,
        ),
        Field(
            name="capacity_g",
            label=marked("Weight in one hand-out"),
            kind=Scaled(places=3, unit=marked("kg")),
            needed=True,
            start=10_000_000,
        ),
        Field(name="by_truck", label=marked("Trucks come here"), kind=Tick(), start=True),
        Field(name="by_parcel", label=marked("Parcels come here"), kind=Tick(), start=True),
        CODE,
    ),
)
