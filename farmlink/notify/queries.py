"""What messages and the pages behind their links say, read as it stands now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.rules import amount
from farmlink.confirmations.values import RequestView
from farmlink.cycles import queries as cycles
from farmlink.dispatch import queries as dispatch
from farmlink.dispatch.values import ShortOrderId
from farmlink.kernel.locale import render
from farmlink.network import queries as network
from farmlink.notify import rules
from farmlink.notify.values import Choice, Letters
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderState
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.planning import queries as planning
from farmlink.planning.values import PlanId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId


@dataclass(frozen=True, slots=True)
class Standing:
    """How many letters wait to be sent, how many of those were tried before, and how many failed for good."""

    waiting: int
    put_off: int
    failed: int


def standing(tx: Transaction) -> Standing:
    """Tell how far the post is behind."""
    row = tx.execute(
        "SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'waiting' AND attempts > 0),"
        " count(*) FILTER (WHERE state = 'failed') FROM message"
    ).one()
    return Standing(*tuple(row))


def unwanted(tx: Transaction, person_ids: Collection[PersonId]) -> set[tuple[PersonId, Letters]]:
    """Which letters these persons want no more of."""
    rows = tx.execute(
        "SELECT person_id, letters FROM unwanted_letters WHERE person_id = ANY(CAST(:ids AS uuid[]))",
        {"ids": uuids(person_ids)},
    )
    return {(PersonId(row.person_id), Letters(row.letters)) for row in rows}


def choices(tx: Transaction, person_id: PersonId) -> list[Choice]:
    """Of the letters that a person may do without, which they want."""
    ended = unwanted(tx, [person_id])
    offered = rules.offered(people.principal(tx, person_id))
    return [Choice(letters, (person_id, letters) not in ended) for letters in offered]


def reader_of(tx: Transaction, letters: Letters, token: str) -> PersonId:
    """Whose way out of such letters this is; looking at it changes nothing."""
    return people.known_person(tx, people.link(tx, purpose_of(letters), token).person_id)


def purpose_of(letters: Letters) -> str:
    """What the link at the foot of such letters is sealed for."""
    return f"no more {letters.value}"


def asked_facts(tx: Transaction, asked: RequestView, language: str) -> dict[str, object]:
    """What a question says: what is asked of whom, how much is promised before and by it, for when and until when."""
    goods = goods_facts(tx, asked.lot_id, asked.quantity, language)
    return goods | {
        "floor": goods_facts(tx, asked.lot_id, asked.floor, language)["quantity"],
        "promised": goods_facts(tx, asked.lot_id, asked.answered or 0, language)["quantity"],
        "day": asked.day,
        "due_at": asked.due_at,
    }


def goods_facts(tx: Transaction, lot_id: LotId, quantity: int, language: str) -> dict[str, object]:
    """So much of a lot in words: product, grade, farm, and quantity as people weigh and count."""
    lot = supply.lot(tx, lot_id)
    product = catalogue.product_card(tx, lot.product_id)
    return {
        "product": rules.named(product.name, language),
        "grade": next((rules.named(one.name, language) for one in product.grades if one.rank == lot.grade), lot.grade),
        "farm": network.farm(tx, lot.farm_id).name,
        "quantity": amount(quantity, product.base_unit, language),
    }


def shortage(
    tx: Transaction, short_order_id: ShortOrderId, language: str
) -> tuple[rules.Text, dict[str, object], str] | None:
    """What a consumer is told will be missing, its facts and zone; nothing once more is known or goods are shared."""
    short = dispatch.short_order(tx, short_order_id)
    if short is None or dispatch.is_shared(tx, short.cycle_id):
        return None
    lines = {line.id: line for line in orders.order(tx, short.order_id).lines if line.state is OrderState.PLACED}
    products = catalogue.products_by_id(tx, {line.product_id for line in lines.values()})
    names = orders.line_names(tx, list(lines.values()), language)
    written = [
        rules.short_line(
            names[one.line_id],
            one.ordered,
            one.foreseen,
            one.reason,
            products[lines[one.line_id].product_id].base_unit,
            language,
        )
        for one in short.lines
    ]
    comes = len(short.lines) < len(lines) or any(one.foreseen for one in short.lines)
    cycle = cycles.cycle(tx, short.cycle_id)
    text = rules.shortage(comes=comes, short=bool(short.lines))
    return text, {"day": cycle.hand_out_on, "lines": "\n".join(written)}, cycle.time_zone


def reasons(tx: Transaction, plan_id: PlanId, language: str) -> str:
    """Why a plan leaves batches unserved, in sentences, the commonest first."""
    counted = Counter(rules.why_short(short.reason) for short in planning.shortfalls(tx, plan_id))
    return "\n".join(render(why, language) for why, _ in counted.most_common())
