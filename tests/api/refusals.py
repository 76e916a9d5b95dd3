"""What each refused input answers, asked of a running server; `python -m tests.api.refusals --write` keeps the list."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from farmlink.confirmations.values import RequestView
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, ListingId
from farmlink.network import queries as network
from farmlink.people.commands import add_person, apply, ask_code
from farmlink.people.values import PersonId, Role
from farmlink.planning.commands import suppose
from farmlink.planning.rules import MOST_QUESTIONS
from farmlink.planning.values import Assumptions
from farmlink.store.engine import open_engine
from farmlink.store.schema import build
from farmlink.store.scratch import make_database, scratch_server
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.api.conftest import Api, serving
from tests.api.refused import CASES, LAST_YEARS, SEEN, Case
from tests.farmlink.cycles.builders import HOMES
from tests.farmlink.planning.builders import Season

KEPT = Path(__file__).parents[2] / "docs" / "refusals.md"
HEAD = """# What each refused input answers

Asked of a running server by `python -m tests.api.refusals --write`; a test keeps this list true.
Every answer is a problem document (RFC 9457); field by field under `errors`, here after the text.

| What is sent | Who | Where | Status | Code | English | 中文 |
|---|---|---|---|---|---|---|
"""
V1 = "/api/v1"


class World:
    """A market in the middle of its week, and people of every kind at its doors."""

    def __init__(self, api: Api) -> None:
        self.api = api
        season = Season.closed(api.store).planned()
        market = season.market
        farm = max(season.asked(), key=lambda one: one.quantity)
        elsewhere = market.country.farm("Elsewhere").organisation_id
        farm_house = api.store.read(network.farm, farm.farm_id).organisation_id
        other_hub = market.country.hub("Elsewhere").organisation_id
        consumer, buyer = api.person(Role.CONSUMER), api.person(Role.CONSUMER)
        self.ids = _named(season, farm, farm_house)
        listing = ListingId(self.ids["open_listing"])
        self.ids |= {
            "home": market.home(consumer).id,
            "their_home": market.home(market.person()).id,
            "me": consumer,
            "mine": market.place(CycleId(self.ids["open"]), {listing: 1}, consumer_id=buyer).id,
            "signs_in": api.store.run(_registered),
            "application": api.store.run(apply, consumer, Role.FARMER, "Two Creeks").id,
        }
        self.ids |= {
            "plan": season.plan(),
            "broken_plan": season.kept("capacity", "windows"),
            "supposed_plan": season.supposed(demand_percent=120),
        }
        for percent in range(101, 101 + MOST_QUESTIONS):
            api.store.run(suppose, season.cycle_id, Assumptions(km_percent=percent))
        _, version = api.store.read(cycles.listing_seen, listing)
        self.seen = f'"{version}"'
        self.asker = api.store.run(ask_code, "nobody@example.org").token
        self.people = {
            "nobody": api.nobody,
            "consumer": api.as_(consumer),
            "buyer": api.as_(buyer),
            "consumer elsewhere": api.as_role(Role.CONSUMER),
            "late consumer": api.as_(season.orders[0].consumer_id),
            "planner": api.as_role(Role.PLANNER),
            "admin": api.as_role(Role.ADMIN),
            "farmer": api.as_(api.person(Role.FARMER, farm_house)),
            "leader": api.as_(api.person(Role.LEADER, market.point.organisation_id)),
            "farmer elsewhere": api.as_(api.person(Role.FARMER, elsewhere)),
            "planner elsewhere": api.as_(api.person(Role.PLANNER, other_hub)),
            "admin elsewhere": api.as_(api.person(Role.ADMIN, other_hub)),
        }

    def answer(self, case: Case, language: str) -> httpx.Response:
        """Send what is refused."""
        method, _, path = case.where.partition(" ")
        given = {"idempotency-key": str(uuid4()), "if-match": '"1"', "accept-language": language}
        headers = {name: value.replace(SEEN, self.seen) for name, value in (given | case.headers).items() if value}
        body = {"content": case.body} if isinstance(case.body, bytes) else {"json": self.named(case.body)}
        if isinstance(case.body, bytes):
            headers.setdefault("content-type", "application/json")
        if case.body is None:
            body = {}
        return self.people[case.who].request(method, V1 + self.named(path), headers=headers, **body)

    def named(self, part: Any) -> Any:
        """The same with ids in place of names."""
        if isinstance(part, str) and "{" in part:
            return part.format_map({**self.ids, "asker": self.asker})
        if isinstance(part, dict):
            return {name: self.named(inner) for name, inner in part.items()}
        return [self.named(inner) for inner in part] if isinstance(part, list) else part


def _named(season: Season, asked: RequestView, farm_house: UUID) -> dict[str, UUID]:
    """What the season is made of, beside it a cycle that still takes orders, and an id of nothing."""
    market, [order, *_] = season.market, season.orders
    cycle, bags, _ = market.open(homes=replace(HOMES, range_m=1_000))
    market.place(cycle, {bags: 1})
    late = market.draft(**LAST_YEARS)
    return {
        "nothing": uuid4(),
        "region": market.hub.region_id,
        "farm_house": farm_house,
        "hub_house": market.hub.organisation_id,
        "hub": market.hub.id,
        "farm": asked.farm_id,
        "lot": asked.lot_id,
        "product": market.apples.id,
        "bag": market.bag.id,
        "point": market.point.id,
        "cycle": season.cycle_id,
        "listing": order.lines[0].listing_id,
        "line": order.lines[0].id,
        "open": cycle,
        "open_listing": bags,
        "late_draft": late.id,
        "order": order.id,
        "request": asked.id,
    }


def _registered(tx: Transaction) -> PersonId:
    return add_person(tx, "Bo", email="bo@example.org", password_hash="x")


def listed(api: Api) -> str:
    """The list, as Markdown."""
    world = World(api)
    return HEAD + "".join(_row(world, case) for case in CASES)


def _row(world: World, case: Case) -> str:
    english, chinese = (world.answer(case, language) for language in ("en", "zh-CN"))
    assert 400 <= english.status_code < 500, f"{case.what}: {english.status_code} {english.text}"
    assert english.status_code == chinese.status_code, f"{case.what}: {english.text} but {chinese.text}"
    told = english.json()
    cells = [case.what, case.who, f"`{case.where}`", str(told["status"]), f"`{told['code']}`"]
    return "| " + " | ".join([*cells, _said(told), _said(chinese.json())]) + " |\n"


def _said(told: dict[str, Any]) -> str:
    fields = [f"`{one['field']}`: {one['message']}" for one in told.get("errors", []) if "field" not in told["facts"]]
    text = " ".join([told["detail"], *fields])
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write the list of a server made for it."""
    if arguments != ["--write"]:
        sys.stderr.write("usage: python -m tests.api.refusals --write\n")
        return 2
    with scratch_server() as server, open_engine(make_database(server, "refusals")) as engine:
        build(engine)
        with serving(Store(engine, "test")) as api:
            KEPT.write_text(listed(api), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
