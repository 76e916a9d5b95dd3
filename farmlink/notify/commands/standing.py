"""What a standing order could not order in a cycle: told to its consumer, and never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from farmlink.catalogue import queries as catalogue
from farmlink.cycles import queries as cycles
from farmlink.kernel.locale import marked, render, render_refusal
from farmlink.notify import rules
from farmlink.notify.commands.reactions import tell_many
from farmlink.notify.values import Kind
from farmlink.orders.queries.standing import turn
from farmlink.orders.values import Goods, LeftOut, TurnId
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

SUBJECT: Final = marked("Your standing order for {day}: not all of it was ordered")
NOTHING: Final = marked("Your standing order for {day}: nothing was ordered")
WHY: Final[Mapping[LeftOut, str]] = {
    LeftOut.NOT_SOLD: marked("{name}: it is not sold this time."),
    LeftOut.SOLD_OUT: marked("{name}: so much of it is not left."),
}
REST: Final = marked("The rest was ordered. Until {closes_at} you can change or cancel that order.")
OPEN: Final = marked("You can order yourself until {closes_at}. Next time your standing order is tried again.")


def say_standing_fell_short(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Say what of a standing order was left out, or why nothing was ordered."""
    told = [(one.event_id, one.event.consumer_id, one.event.turn_id) for one in announced]
    tell_many(tx, Kind.STANDING, told)


def write_standing(tx: Transaction, turn_id: TurnId, language: str) -> tuple[str, str]:
    """Write what was left out of a standing order, and why."""
    taken, refusal = turn(tx, turn_id)
    cycle = cycles.cycle(tx, taken.cycle_id)
    names = _names(tx, [one.goods for one in taken.left_out], language)
    said = [render(WHY[one.reason], language, {"name": names[one.goods]}) for one in taken.left_out]
    said += [render_refusal(refusal, language, cycle.time_zone)] if refusal else []
    facts = {"day": cycle.hand_out_on, "closes_at": cycle.closes_at, "said": "\n".join(said)}
    text = (SUBJECT, "{said}", REST) if taken.order_id else (NOTHING, "{said}", OPEN)
    return rules.write(text, language, facts, cycle.time_zone)


def _names(tx: Transaction, goods: Sequence[Goods], language: str) -> dict[Goods, str]:
    """What goods are called, product and pack."""
    products = catalogue.products_by_id(tx, {one.product_id for one in goods})
    variants = catalogue.variants_by_id(tx, {one.variant_id for one in goods})
    called = {one: (products[one.product_id].name, variants[one.variant_id].name) for one in goods}
    return {
        one: " ".join(dict.fromkeys(rules.named(name, language) for name in names)) for one, names in called.items()
    }
