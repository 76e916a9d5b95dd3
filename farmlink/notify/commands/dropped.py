"""What the cut-off dropped from an order that stands: which goods, why, and what comes instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from farmlink.cycles import queries as cycles
from farmlink.kernel.locale import marked, render
from farmlink.notify import rules
from farmlink.notify.commands.thresholds import news_of
from farmlink.notify.values import Kind
from farmlink.orders import queries as orders
from farmlink.orders.values import Order, OrderId, OrderLine, OrderState
from farmlink.store.transaction import Transaction

LEFT_OUT: Final = marked("{name}: {why}")
LESS: Final = marked("{name}, {packs} instead of {wanted}: {why}")
INSTEAD: Final = marked("{packs} x {name} comes instead.")


def write_lines_dropped(tx: Transaction, order_id: OrderId, language: str, stands: str) -> tuple[str, str]:
    """Write what was left out of an order, wholly or in part, and what stands; with all other news of its cut-off."""
    found = orders.order(tx, order_id)
    cycle = cycles.cycle(tx, found.cycle_id)
    news = news_of(tx, found, cycle, language)
    facts = {"lines": "\n".join(_lines(tx, found, language)), "confirmation": stands.rstrip(), "news": "\n".join(news)}
    subject, why, *standing = rules.TEXTS[Kind.LINES_DROPPED]
    text = (subject, why, "{lines}", *(["{news}"] if news else []), *standing)
    return rules.write(text, language, facts, cycle.time_zone)


def _lines(tx: Transaction, order: Order, language: str) -> list[str]:
    """Each line of which there is none or less, with the reason, and what its consumer agreed to take instead."""
    names = orders.line_names(tx, order.lines, language)
    said = []
    for line in order.lines:
        if line.reason is None:
            continue
        why = render(rules.why_short(line.reason), language)
        facts = {"name": names[line.id], "why": why, "packs": line.packs, "wanted": line.wanted_packs}
        text = LEFT_OUT if line.state is OrderState.CANCELLED else LESS
        instead = [
            render(INSTEAD, language, {"packs": one.packs, "name": names[one.id]})
            for one in _instead(order.lines, line)
        ]
        said.append(" ".join([render(text, language, facts), *instead]))
    return said


def _instead(lines: Sequence[OrderLine], missed: OrderLine) -> list[OrderLine]:
    return [one for one in lines if one.swapped_from == missed.id and one.state is OrderState.PLACED]
