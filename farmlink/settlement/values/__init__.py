"""What goes into and comes out of settlement: the shares of every line, statements, credit notes and pay-outs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.cycles.values import CycleId
from farmlink.kernel.events import Event
from farmlink.ledger.values import Account, AccountKind
from farmlink.network.values import HubId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import OrganisationId, PersonId
from farmlink.settlement.values.parts import (
    Delivered,
    EndedLine,
    EndedOrder,
    FarmPart,
    Item,
    Part,
    Split,
    Terms,
    Weighed,
)
from farmlink.supply.values import LotId

__all__ = [
    "BankDetails",
    "BankDetailsChanged",
    "Bearer",
    "CreditNote",
    "CreditNoteId",
    "CycleSettled",
    "Delivered",
    "EndedLine",
    "EndedOrder",
    "FarmPart",
    "Item",
    "NewCreditNote",
    "OrderCharge",
    "OrderCharged",
    "OrderCredited",
    "Part",
    "PayOut",
    "PayOutId",
    "Payee",
    "Reversible",
    "Settled",
    "Split",
    "StatementLine",
    "StatementSum",
    "Terms",
    "ToWeigh",
    "Transfer",
    "Weighed",
    "Weight",
]
CreditNoteId = NewType("CreditNoteId", UUID)
PayOutId = NewType("PayOutId", UUID)


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling a cycle came to; `unweighed` lines are priced by weight, and cost their nominal one."""

    cycle_id: CycleId
    orders: int
    charged_minor: int
    currency: str
    settled_at: datetime
    unweighed: tuple[OrderLineId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line of somebody's statement: above zero is theirs, below zero they bear; `quantity` in base units."""

    id: UUID
    cycle_id: CycleId
    order_id: OrderId | None
    line_id: OrderLineId | None
    lot_id: LotId | None
    item: Item
    account: AccountKind
    owner_id: UUID
    currency: str
    quantity: int
    amount_minor: int
    credit_note_id: CreditNoteId | None


@dataclass(frozen=True, slots=True)
class StatementSum:
    """What the lines of a statement come to, item by item."""

    account: AccountKind
    item: Item
    currency: str
    lines: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCharge:
    """What an order was charged in the end: what was handed out, its delivery, deposits for crates; less credit."""

    order_id: OrderId
    cycle_id: CycleId
    consumer_id: PersonId
    currency: str
    goods_minor: int
    delivery_minor: int
    deposit_minor: int
    total_minor: int
    crates: int
    credited_minor: int


@dataclass(frozen=True, slots=True)
class ToWeigh:
    """A line whose price goes by weight; `weight_g` is none until somebody weighed it."""

    line_id: OrderLineId
    order_id: OrderId
    quantity: int
    nominal_g: int
    weight_g: int | None


@dataclass(frozen=True, slots=True)
class Weight:
    """What somebody read off the scales for one line."""

    line_id: OrderLineId
    weight_g: int


class Bearer(StrEnum):
    """Who bears a credit note: everybody their part of the line, or the hub alone."""

    SHARED = "shared"
    HUB = "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCreditNote:
    """Part of a charge that is taken back; `key` makes it happen once."""

    key: UUID
    order_id: OrderId
    line_id: OrderLineId
    amount_minor: int
    reason: str
    bearer: Bearer = Bearer.SHARED


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote:
    """What was taken back of a charge, of which tax, and why."""

    id: CreditNoteId
    order_id: OrderId
    line_id: OrderLineId | None
    amount_minor: int
    tax_minor: int
    currency: str
    reason: str
    bearer: Bearer
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Where an organisation is paid: an IBAN, or an account at a bank that has none."""

    holder: str
    iban: str | None = None
    bic: str | None = None
    account: str | None = None
    bank: str | None = None


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is owed what, and where it goes."""

    account: Account
    organisation_id: OrganisationId
    owed_minor: int
    details: BankDetails | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One payment of a pay-out; `reference` is on the payee's bank statement.

    It is `changed` when the last pay-out paid this payee to another account.
    """

    account: AccountKind
    owner_id: UUID
    organisation_id: OrganisationId
    amount_minor: int
    reference: str
    details: BankDetails
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PayOut:
    """What was paid out at once, and what still waits for bank details."""

    id: PayOutId
    hub_id: HubId
    currency: str
    total_minor: int
    made_at: datetime
    transfers: tuple[Transfer, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Reversible:
    """A line of a charge and what was taken back of it so far: in all, and of that by all who share it."""

    charged_minor: int
    credited_minor: int
    shared_minor: int
    parts: tuple[Part, ...]
    reversed: Mapping[Part, int]


@dataclass(frozen=True, slots=True)
class OrderCharged(Event):
    """An order's final price is known."""

    name: ClassVar[str] = "settlement.charged.v1"
    order_id: OrderId
    consumer_id: PersonId
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class CycleSettled(Event):
    """Everybody of a cycle is charged and credited."""

    name: ClassVar[str] = "settlement.settled.v1"
    cycle_id: CycleId


@dataclass(frozen=True, slots=True)
class OrderCredited(Event):
    """Part of a charge was taken back."""

    name: ClassVar[str] = "settlement.credited.v1"
    credit_note_id: CreditNoteId
    order_id: OrderId
    consumer_id: PersonId


@dataclass(frozen=True, slots=True)
class BankDetailsChanged(Event):
    """An organisation is paid to another account from now on."""

    name: ClassVar[str] = "settlement.bank-details-changed.v1"
    organisation_id: OrganisationId
