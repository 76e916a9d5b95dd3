"""Somebody at the consumer's pages: a browser of theirs, and the forms as they send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import httpx

from farmlink.cycles.values import CycleId, ListingId
from farmlink.network.values import PointId
from farmlink.orders.values import OrderId
from farmlink.people.values import PersonId, Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.farmlink.cycles.builders import Market


def choose(reader: httpx.Client, point_id: PointId) -> None:
    """Choose a pick-up point on the first page."""
    send(reader, "/?q=", "/", point=str(point_id))


@dataclass
class Shopper:
    """A consumer in front of an open shop that sells apples by the bag and by the crate."""

    api: Api
    market: Market
    cycle_id: CycleId
    bags: ListingId
    crates: ListingId
    language: str = "en"
    browser: httpx.Client = field(init=False)
    person_id: PersonId = field(init=False)

    def __post_init__(self) -> None:
        self.browser, self.person_id = browser_of(self.api, Role.CONSUMER, language=self.language)

    @classmethod
    def at(cls, api: Api, language: str = "en", **changed: Any) -> Self:
        market = Market.founded(api.store)
        return cls(api, market, *market.open(**changed), language=language)

    @property
    def shop(self) -> str:
        return f"/cycles/{self.cycle_id}"

    def neighbour(self) -> httpx.Client:
        """The browser of somebody else."""
        return browser_of(self.api, Role.CONSUMER)[0]

    def looked_over(self, **more: str) -> httpx.Response:
        """The basket as it is sent to be looked over: three bags unless said otherwise."""
        return self.looked_over_by(self.browser, **more)

    def looked_over_by(self, browser: httpx.Client, **more: str) -> httpx.Response:
        """The same in somebody else's browser."""
        fields = {f"packs-{self.bags}": "3", "do": "review"} | more
        return send(browser, self.shop, f"{self.shop}/basket", **fields)

    def ordered(self, looked: httpx.Response | None = None, **more: str) -> httpx.Response:
        """What was looked over is ordered to the market's point."""
        looked = looked or self.looked_over()
        place = {"place": str(self.market.point.id)}
        return send(self.browser, str(looked.url), f"{self.shop}/order", **place | more)

    def order_id(self) -> OrderId:
        """The id of an order that must be accepted."""
        answer = self.ordered()
        assert answer.url.path.startswith("/orders/"), answer.text
        return OrderId(UUID(answer.url.path.rsplit("/", 1)[1]))
