"""Thousands of consumers order over HTTP; who finds something sold out takes what is left, or goes without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from farmlink.demo.market import Market
from farmlink.demo.recipe import MadeOrder
from farmlink.demo.wire import Answer, Client, at_once, unheard
from farmlink.kernel.ids import uuid7
from farmlink.people.values import SignedIn


@dataclass(frozen=True, slots=True)
class Shopped:
    """What became of one consumer's wishes."""

    order_id: UUID | None
    sold_out_packs: int


def place_orders(
    port: int,
    market: Market,
    points: Sequence[UUID],
    orders: Sequence[MadeOrder],
    consumers: Sequence[SignedIn],
    told: Callable[[int], None] = unheard,
) -> list[Shopped]:
    """Place every order by a request of its own."""
    tasks = [
        partial(_shop, market=market, point=points[order.point], order=order, token=consumer.token)
        for order, consumer in zip(orders, consumers, strict=True)
    ]
    return at_once(port, tasks, told)


def _shop(client: Client, market: Market, point: UUID, order: MadeOrder, token: str) -> Shopped:
    basket = {str(market.listings[product]): packs for product, packs in order.packs}
    others = [str(listing) for listing in market.listings if str(listing) not in basket]
    missed = 0
    while True:
        if not basket:  # everything wanted is gone: something else, rather than nothing
            if not others:
                return Shopped(None, missed)
            basket[others.pop(0)] = 1
        answer = _order(client, market, point, basket, token)
        if answer.status == 201:
            return Shopped(UUID(answer.content["id"]), missed)
        problem = answer.wanted(409)
        if problem["code"] != "sold-out":
            answer.wanted()
        listing, left = problem["facts"]["listing_id"], problem["facts"]["packs_left"]
        missed += basket[listing] - left
        basket[listing] = left
        if not left:
            del basket[listing]


def _order(client: Client, market: Market, point: UUID, basket: dict[str, int], token: str) -> Answer:
    body = {
        "place_id": str(point),
        "lines": [{"listing_id": listing, "packs": packs} for listing, packs in basket.items()],
    }
    return client.call("POST", f"/api/v1/cycles/{market.cycle_id}/orders", token, body, uuid7())
