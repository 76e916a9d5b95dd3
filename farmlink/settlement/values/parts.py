"""What a cycle is settled from, and who gets which part of every line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from farmlink.ledger.values import Account, AccountKind
from farmlink.network.values import FarmId, HubId, PointId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import PersonId
from farmlink.policy.values import Charges
from farmlink.supply.values import LotId


class Item(StrEnum):
    """What a share of a line's or an order's money is for."""

    SALE = "sale"
    DELIVERY = "delivery"
    DEPOSIT = "deposit"
    TAX = "tax"
    GOODS = "goods"
    RELIEF = "relief"
    LEADER = "leader-commission"
    COMMISSION = "commission"
    PAYMENT = "payment-fee"
    PACKAGING = "packaging"
    PACK = "pack-fee"
    ORDER = "order-fee"
    CARRIAGE = "carriage"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What so many base units of a line weighed together."""

    quantity: int
    weight_g: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedLine:
    """A line that has ended: what was ordered at which price, what was delivered for it, what was handed out.

    `quantity`, `packs` and `weight_g` are what was ordered; `due` was delivered, `handed_out` taken; base units.
    """

    line_id: OrderLineId
    order_id: OrderId
    batch_id: UUID
    price_minor_per_1000: int
    tax_ppm: int
    quantity: int
    packs: int
    weight_g: int
    due: int
    handed_out: int
    weighed: Weighed | None = None

    def grams_of(self, quantity: int) -> int:
        """What so much of the line weighs by its nominal weight, rounded down."""
        return self.weight_g * quantity // self.quantity


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came in of one lot for one batch, and at which ask."""

    lot_id: LotId
    farm_id: FarmId
    received: int
    ask_minor_per_1000: int


@dataclass(frozen=True, slots=True)
class FarmPart:
    """What one lot's farm gets for its part in a line."""

    lot_id: LotId
    farm_id: FarmId
    quantity: int
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedOrder:
    """An order all of whose lines have ended; no point is home."""

    order_id: OrderId
    consumer_id: PersonId
    point_id: PointId | None
    delivery_fee_minor: int
    lines: tuple[EndedLine, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """By which policy a cycle is settled, for which hub, and which farms are small in it."""

    charges: Charges
    hub_id: HubId
    currency: str
    small: frozenset[FarmId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one account gets (above zero) or bears (below zero) of a line, or of an order as a whole."""

    item: Item
    account: Account
    minor: int
    line_id: OrderLineId | None = None
    lot_id: LotId | None = None
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """All parts of one order, which sum to zero: what its consumer pays and what everybody gets of it."""

    order_id: OrderId
    parts: tuple[Part, ...]
    crates: int = 0

    def total_minor(self) -> int:
        """What the consumer is charged."""
        return -sum(part.minor for part in self.parts if part.account.kind is AccountKind.RECEIVABLE)
