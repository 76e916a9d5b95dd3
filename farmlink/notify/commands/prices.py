"""What an order cost in the end, and what was given back of it: the text, and who gets it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal

from farmlink.claims import queries as claims
from farmlink.cycles import queries as cycles
from farmlink.kernel.locale import marked, render
from farmlink.kernel.money import Money
from farmlink.kernel.page import Paging
from farmlink.ledger.values import AccountKind
from farmlink.notify import rules
from farmlink.notify.commands.reactions import tell_many
from farmlink.notify.values import Kind
from farmlink.orders import queries as orders
from farmlink.orders.values import Order, OrderId
from farmlink.payments import queries as payments
from farmlink.settlement import queries as settlement
from farmlink.settlement.values import CreditNoteId, Item, StatementLine
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

SUBJECT: Final = marked("The final price of your order for {day}")
CHARGED: Final = marked("This is what you got, and what it costs:")
NOTHING: Final = marked("Nothing was handed out of your order for {day}. Nothing is charged.")
LINE: Final = marked("{there} x {name}: {amount}")
WEIGHED: Final = marked("{there} x {name}, weighed {weight} kg: {amount}")
DELIVERY: Final = marked("Delivery: {amount}")
DEPOSIT: Final = marked("Deposit for crates, {crates} x {each}, which you get back with them: {amount}")
TOTAL: Final = marked("In all: {amount}.")
TAKEN: Final = marked("{amount} were taken out of what was held for it; what was held above that goes back to you.")
ALL_TAKEN: Final = marked("{amount} were held for it, and all of that was taken.")
DUE: Final = marked("{amount} are to pay at the pick-up point.")
DUE_AT_HOME: Final = marked("{amount} are to pay to who brought it.")
CREDITED: Final = (
    marked("{amount} are given back of your order for {day}"),
    marked("Why: {reason}"),
    marked("What you have not paid yet is asked less; what you paid comes back the way you paid, or as credit."),
)
MOST_LINES: Final = Paging(1000)


def say_final_prices(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell everybody who ordered what they are charged, once it is known."""
    told = [(one.event_id, one.event.consumer_id, one.event.order_id) for one in announced]
    tell_many(tx, Kind.FINAL_PRICE, told)


def say_credited(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell somebody what they get back, and why; what a claim brings back the letter about the claim says."""
    claimed = claims.are_claims(tx, [one.event.credit_note_id for one in announced])
    told = [
        (one.event_id, one.event.consumer_id, one.event.credit_note_id)
        for one in announced
        if one.event.credit_note_id not in claimed
    ]
    tell_many(tx, Kind.CREDITED, told)


def write_final_price(tx: Transaction, order_id: OrderId, language: str) -> tuple[str, str]:
    """Write what an order is charged, line by line, and how it is paid."""
    order, charge = orders.order(tx, order_id), settlement.order_charge(tx, order_id)
    cycle = cycles.cycle(tx, order.cycle_id)
    facts: dict[str, object] = {"day": cycle.hand_out_on}
    if not charge.total_minor:
        return rules.write((SUBJECT, NOTHING), language, facts, cycle.time_zone)
    charged = settlement.statement(tx, order.consumer_id, [AccountKind.RECEIVABLE], MOST_LINES, order_id=order_id).items
    said = _lines(tx, order, [one for one in charged if one.item is Item.SALE and not one.credit_note_id], language)
    paid = payments.payment(tx, order_id)
    sums = (
        (DELIVERY, charge.delivery_minor),
        (DEPOSIT, charge.deposit_minor),
        (TOTAL, charge.total_minor),
        (ALL_TAKEN if paid.due_minor else TAKEN, paid.captured_minor),
        (DUE_AT_HOME if order.at_home else DUE, paid.due_minor),
    )
    each = Money(charge.deposit_minor // max(1, charge.crates), charge.currency)
    said += [
        render(text, language, {"amount": Money(minor, charge.currency), "crates": charge.crates, "each": each})
        for text, minor in sums
        if minor
    ]
    return rules.write((SUBJECT, CHARGED, "{said}"), language, facts | {"said": "\n".join(said)}, cycle.time_zone)


def write_credited(tx: Transaction, note_id: CreditNoteId, language: str) -> tuple[str, str]:
    """Write what is given back, and why."""
    note = settlement.credit_note(tx, note_id)
    cycle = cycles.cycle(tx, orders.order(tx, note.order_id).cycle_id)
    amount = Money(note.amount_minor, note.currency)
    facts = {"day": cycle.hand_out_on, "amount": amount, "reason": note.reason}
    return rules.write(CREDITED, language, facts, cycle.time_zone)


def _lines(tx: Transaction, order: Order, sold: Sequence[StatementLine], language: str) -> list[str]:
    lines = {line.id: line for line in order.lines}
    names = orders.line_names(tx, list(lines.values()), language)
    weights = settlement.weighed(tx, order.cycle_id)
    tag = language.replace("-", "_")
    said = []
    for one in sold:
        assert one.line_id is not None, "a sale is of a line"
        line, weight = lines[one.line_id], weights.get(one.line_id)
        there = Decimal(one.quantity * line.packs) / line.quantity
        facts = {
            "there": format_decimal(there, locale=tag),
            "name": names[line.id],
            "amount": Money(-one.amount_minor, one.currency),
            "weight": format_decimal(Decimal(weight.weight_g).scaleb(-3), locale=tag) if weight else "",
        }
        said.append(render(WEIGHED if weight else LINE, language, facts))
    return said
