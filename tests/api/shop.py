"""A hub with something for sale, as tests of its cycles and orders need it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from farmlink.cycles.values import CycleId, ListingId
from farmlink.people.values import Role
from tests.api.conftest import Api, once
from tests.farmlink.cycles.builders import COLLECT_ON, Market


@dataclass
class Shop:
    """A market behind a running server."""

    api: Api
    market: Market
    planner: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.planner = self.api.as_role(Role.PLANNER)

    def basket(self, packs: dict[ListingId, int], **more: Any) -> dict[str, Any]:
        lines = [{"listing_id": str(listing_id), "packs": count} for listing_id, count in packs.items()]
        return {"place_id": str(self.market.point.id), "lines": lines, **more}

    def order(
        self, client: httpx.Client, cycle_id: CycleId, packs: dict[ListingId, int], **more: Any
    ) -> httpx.Response:
        return client.post(f"/api/v1/cycles/{cycle_id}/orders", json=self.basket(packs, **more), headers=once())

    def terms(self, **changed: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "hub_id": str(self.market.hub.id),
            "opens": (now - timedelta(days=1)).isoformat(),
            "closes": (now + timedelta(days=1)).isoformat(),
            "collect_on": str(COLLECT_ON),
            "hand_out_on": str(COLLECT_ON + timedelta(days=1)),
            **changed,
        }
