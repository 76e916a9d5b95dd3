"""Cycles and what they sell: drafted, copied a week on, changed while nobody ordered, opened, and prices that fall."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from farmlink.cycles import queries
from farmlink.cycles.values import CycleId, ListingId, Stage
from farmlink.kernel.page import Paging
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, keys_on
from tests.api.pages.filled import filled_in, form_of
from tests.farmlink.cycles.builders import COLLECT_ON, Market

CYCLES, LISTINGS = "/ops/records/cycles", "/ops/records/listings"


@pytest.fixture
def market(api: Api) -> Market:
    return Market.founded(api.store)


@pytest.fixture
def planner(api: Api, market: Market) -> httpx.Client:
    return browser_of(api, Role.PLANNER, market.hub.organisation_id)[0]


def terms(**changed: Any) -> dict[str, Any]:
    """What a planner types for a cycle of early September."""
    return {
        "opens": "2031-09-01T08:00",
        "closes": "2031-09-03T20:00",
        "collect_on": str(COLLECT_ON),
        "hand_out_on": str(COLLECT_ON + timedelta(days=1)),
        "threshold_minor": "500.00",
        "markup_ppm": "18.5",
        "delivery_fee_minor": "2.50",
        **changed,
    }


def drafted(planner: httpx.Client, **changed: Any) -> httpx.Response:
    """Draft a cycle."""
    return filled_in(planner, f"{CYCLES}/new", CYCLES, **terms(**changed))


def test_a_cycle_is_drafted_by_the_hubs_clock_and_changed_while_it_is_a_draft(
    api: Api, planner: httpx.Client, market: Market
) -> None:
    key = CycleId(UUID(drafted(planner).url.path.rsplit("/", 1)[1]))
    path = f"{CYCLES}/{key}"
    before = api.store.read(queries.cycle, key)
    homes = {"brings_home": "true", "homes.fee_minor": "5", "homes.range_m": "12.5"}
    changed = filled_in(
        planner, path, path, closes="2031-09-03T21:30", every_point=None, point_ids=[str(market.point.id)], **homes
    )

    after = api.store.read(queries.cycle, key)
    assert (before.threshold_minor, before.markup_ppm, before.delivery_fee_minor) == (50_000, 185_000, 250)
    assert before.opens_at.isoformat().startswith("2031-09-01T12:00"), "eight in Detroit"
    assert changed.status_code == 200
    assert after.closes_at - before.closes_at == timedelta(minutes=90)
    assert after.homes is not None
    assert (after.homes.fee_minor, after.homes.range_m) == (500, 12_500)
    assert 'value="2031-09-03T21:30"' in changed.text


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"closes": "2031-08-01T20:00"}, "closes"),
        ({"opens": ""}, "opens"),
        ({"hand_out_on": "2031-09-01"}, "hand_out_on"),
        ({"answer_hours": "500"}, "answer_hours"),
        ({"threshold_minor": "many"}, "threshold_minor"),
        ({"brings_home": "true"}, "homes.fee_minor"),
    ],
)
def test_what_is_wrong_with_a_cycle_stands_at_its_field(
    planner: httpx.Client, changed: dict[str, str], at: str
) -> None:
    answer = drafted(planner, **changed)

    assert answer.status_code == 422
    assert f'id="{at}-fault"' in answer.text
    assert 'value="18.5"' in answer.text


def test_last_weeks_cycle_is_copied_in_one_step_with_all_it_sells(
    api: Api, planner: httpx.Client, market: Market
) -> None:
    cycle_id, _, _ = market.open()
    listed = form_of(planner.get(CYCLES).text, f"{CYCLES}/{cycle_id}/copy")

    copied = planner.post(f"{CYCLES}/{cycle_id}/copy", data=listed)
    again = planner.post(f"{CYCLES}/{cycle_id}/copy", data=listed)

    key = CycleId(UUID(copied.url.path.rsplit("/", 1)[1]))
    cycle = api.store.read(queries.cycle, key)
    assert again.url.path == copied.url.path, "pressed twice, it is one copy"
    assert cycle.stage is Stage.DRAFT
    assert cycle.collect_on == COLLECT_ON + timedelta(days=7)
    assert len(api.store.read(queries.listings_page, key, Paging()).items) == 2


def test_a_pack_is_listed_with_falling_prices_changed_and_its_cycle_opened(
    api: Api, planner: httpx.Client, market: Market
) -> None:
    cycle_id = market.draft().id
    at = f"{LISTINGS}/new?cycle_id={cycle_id}&product_id={market.apples.id}"
    said = {
        "variant_id": str(market.bag.id),
        "grade": "4",
        "price_minor_per_1000": "3.20",
        "tax_ppm": "6",
        "threshold": "12.5",
    }
    steps = {"price_steps.0.from": "40", "price_steps.0.price": "2.90"}
    listed = filled_in(planner, at, at.replace("/new", ""), **said, **steps)
    key = ListingId(UUID(listed.url.path.rsplit("/", 1)[1]))
    path = f"{LISTINGS}/{key}"
    capped = filled_in(planner, path, path, cap="80")
    kept = filled_in(planner, path, path)
    opened = filled_in(planner, f"{CYCLES}/{cycle_id}", f"{CYCLES}/{cycle_id}/opening")

    one = api.store.read(queries.listings_by_id, [key])[key]
    assert (listed.status_code, capped.status_code, kept.status_code, opened.status_code) == (200, 200, 200, 200)
    assert (one.price_minor_per_1000, one.tax_ppm, one.threshold) == (320, 60_000, 12_500)
    assert [(step.from_quantity, step.price_minor_per_1000) for step in one.price_steps] == [(40_000, 290)]
    assert api.store.read(queries.cap_of, key) == 80_000
    assert 'value="2.90"' in kept.text
    assert api.store.read(queries.cycle, cycle_id).stage is Stage.OPEN
    assert "Apples, bag" in planner.get(f"{LISTINGS}?cycle_id={cycle_id}").text


def test_a_posted_price_only_falls_and_the_refusal_names_it_as_money(
    api: Api, planner: httpx.Client, market: Market
) -> None:
    _, bag, _ = market.open()
    path = f"{LISTINGS}/{bag}"
    rises = filled_in(planner, path, f"{path}/price", lower="99")
    nothing = filled_in(planner, path, f"{path}/price", lower="")
    changed = filled_in(planner, path, path, price_minor_per_1000="99")
    stale = planner.post(
        f"{path}/price", data=form_of(planner.get(path).text, f"{path}/price") | {"lower": "1", "revision": "1"}
    )
    falls = filled_in(planner, path, f"{path}/price", lower="1.99")

    assert [one.status_code for one in (rises, nothing, changed, stale, falls)] == [422, 422, 422, 412, 200]
    assert 'id="lower-fault"' in rises.text
    assert "USD and can only fall." in rises.text
    assert 'id="price_minor_per_1000-fault"' in changed.text
    assert api.store.read(queries.listings_by_id, [bag])[bag].price_minor_per_1000 == 199


def test_steps_that_do_not_fall_are_refused_at_their_fields(planner: httpx.Client, market: Market) -> None:
    at = f"{LISTINGS}/new?cycle_id={market.draft().id}&product_id={market.apples.id}"
    said = {"variant_id": str(market.bag.id), "grade": "4", "price_minor_per_1000": "3.20"}

    rising = filled_in(
        planner, at, at.replace("/new", ""), **said, **{"price_steps.0.from": "40", "price_steps.0.price": "5"}
    )
    half = filled_in(planner, at, at.replace("/new", ""), **said, **{"price_steps.1.from": "many"})

    assert (rising.status_code, half.status_code) == (422, 422)
    assert 'id="price_steps-fault"' in rising.text
    assert 'id="price_steps.1.from-fault"' in half.text


def test_what_has_opened_is_shown_as_promised_and_a_draft_that_sells_nothing_says_so(
    planner: httpx.Client, market: Market
) -> None:
    cycle_id, _, _ = market.open()
    empty = drafted(planner).url.path

    promised = planner.get(f"{CYCLES}/{cycle_id}").text
    refused = filled_in(planner, empty, f"{empty}/opening")

    assert "This stays as it was promised." in promised
    assert '<fieldset class="all" disabled>' in promised
    assert refused.status_code == 409
    assert "sells nothing yet" in refused.text


def test_the_cycles_of_other_hubs_do_not_exist(api: Api, market: Market) -> None:
    cycle_id, bag, _ = market.open()
    stranger, _ = browser_of(api, Role.PLANNER, market.country.hub("Flint").organisation_id)

    paths = (f"{CYCLES}/{cycle_id}", f"{LISTINGS}?cycle_id={cycle_id}", f"{LISTINGS}/{bag}", LISTINGS)

    assert [stranger.get(path).status_code for path in paths] == [404, 404, 404, 404]
    assert str(cycle_id) not in stranger.get(CYCLES).text


def test_each_deed_on_a_cycles_record_has_a_key_of_its_own(planner: httpx.Client, market: Market) -> None:
    cycle_id, _, _ = market.open()
    copied = planner.post(
        f"{CYCLES}/{cycle_id}/copy", data=form_of(planner.get(CYCLES).text, f"{CYCLES}/{cycle_id}/copy")
    )

    keys = keys_on(copied.text)

    assert len(keys) == len(set(keys)) == 3, "save, open and copy"
