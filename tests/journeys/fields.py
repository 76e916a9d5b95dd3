"""Farms in the field: a family that keeps some of them, its phones, and what every screen of theirs must be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Page, expect

from api.auth import SESSION
from farmlink.confirmations.values import RequestView
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.people import commands as people
from farmlink.people.values import Carrier, OrganisationId, PersonId, Role
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from tests.api.conftest import Api
from tests.farmlink.planning.builders import Season, run_sql
from tests.journeys.conftest import Reader

UNDO_MS: Final = 11_000
"""A little longer than an answer can be taken back."""


@dataclass
class Field:
    """Farms that are asked for thirty kilograms of apples each, all kept by one family."""

    api: Api
    season: Season
    farmer: PersonId

    @property
    def asked(self) -> list[RequestView]:
        return self.season.asked()

    def now(self, request: RequestView) -> RequestView:
        """The same question as it stands by now."""
        return next(one for one in self.season.asked(None) if one.id == request.id)

    def lots(self) -> list[str]:
        """How the lots stand, the oldest first."""
        found = self.api.store.read(supply.lots, Paging())
        return [lot.state.value for lot in found.items]

    def answers(self) -> int:
        """How many answers were written down."""
        counted = "SELECT count(*) FROM audit_entry WHERE action = 'confirmation.answer'"
        return int(self.api.store.read(lambda tx: tx.execute(counted).scalar_one()))

    def enter(self, reader: Reader, person: PersonId | None = None) -> Reader:
        """Let somebody of the family be signed in on a phone."""
        token = self.api.store.run(people.sign_in_as, person or self.farmer, Carrier.COOKIE).token
        cookie: Any = {"name": SESSION, "value": token, "url": self.api.address}
        reader.page.context.add_cookies([cookie])
        return reader


def asked_family(api: Api, farms: int) -> Field:
    season = Season.closed(api.store, lots=(30_000,) * farms, bags=(30 * farms,)).planned()
    farmer = api.store.run(_family, [api.store.read(keeper, asked) for asked in season.asked()])
    planner = api.person(Role.PLANNER, season.market.hub.organisation_id)
    run_sql(api.store, "UPDATE person SET phone = '+1 616 555 0134' WHERE id = :id", id=planner)
    return Field(api, season, farmer)


def _family(tx: Transaction, organisations: list[OrganisationId]) -> PersonId:
    farmer = people.add_person(tx, "Ida Elm", role=Role.FARMER, organisation_id=organisations[0])
    for organisation_id in organisations[1:]:
        people.grant(tx, farmer, Role.FARMER, organisation_id)
    return farmer


def keeper(tx: Transaction, asked: RequestView) -> OrganisationId:
    return network.farm(tx, supply.lot(tx, asked.lot_id).farm_id).organisation_id


def judge(reader: Reader) -> None:
    """Nothing cut off, nobody shut out, and everything to touch is large enough for a thumb."""
    page = reader.page
    assert page.locator("h1:visible").count() == 1
    assert not reader.wider_than_the_screen(), page.url
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    low = "all => all.map(one => [one.outerHTML, (one.closest('label') ?? one).getBoundingClientRect().height])"
    heights = page.locator("main :is(button, input, select, summary, a.button):visible").evaluate_all(low)
    assert [named for named, height in heights if height < 48] == []


def served_by_the_worker(reader: Reader, *paths: str) -> None:
    """Wait until the phone keeps what it is shown, and look at some pages."""
    reader.page.evaluate(
        "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || new Promise((taken) =>"
        " navigator.serviceWorker.addEventListener('controllerchange', taken))).then(() => true)"
    )
    for path in paths:
        reader.open(path)


def until(happened: Callable[[], bool], page: Page) -> None:
    """Wait for what happens beside the pages as long as for what happens on them."""
    for _ in range(600):
        if happened():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not happen")


def let_it_go(page: Page) -> None:
    """Let the seconds pass in which an answer can be taken back."""
    expect(page.locator("#outbox .state").last).to_contain_text("Sends in")
    page.clock.fast_forward(UNDO_MS)
