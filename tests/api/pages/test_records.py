"""Records of the catalogue and of organisations: made, changed by whoever saw them, refused at their fields."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from farmlink.catalogue import commands, queries
from farmlink.catalogue.values import ProductId
from farmlink.people import queries as people
from farmlink.people.values import OrganisationId, OrganisationKind, Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser, browser_of
from tests.api.pages.filled import filled_in, form_of
from tests.farmlink.cycles.builders import APPLES
from tests.farmlink.network.builders import Country

KINDS = ("cycles", "products", "packs", "farms", "points", "hubs", "vehicles", "regions", "organisations")
PRODUCTS = "/ops/records/products"
PEARS: dict[str, Any] = {
    "name.en": "Pears",
    "name.zh-CN": "梨",
    "code": "pears",
    "volume_ml_per_1000": "1.65",
    "shelf_days": "21",
    "spoilage_ppm_per_day": "0.25",
    "cold_classes": ["ambient", "chilled"],
    "allergens": ["sulphites"],
}


@pytest.fixture
def operator(api: Api) -> httpx.Client:
    return browser_of(api, Role.ADMIN)[0]


def made(answer: httpx.Response) -> UUID:
    """The id of the record that the browser was led to."""
    assert answer.status_code == 200, answer.text
    return UUID(answer.url.path.rsplit("/", 1)[1])


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_has_a_list_and_a_form_for_operators_and_none_for_others(
    api: Api, operator: httpx.Client, kind: str
) -> None:
    for path in (f"/ops/records/{kind}", f"/ops/records/{kind}/new"):
        answers = [client.get(path) for client in (operator, browser_of(api, Role.FARMER)[0], browser(api))]

        assert [answer.status_code for answer in answers] == [200, 403, 200]
        assert answers[2].url.path == "/sign-in"


def test_a_hubs_planner_sees_only_what_hubs_planners_keep(api: Api) -> None:
    hub = Country.founded(api.store).hub()
    planner, _ = browser_of(api, Role.PLANNER, hub.organisation_id)

    shown = planner.get("/ops/records").text

    assert "/ops/records/farms" in shown
    assert "/ops/records/products" not in shown
    assert "/ops/audit" not in shown
    assert planner.get("/ops/records/products").status_code == 403


def test_a_product_is_made_in_readable_units_and_stands_in_its_form_again(api: Api, operator: httpx.Client) -> None:
    key = made(filled_in(operator, f"{PRODUCTS}/new", PRODUCTS, **PEARS))

    card = api.store.read(queries.product_card, ProductId(key))

    assert (card.volume_ml_per_1000, card.spoilage_ppm_per_day, len(card.grades)) == (1650, 2500, 5)
    assert [one.value for one in (*card.cold_classes, *card.allergens)] == ["ambient", "chilled", "sulphites"]
    page = operator.get(f"{PRODUCTS}/{key}").text
    assert 'value="1.65"' in page
    assert 'value="0.25"' in page
    assert 'value="sulphites" checked' in page


def test_every_wrong_field_of_a_product_is_named_and_what_was_typed_is_kept(operator: httpx.Client) -> None:
    wrong = PEARS | {"name.zh-CN": "", "volume_ml_per_1000": "1,5", "shelf_days": "0", "cold_classes": None}

    first = filled_in(operator, f"{PRODUCTS}/new", PRODUCTS, **wrong)
    then = filled_in(operator, f"{PRODUCTS}/new", PRODUCTS, **PEARS | {"shelf_days": "0", "volume_ml_per_1000": "0"})

    assert (first.status_code, then.status_code) == (422, 422)
    for name in ("name.zh-CN", "volume_ml_per_1000", "cold_classes"):
        assert f'id="{name}-fault"' in first.text
    assert 'value="1,5"' in first.text
    assert "Write a number such as 12.5" in first.text
    assert "This must be at least 0.001." in then.text, "the limit is said in litres, as the field is"


def test_a_rule_of_the_catalogue_is_said_at_its_field_in_the_readers_language(api: Api) -> None:
    chinese, _ = browser_of(api, Role.ADMIN, language="zh-CN")

    answer = filled_in(chinese, f"{PRODUCTS}/new", PRODUCTS, **PEARS | {"code": "Süße Birnen"})

    assert answer.status_code == 422
    assert 'id="code-fault"' in answer.text
    assert 'value="Süße Birnen"' in answer.text
    assert "code:" not in answer.text


def test_a_change_that_came_second_is_refused_shows_what_came_first_and_may_be_saved_again(
    api: Api, operator: httpx.Client
) -> None:
    card = api.store.run(commands.create_product, APPLES)
    path = f"{PRODUCTS}/{card.id}"
    second = filled_in(operator, path, path, shelf_days="40")
    stale = filled_in(operator, path, path, shelf_days="50", revision=str(card.revision))
    saved = operator.post(path, data=form_of(stale.text, path))

    assert (second.status_code, stale.status_code, saved.status_code) == (200, 412, 200)
    assert "changed by somebody else" in stale.text
    assert "It now says: 40" in stale.text
    assert 'value="50"' in stale.text
    assert api.store.read(queries.product_card, card.id).shelf_days == 50


def test_a_pack_is_added_to_its_product_and_weighed_in_kilograms(api: Api, operator: httpx.Client) -> None:
    apples = api.store.run(commands.create_product, APPLES)
    names = {"name.en": "bag", "name.zh-CN": "袋", "quantity": "2300", "weight_g": "2.35"}

    at = f"/ops/records/packs/new?product_id={apples.id}"
    key = made(filled_in(operator, at, at.replace("/new", ""), **names))

    card = api.store.read(queries.product_card, apples.id)
    assert [(one.id, one.quantity, one.weight_g) for one in card.variants] == [(key, 2300, 2350)]
    assert f"/ops/records/packs/{key}" in operator.get(f"{PRODUCTS}/{apples.id}").text
    assert "Apples, bag" in operator.get("/ops/records/packs").text


def test_a_strangers_link_writes_nothing_into_a_form_but_to_what_a_new_record_belongs(
    api: Api, operator: httpx.Client
) -> None:
    apples = api.store.run(commands.create_product, APPLES)
    said = "name.en=Buy+at+evil.example&quantity=7&weight_g=9.99"

    pack = operator.get(f"/ops/records/packs/new?product_id={apples.id}&{said}").text
    product = operator.get(f"{PRODUCTS}/new?{said}&product_id={apples.id}").text
    unknown = operator.get(f"/ops/records/packs/new?product_id={uuid4()}")

    assert f'value="{apples.id}" selected' in pack
    assert not re.search(r'(value="|>)(Buy at evil|7"|9\.99)', pack + product)
    assert unknown.status_code == 200


def test_products_are_found_by_part_of_their_name(api: Api, operator: httpx.Client) -> None:
    api.store.run(commands.create_product, APPLES)

    assert "Apples" in operator.get(PRODUCTS, params={"q": "ppl"}).text
    assert "Nothing of that name." in operator.get(PRODUCTS, params={"q": "pear"}).text


def test_an_organisation_is_founded_found_and_renamed(api: Api, operator: httpx.Client) -> None:
    path = "/ops/records/organisations"
    key = made(filled_in(operator, f"{path}/new", path, name="Oak Hill", kind="hub"))
    renamed = filled_in(operator, f"{path}/{key}", f"{path}/{key}", name="Oak Valley")

    house = api.store.read(people.organisation, OrganisationId(key))
    assert renamed.status_code == 200
    assert (house.name, house.kind) == ("Oak Valley", OrganisationKind.HUB)
    assert str(key) in operator.get(path, params={"q": "oak v"}).text


def test_the_settings_in_force_show_no_secret(operator: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARMLINK_DATABASE_URL", "postgresql://ana:hush@db.example/farm?sslpassword=hush")
    monkeypatch.setenv("FARMLINK_SMTP_URL", "smtps://ana:hush@mail.example:465")
    monkeypatch.setenv("FARMLINK_GEOCODER", "baidu:hush")
    monkeypatch.setenv("FARMLINK_PAYMENTS", "/etc/hush.toml")

    shown = operator.get("/ops/settings").text

    assert "hush" not in shown
    assert "postgresql://…@db.example/farm" in shown
    assert "smtps://…@mail.example:465" in shown
    assert "baidu: …" in shown
