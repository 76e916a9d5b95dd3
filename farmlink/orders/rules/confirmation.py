"""What there is to say of an order, in its reader's language: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from babel.numbers import format_decimal

from farmlink.kernel.locale import marked, render
from farmlink.kernel.money import Money
from farmlink.orders.values import CancelReason, Confirmation, Handover, Item, Told
from farmlink.payments.values import Payment

SUBJECT = marked("Your order for {day}")
GREETINGS: Mapping[Told, str] = {
    Told.OPEN: marked("Your order is in. Until {closes_at} you can change or cancel it."),
    Told.PAUSED: marked("Your order is in. Ordering is paused: until {closes_at} you can cancel it."),
    Told.CLOSED: marked("Your order is in. It can no longer be changed or cancelled."),
    Told.DUE: marked("What came in has been shared out. This is there for you:"),
    Told.ENDED: marked("This was handed out of your order for {day}:"),
}
NOTHING_THERE: Mapping[Told, str] = {
    Told.DUE: marked("Nothing came in of your order for {day}. Nothing is charged."),
    Told.ENDED: marked("Nothing was handed out of your order for {day}. Nothing is charged."),
}
ITEM = marked("{packs} x {name}: {amount}")
SHORT_ITEM = marked("{there} of {packs} x {name}: {amount}")
WELCOME_ITEM = marked("{packs} x {name}, up to {most} if that fills a case: {amount}")
CHANGED_ITEM = marked("{packs} x {name}, {wanted} ordered: {amount}")
SWAPPED_ITEM = marked("{packs} x {name}, in the place of {instead}: {amount}")
FEE = marked("Delivery: {amount}")
WHERE = marked("Pick it up on {day} at {point}, {address}.")
COLLECTED = marked("{recipient} picks it up on {day} at {point}, {address}.")
HOURS = marked("Open {hours}.")
BROUGHT = marked("We bring it to your door on {day}, {hours}.")
ADDRESS = marked("Your address: {address}.")
AT_MOST = marked("You pay at most {amount}, when you pick it up. Nothing is charged before.")
AT_MOST_AT_HOME = marked("You pay at most {amount}, when it is brought. Nothing is charged before.")
AT_MOST_FOR_GIFT = marked("You pay at most {amount}, when it is picked up. Nothing is charged before.")
DUE_FOR_GIFT = marked("You pay {amount}, when it is picked up. Nothing is charged before.")
DUE = marked("You pay {amount}, when you pick it up. Nothing is charged before.")
DUE_AT_HOME = marked("You pay {amount}, when it is brought. Nothing is charged before.")
COSTS_AT_MOST = marked("It costs at most {amount}.")
COSTS = marked("It costs {amount}.")
KEPT = marked("{kept} are held for it. They are charged once the goods are handed out, and what is left goes back.")
PAID = marked("You paid {kept} already. What the goods do not come to goes back.")
REST = marked("The rest, {rest}, is to pay when it is handed out.")
BY_WEIGHT = marked(
    "What is priced by weight costs what it weighs when it is handed out, a little more or less than is said here."
)
DEPOSIT = marked("A deposit of {deposit} for each crate comes on top; you get it back with the crate.")
HANDED_OUT = marked("What was handed out comes to {amount}.")
CANCELLED_SUBJECT = marked("Your order for {day} is cancelled")
CANCELLED: Mapping[CancelReason, str] = {
    CancelReason.CONSUMER: marked("Your order for {day} is cancelled, as you asked. Nothing is charged."),
    CancelReason.PLANNER: marked(
        "The planner or your pick-up point cancelled your order for {day}. Nothing is charged."
    ),
    CancelReason.THRESHOLD: marked(
        "Too few people ordered, so your order for {day} cannot be served. Nothing is charged."
    ),
    CancelReason.NOT_ENOUGH: marked(
        "There was not enough for everybody, so your order for {day} cannot be served. Nothing is charged."
    ),
    CancelReason.CASE_NOT_FULL: marked(
        "Only whole cases are bought, and too little was ordered to fill one. So your order for {day} cannot be served."
        " Nothing is charged."
    ),
}


def write_cancellation(language: str, reason: CancelReason, day: date) -> Confirmation:
    """Write that an order is cancelled, and why."""
    facts = {"day": day}
    return Confirmation(render(CANCELLED_SUBJECT, language, facts), render(CANCELLED[reason], language, facts))


def write_confirmation(
    language: str,
    told: Told,
    handover: Handover,
    items: Sequence[Item],
    fee: Money,
    total: Money,
    paying: Payment | None = None,
) -> Confirmation:
    """Write what there is to say of a standing order: what comes, where and when, how much it costs, what is paid."""
    held = Money(paying.held_minor if paying else 0, total.currency)
    facts: dict[str, object] = {
        "day": handover.hand_out_on,
        "closes_at": handover.closes_at,
        "point": handover.point,
        "address": handover.address,
        "hours": handover.hours,
        "recipient": handover.recipient,
        "amount": total,
        "kept": held,
        "rest": Money(max(0, total.minor - held.minor), total.currency),
        "deposit": handover.deposit,
    }
    if told in NOTHING_THERE and not any(item.there for item in items):
        texts = [(NOTHING_THERE[told], facts)]
    else:
        texts = [(GREETINGS[told], facts), *(_item(item, language) for item in items)]
        texts += [(FEE, {"amount": fee})] if fee.minor else []
        texts += [(line, facts) for line in _ending(told, handover, paying)]
        texts += [(line, facts) for line in _still_to_come(told, handover, items, total.minor - held.minor, paying)]
    body = "\n".join(render(text, language, facts, handover.time_zone) for text, facts in texts)
    return Confirmation(render(SUBJECT, language, facts, handover.time_zone), body)


def _item(item: Item, language: str) -> tuple[str, dict[str, object]]:
    there = format_decimal(item.there, locale=language.replace("-", "_"))
    facts: dict[str, object] = {"packs": item.packs, "there": there, "name": item.name, "amount": item.amount}
    facts |= {"most": item.most, "wanted": item.wanted, "instead": item.instead_of}
    if item.there != item.packs:
        return SHORT_ITEM, facts
    if item.instead_of:
        return SWAPPED_ITEM, facts
    return (WELCOME_ITEM if item.most else CHANGED_ITEM if item.wanted else ITEM), facts


def _ending(told: Told, handover: Handover, paying: Payment | None) -> list[str]:
    """Where it is handed out and what that costs, for as long as it is not handed out yet."""
    if told is Told.ENDED:
        return [HANDED_OUT]
    due = told is Told.DUE
    if handover.point is None:
        where = [BROUGHT, *([ADDRESS] if handover.address else [])]
        then = DUE_AT_HOME if due else AT_MOST_AT_HOME
    else:
        where = [COLLECTED if handover.recipient else WHERE, *([HOURS] if handover.hours else [])]
        then = _at_point(due=due, gift=bool(handover.recipient))
    if paying is None or not paying.held_minor:
        return [*where, then]
    return [*where, COSTS if due else COSTS_AT_MOST, KEPT if paying.can.hold else PAID]


def _still_to_come(
    told: Told, handover: Handover, items: Sequence[Item], unpaid_minor: int, paying: Payment | None
) -> list[str]:
    """What else is to pay, or to get back, than the amounts that were said; nothing after the hand-out."""
    if told is Told.ENDED:
        return []
    held_in_part = paying is not None and paying.held_minor and unpaid_minor > 0
    return [
        *([REST] if held_in_part else []),
        *([BY_WEIGHT] if any(item.by_weight for item in items) else []),
        *([DEPOSIT] if handover.deposit else []),
    ]


def _at_point(*, due: bool, gift: bool) -> str:
    if gift:
        return DUE_FOR_GIFT if due else AT_MOST_FOR_GIFT
    return DUE if due else AT_MOST
