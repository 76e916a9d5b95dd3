"""Where organisations are paid, cash that comes home, and pay-outs to farms and leaders with files for the bank."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import held_by
from api.planners import require_hub, runs
from api.shapes import Positive
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page
from farmlink.network.values import HubId
from farmlink.people.rules import require_member
from farmlink.people.values import OrganisationId, Principal, Role
from farmlink.settlement import commands, queries
from farmlink.settlement.rules import NoSuchPayOutError
from farmlink.settlement.values import BankDetails, PayOut, PayOutId
from farmlink.settlement.work import csv_file, sepa_file
from farmlink.store.store import Store

PAID = (Role.FARMER, Role.LEADER, Role.PLANNER, Role.ADMIN)


class BankBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An IBAN, or an account number with the name of its bank."""

    holder: Annotated[str, msgspec.Meta(min_length=1, max_length=70, examples=["Elm Farm"])]
    iban: Annotated[str, msgspec.Meta(max_length=50, examples=["DE89 3704 0044 0532 0130 00"])] | None = None
    bic: Annotated[str, msgspec.Meta(max_length=11, examples=["COBADEFFXXX"])] | None = None
    account: Annotated[str, msgspec.Meta(max_length=50)] | None = None
    bank: Annotated[str, msgspec.Meta(max_length=70)] | None = None


class HandedOver(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Cash of a point; without one, what was collected at the doors."""

    amount_minor: Positive
    point_id: UUID | None = None


class BankDetailsController(Controller):
    """Where one's own farm, point or hub is paid."""

    path = "/organisations/{organisation_id:uuid}/bank-details"
    tags = ("settlement",)
    opt = held_by(*PAID)

    @get("", sync_to_thread=True)
    def details(self, store: ActingStore, principal: Asking, organisation_id: FromPath[OrganisationId]) -> BankDetails:
        """What is kept."""
        require_member(principal, organisation_id, *PAID)
        found = store.read(queries.bank_details, [organisation_id]).get(organisation_id)
        if found is None:
            raise MissingError(noun="bank details", id=organisation_id)
        return found

    @post("", status_code=200, sync_to_thread=True)
    def keep(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        organisation_id: FromPath[OrganisationId],
        data: JSONBody[BankBody],
    ) -> BankDetails:
        """Say where to pay from now on; the check digits of an IBAN must be right."""
        require_member(principal, organisation_id, *PAID)
        details = BankDetails(**{name: getattr(data, name) for name in data.__struct_fields__})
        store.once(key, commands.keep_bank_details, organisation_id, details)
        return store.read(queries.bank_details, [organisation_id])[organisation_id]


class HubPayOutController(Controller):
    """A hub's pay-outs, for its planners."""

    path = "/hubs/{hub_id:uuid}/pay-outs"
    tags = ("settlement",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def pay_outs(
        self, store: ActingStore, principal: Asking, paging: AskedPage, hub_id: FromPath[HubId]
    ) -> Page[PayOut]:
        """What was paid out and when, without the single transfers."""
        require_hub(store, principal, hub_id)
        return store.read(queries.pay_outs, hub_id, paging)

    @post("", status_code=201, sync_to_thread=True)
    def pay_out(self, store: ActingStore, principal: Asking, key: OnceKey, hub_id: FromPath[HubId]) -> PayOut:
        """Pay the region's farms and leaders all that they are owed, as far as their bank details are known."""
        require_hub(store, principal, hub_id)
        return store.read(queries.pay_out, store.once(key, commands.pay_out, key, hub_id))


class CashController(Controller):
    """Cash that leaders and drivers collected, and hand over to the hub."""

    path = "/hubs/{hub_id:uuid}/cash"
    tags = ("settlement",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @post("", status_code=201, sync_to_thread=True)
    def hand_over(
        self, store: ActingStore, principal: Asking, key: OnceKey, hub_id: FromPath[HubId], data: JSONBody[HandedOver]
    ) -> UUID:
        """Keep that a point's cash, or what the hub's own drivers took, is at the bank; the entry's id."""
        require_hub(store, principal, hub_id)
        return store.once(key, commands.hand_over, key, hub_id, data.point_id or hub_id, data.amount_minor)


class PayOutController(Controller):
    """One pay-out, with its files for the bank."""

    path = "/pay-outs/{pay_out_id:uuid}"
    tags = ("settlement",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def pay_out(self, store: ActingStore, principal: Asking, pay_out_id: FromPath[PayOutId]) -> PayOut:
        """The pay-out with every transfer."""
        return _own(store, principal, pay_out_id)

    @get("/sepa", media_type="application/xml", sync_to_thread=True)
    def sepa(self, store: ActingStore, principal: Asking, pay_out_id: FromPath[PayOutId]) -> Response[bytes]:
        """The pay-out as a SEPA credit transfer, pain.001.001.03."""
        _own(store, principal, pay_out_id)
        return _file(sepa_file(store, pay_out_id), "application/xml", f"{pay_out_id}.xml")

    @get("/csv", media_type="text/csv", sync_to_thread=True)
    def table(self, store: ActingStore, principal: Asking, pay_out_id: FromPath[PayOutId]) -> Response[bytes]:
        """The pay-out as a table, for every other bank."""
        _own(store, principal, pay_out_id)
        return _file(csv_file(store, pay_out_id).encode(), "text/csv", f"{pay_out_id}.csv")


def _own(store: Store, principal: Principal, pay_out_id: PayOutId) -> PayOut:
    found = store.read(queries.pay_out, pay_out_id)
    if not runs(store, principal, found.hub_id):
        raise NoSuchPayOutError
    return found


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=disposition)
