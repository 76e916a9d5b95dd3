"""What a payee sees of its own money: a statement lot by lot, and the transfers that came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from farmlink.settlement.values.parts import Item
from farmlink.supply.values import LotId


@dataclass(frozen=True, slots=True)
class LotSum:
    """What the lines of a statement come to for one lot; without a lot, what is for none of them."""

    lot_id: LotId | None
    item: Item
    currency: str
    lines: int
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Received:
    """A transfer as its payee sees it; of the account only its last characters."""

    pay_out_id: UUID
    made_at: datetime
    currency: str
    amount_minor: int
    reference: str
    account_ending: str
