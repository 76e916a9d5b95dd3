"""What one consumer is told beforehand about their own order."""

from __future__ import annotations

from farmlink.dispatch import queries
from farmlink.store.store import Store
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import NO, YES


def test_the_last_word_about_an_order_is_told_and_nothing_of_what_comes_in_full(store: Store) -> None:
    goods = Goods.closed(store, lots=(25_000, 25_000), bags=(30, 20))
    goods.planned()
    for lot_id, given in zip(goods.lots, (YES, NO), strict=True):
        goods.answer(goods.question(lot_id).id, given)
    before = store.read(queries.foretold, goods.orders[0].id)
    goods.relay()
    goods.confirmed()
    goods.relay()

    said = store.read(queries.foretold, goods.orders[0].id)

    assert before is None
    assert said is not None
    (line,) = said.lines
    assert (line.ordered, line.foreseen < line.ordered) == (30_000, True)
