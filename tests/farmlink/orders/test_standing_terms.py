"""What a standing order may say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from farmlink.catalogue.values import ProductId, VariantId
from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.kernel.ids import uuid7
from farmlink.network.values import HubId
from farmlink.orders.values import Goods, Shortage, StandingLine
from tests.farmlink.cycles.builders import Market
from tests.farmlink.orders.test_standing import bags_of, make


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"every": 0}, InvalidError),
        ({"lines": ()}, InvalidError),
        ({"hub_id": HubId(uuid7())}, MissingError),
        ({"point_id": None}, MissingError),
    ],
)
def test_what_could_be_ordered_nowhere_is_refused(
    market: Market, said: dict[str, Any], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        make(market, **said)


def test_a_standing_order_names_packs_of_products_once(market: Market) -> None:
    line = StandingLine(bags_of(market), 3)
    for lines in (
        (line, line),
        (replace(line, goods=bags_of(market, grade=6)),),
        (replace(line, packs=0),),
        (replace(line, shortage=Shortage.SWAP),),
    ):
        with pytest.raises(InvalidError):
            make(market, lines=lines)
    for stranger in (
        Goods(ProductId(uuid7()), 4, market.bag.id),
        Goods(market.apples.id, 4, VariantId(uuid7())),
    ):
        with pytest.raises(MissingError):
            make(market, lines=(replace(line, goods=stranger),))
