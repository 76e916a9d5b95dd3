"""Somebody at a leader's pages: a season's point, and the browser of who leads it."""

from __future__ import annotations

import httpx

from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of
from tests.farmlink.planning.builders import Season


def leader_of(api: Api, season: Season, language: str = "en") -> httpx.Client:
    """The browser of somebody who leads the season's point."""
    return browser_of(api, Role.LEADER, season.market.point.organisation_id, language)[0]


def dock_of(api: Api, season: Season, language: str = "en") -> httpx.Client:
    """The browser of somebody at the dock of the season's hub."""
    return browser_of(api, Role.DOCK, season.market.hub.organisation_id, language)[0]


def point_of(season: Season) -> str:
    """The address of the season's point."""
    return f"/lead/points/{season.market.point.id}"
