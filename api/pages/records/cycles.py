"""Cycles for the planners of their hubs: drafted, copied from last week's, changed while they are drafts, opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, role
from api.pages.forms import Sent, key_of
from api.pages.page import Asked
from api.pages.plan.named import hubs_planned
from api.pages.records.pages import TAKEN, RecordPages
from api.pages.records.places import EVERY
from api.pages.records.record import NO_CURRENCY, Choices, Record, Shown, Way, Who, id_of
from api.pages.records.terms import TERMS
from api.pages.words import STAGES
from api.planners import require_cycle, require_hub
from api.v1.cycles.bodies import CycleBody
from farmlink.cycles import commands, queries
from farmlink.cycles.values import Cycle, CycleId, HomeTerms, Silence, Stage, Unmet
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Page, Paging, part
from farmlink.network import queries as network
from farmlink.network.queries.named import hubs_named
from farmlink.network.values import Approval, HubId, PointId
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction

WEEK_DAYS = 7
STAFF = role(Role.ADMIN, Role.PLANNER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A cycle as its form shows it: moments by the hub's clock."""

    id: CycleId
    hub_id: HubId
    called: str
    currency: str
    stage: Stage
    opens: datetime
    closes: datetime
    collect_on: date
    hand_out_on: date
    answer_hours: int
    silence: Silence
    threshold_minor: int
    markup_ppm: int
    delivery_fee_minor: int
    minimum_order_minor: int
    private: bool
    extension_hours: int
    unmet: Unmet
    brings_home: bool
    homes: HomeTerms | None
    every_point: bool
    point_ids: tuple[PointId, ...]
    revision: int


class Cycles(Record[Terms]):
    """Order cycles."""

    path = "/ops/records/cycles"
    title = marked("Cycles")
    new = marked("New cycle")
    about = marked("When people order, when goods are collected and handed out, and on which terms.")
    shape = CycleBody
    form_page = "records/cycle.html"

    def groups(self, who: Who, card: Terms | None) -> Any:  # noqa: ARG002  # the same for everybody
        """The form's fields."""
        return TERMS

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Cycles of one's hubs, the latest first."""
        return part(who.store.read(_found, who.principal, asked), paging, lambda one: one.id)

    def one(self, who: Who, key: UUID) -> Terms:
        """One cycle of one's hubs."""
        return who.store.read(_terms, require_cycle(who.store, who.principal, CycleId(key)))

    def make(self, who: Who, key: UUID, body: CycleBody) -> UUID:
        """Draft it."""
        require_hub(who.store, who.principal, HubId(body.hub_id))
        return who.store.once(key, commands.create, body.value()).id

    def change(self, who: Who, card: Terms, revision: int, body: CycleBody) -> object:
        """Replace the terms of a draft."""
        require_hub(who.store, who.principal, HubId(body.hub_id))
        return who.store.run(commands.change, card.id, revision, body.value())

    def name_of(self, card: Terms, language: str) -> str:  # noqa: ARG002  # a hub has one name
        """That of its hub."""
        return card.called

    def choices(self, who: Who, card: Terms | None) -> Choices:  # noqa: ARG002  # a draft may move
        """Which hub, and which points."""
        return who.store.read(_choices, who.principal)

    def currency(self, who: Who, card: Terms | None, sent: Mapping[str, Any]) -> str:
        """That of its hub."""
        key = id_of(sent, "hub_id")
        if key is None:
            return card.currency if card else NO_CURRENCY
        return who.store.read(_currency, HubId(key))

    def body(self, given: dict[str, Any], card: Terms | None) -> dict[str, Any]:  # noqa: ARG002  # the same for both
        """Homes and points only where they are ticked."""
        homes = given.pop("homes", {})
        if given.pop("brings_home", False):
            given["homes"] = homes
        if given.pop("every_point", False):
            given.pop("point_ids", None)
        return given

    def editable(self, card: Terms) -> bool:
        """A draft: what has opened was promised."""
        return card.stage is Stage.DRAFT

    def ways(self, who: Who, card: Terms) -> list[Way]:  # noqa: ARG002  # the same for everybody
        """What it sells, and what a draft is for."""
        here = f"{self.path}/{card.id}"
        ways = [
            Way(marked("What it sells"), f"/ops/records/listings?cycle_id={card.id}", "basket"),
            Way(marked("The cycle's page"), f"/plan/cycles/{card.id}", "route"),
            _copying(card.id),
        ]
        return (
            [*ways, Way(marked("Open for orders"), f"{here}/opening", "play", posts=True)]
            if self.editable(card)
            else ways
        )


class CycleRecordPages(RecordPages):
    """Cycles, for the planners of their hubs."""

    path = Cycles.path
    opt = open_to(STAFF)
    record = Cycles()

    @post("/{record_id:uuid}/copy", opt=TAKEN, sync_to_thread=True)
    def copy(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        record_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Draft the same cycle a week later: terms, listings, prices, places and guests."""
        cycle = require_cycle(store, principal, CycleId(record_id))
        try:
            copied = store.once(key_of(data), commands.copy, cycle.id, WEEK_DAYS)
        except RefusedError as refusal:
            return self.refused(request, Who(store, principal, language), record_id, refusal)
        return Redirect(f"{Cycles.path}/{copied.id}", status_code=303)

    @post("/{record_id:uuid}/opening", opt=TAKEN, sync_to_thread=True)
    def open_cycle(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        record_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Open a draft for orders now."""
        cycle = require_cycle(store, principal, CycleId(record_id))
        try:
            store.once(key_of(data), commands.open_cycle, cycle.id)
        except RefusedError as refusal:
            return self.refused(request, Who(store, principal, language), record_id, refusal)
        return Redirect(f"/plan/cycles/{cycle.id}", status_code=303)


def _copying(cycle_id: CycleId) -> Way:
    return Way(marked("Copy, a week later"), f"{Cycles.path}/{cycle_id}/copy", "repeat", posts=True)


def _found(tx: Transaction, principal: Principal, asked: str) -> list[Shown]:
    cycles = queries.cycles(tx, EVERY, hub_ids=hubs_planned(tx, principal)).items
    names = {key: network.hub(tx, key).name for key in {one.hub_id for one in cycles}}
    return [
        Shown(
            one.id, names[one.hub_id], "", STAGES[one.stage], _copying(one.id), day=one.collect_on
        )
        for one in sorted(cycles, key=lambda one: (one.collect_on, one.closes_at, one.id), reverse=True)
        if asked.lower() in names[one.hub_id].lower()
    ]  # fmt: skip


def _terms(tx: Transaction, cycle: Cycle) -> Terms:
    zone, served = ZoneInfo(cycle.time_zone), queries.served_points(tx, cycle.id)
    every = {one.id for one in network.points_of(tx, cycle.region_id) if one.state is Approval.APPROVED}
    kept = {name: getattr(cycle, name) for name in Terms.__dataclass_fields__ if hasattr(cycle, name)}
    return Terms(
        **kept,
        called=network.hub(tx, cycle.hub_id).name,
        opens=cycle.opens_at.astimezone(zone),
        closes=cycle.closes_at.astimezone(zone),
        brings_home=cycle.homes is not None,
        every_point=set(served) == every,
        point_ids=served,
    )


def _choices(tx: Transaction, principal: Principal) -> Choices:
    hubs = hubs_named(tx, "", EVERY, hubs_planned(tx, principal)).items
    points = [one for region in {hub.region_id for hub in hubs} for one in network.points_of(tx, region)]
    points = [one for one in points if one.state is Approval.APPROVED]
    return {
        "hub_id": [(str(one.id), one.name) for one in hubs],
        "point_ids": [(str(one.id), one.name) for one in sorted(points, key=lambda one: one.name)],
    }


def _currency(tx: Transaction, hub_id: HubId) -> str:
    try:
        return network.hub(tx, hub_id).currency
    except MissingError:
        return NO_CURRENCY
