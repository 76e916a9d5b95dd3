"""A farm that is asked for fifty kilograms, and its farmer's browser."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from farmlink.confirmations.values import RequestView
from farmlink.network import queries as network
from farmlink.network.values import FarmCard
from farmlink.people.values import PersonId, Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of
from tests.farmlink.planning.builders import Season


@dataclass(frozen=True)
class Asked:
    """One question to one farm of a small region."""

    api: Api
    season: Season
    asked: RequestView
    farm: FarmCard
    farmer: httpx.Client
    person_id: PersonId

    @property
    def path(self) -> str:
        return f"/farm/questions/{self.asked.id}"

    def now(self) -> RequestView:
        """The question as it stands by now."""
        return next(one for one in self.season.asked(None) if one.id == self.asked.id)

    def neighbour(self) -> httpx.Client:
        """The browser of another farm's farmer."""
        other = self.season.market.country.farm("Neighbour").organisation_id
        return browser_of(self.api, Role.FARMER, other)[0]


def asked_farm(api: Api, language: str = "en", lots: tuple[int, ...] = (60_000,), bags: int = 50) -> Asked:
    """Close a cycle, plan it and ask the farms; the first one's farmer is signed in."""
    season = Season.closed(api.store, lots=lots, bags=(bags,)).planned()
    asked = season.asked()[0]
    farm = api.store.read(network.farm, asked.farm_id)
    farmer, person_id = browser_of(api, Role.FARMER, farm.organisation_id, language)
    return Asked(api, season, asked, farm, farmer, person_id)
