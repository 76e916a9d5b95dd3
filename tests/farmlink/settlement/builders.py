"""A cycle that is over: goods handed out, and what was made of the money."""

from __future__ import annotations

from dataclasses import replace
from typing import Self
from uuid import UUID

from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import Account, AccountKind
from farmlink.orders.values import Order
from farmlink.payments import commands as payments
from farmlink.payments import queries as paid
from farmlink.payments.values import Method, NewPayment, Payment
from farmlink.policy import commands as policy
from farmlink.policy.values import FIRST, Charges, PolicyDocument
from farmlink.settlement import commands, queries
from farmlink.settlement.values import BankDetails, NewCreditNote, OrderCharge, Settled, StatementLine, ToWeigh
from farmlink.store.store import Store
from farmlink.supply import queries as supply
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import run_sql

LOTS, BAGS = (60_000, 60_000), (30, 20)
ELM = BankDetails("Elm Farm", iban="DE89370400440532013000", bic="COBADEFFXXX")
HEN_G = 1_000
"""What a bag is, when the apples are hens: a thousand grams of hen."""


def under(store: Store, **charges: int) -> None:
    """Publish other charges, under which cycles that open from now on are settled."""
    document = PolicyDocument(charges=replace(Charges(), **charges))
    store.run(policy.publish_version, document, "Charges were decided anew.", FIRST.version)


class Ledgered(Goods):
    """A season whose money is looked at; bags cost 3.00, the farms ask for 2.00."""

    @classmethod
    def done(cls, store: Store, lots: tuple[int, ...] = LOTS, bags: tuple[int, ...] = BAGS) -> Self:
        """Everything came in and was handed out, and the cycle is over."""
        return cls.on_the_way(store, lots, bags).handed_out()

    @classmethod
    def on_the_way(cls, store: Store, lots: tuple[int, ...] = LOTS, bags: tuple[int, ...] = BAGS) -> Self:
        """Every farm has said yes."""
        return cls.closed(store, lots, bags).confirmed()

    @classmethod
    def by_weight(cls, store: Store) -> Self:
        """The same of goods that are priced by weight, ready to be weighed."""
        season = cls.opened(store)
        run_sql(store, "UPDATE product SET base_unit = 'piece', catch_weight = true")
        for packs in BAGS:
            season.order(packs)
        season.close()
        season.confirmed()
        season.receive()
        season.share()
        return season

    def handed_out(self, part: int = 1) -> Self:
        """All that came in, one part of it in so many, goes through every hand, and the cycle is over."""
        self.receive(lambda view: view.allocated // part)
        self.share()
        return self.over()

    def over(self) -> Self:
        self.hand_out_point()
        self.finish()
        return self

    def settle(self) -> Settled:
        return self.store.run(commands.settle, self.cycle_id)

    def to_weigh(self) -> list[ToWeigh]:
        """What waits to be weighed."""
        return list(self.store.read(queries.to_weigh, self.cycle_id).values())

    def charge(self, order: Order) -> OrderCharge:
        return self.store.read(queries.order_charge, order.id)

    def on(self, kind: AccountKind, owner_id: UUID) -> int:
        """What stands on an account in the market's currency; below zero is the owner's."""
        return self.store.read(ledger.balance, Account(kind, owner_id, self.market.hub.currency))

    def hub(self, kind: AccountKind) -> int:
        """What the hub got (above zero) or bore on one of its accounts."""
        return -self.on(kind, self.market.hub.id)

    def farms(self) -> list[UUID]:
        """The farms, in the order of their lots."""
        return [self.store.read(supply.lot, lot_id).farm_id for lot_id in self.lots]

    def earned(self) -> int:
        """What all farms are owed."""
        return -sum(self.on(AccountKind.FARM, farm) for farm in self.farms())

    def statement(self, owner_id: UUID, kind: AccountKind) -> list[StatementLine]:
        return list(self.store.read(queries.statement, owner_id, [kind], Paging(10_000)).items)

    def check_out(self, order: Order, credit_minor: int) -> Payment:
        """Pay in, and have the order held out of it."""
        currency = self.market.hub.currency
        self.store.run(payments.top_up, uuid7(), order.consumer_id, credit_minor, currency)
        paying = NewPayment(
            key=uuid7(),
            about=order.id,
            payer_id=order.consumer_id,
            method=Method.CREDIT,
            amount_minor=order.total_minor,
            currency=currency,
        )
        return self.store.run(payments.start, paying)

    def payment(self, order: Order) -> Payment:
        return self.store.read(paid.payment, order.id)

    def note(self, order: Order, amount_minor: int, **changed: object) -> NewCreditNote:
        """A credit note for the one line of an order."""
        given: dict[str, object] = {
            "key": uuid7(),
            "order_id": order.id,
            "line_id": order.lines[0].id,
            "amount_minor": amount_minor,
            "reason": "Half of them were bruised.",
        }
        return NewCreditNote(**given | changed)  # type: ignore[arg-type]  # each test names what it changes
