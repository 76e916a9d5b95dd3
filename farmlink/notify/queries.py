"""What messages and the pages behind their links say, read as it stands now."""

from __future__ import annotations

from farmlink.catalogue import queries as catalogue
from farmlink.confirmations.values import RequestView
from farmlink.network import queries as network
from farmlink.notify import rules
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId


def asked_facts(tx: Transaction, asked: RequestView, language: str) -> dict[str, object]:
    """What a question says: what is asked of whom, of which some is promised already, for when and until when."""
    goods = goods_facts(tx, asked.lot_id, asked.quantity, language)
    return goods | {
        "floor": goods_facts(tx, asked.lot_id, asked.floor, language)["quantity"],
        "day": asked.day,
        "due_at": asked.due_at,
    }


def goods_facts(tx: Transaction, lot_id: LotId, quantity: int, language: str) -> dict[str, object]:
    """So much of a lot in words: product, grade, farm, and quantity as people weigh and count."""
    lot = supply.lot(tx, lot_id)
    product = catalogue.product_card(tx, lot.product_id)
    return {
        "product": rules.named(product.name, language),
        "grade": lot.grade,
        "farm": network.farm(tx, lot.farm_id).name,
        "quantity": rules.amount(quantity, product.base_unit, language),
    }
