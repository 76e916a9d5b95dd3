"""Offers in a few words, taken back, or failed once; what to pick, and its labels."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard, LotId
from tests.api.conftest import Api
from tests.api.pages.browsers import send
from tests.api.pages.farming import Asked, asked_farm
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.network.builders import Country
from tests.farmlink.planning.builders import YES

NEW = "/farm/lots/new"


@pytest.fixture
def field(api: Api) -> Asked:
    return asked_farm(api)


def offer(field: Asked, **said: str) -> dict[str, str]:
    apples = str(field.season.market.apples.id)
    return {"product_id": apples, "amount": "12,5", "harvest_on": str(COLLECT_ON), "price": "1.90", "grade": "4"} | said


def lots(field: Asked) -> list[LotCard]:
    return list(field.api.store.read(supply.lots, Paging(), farm_id=field.farm.id).items)


def test_four_lines_are_an_offer(field: Asked) -> None:
    page = send(field.farmer, NEW, "/farm/lots", **offer(field))
    lot = lots(field)[-1]

    assert page.url.path == f"/farm/lots/{lot.id}"
    assert "12.5 kg" in page.text
    assert (lot.quantity, lot.ask_minor_per_1000, lot.harvest_on, lot.grade) == (12_500, 190, COLLECT_ON, 4)
    assert f"/farm/lots/{lot.id}" in field.farmer.get("/farm/lots").text


@pytest.mark.parametrize(
    ("wrong", "field_name", "message"),
    [
        ({"amount": "much"}, "amount", "Write a number"),
        ({"amount": "0"}, "amount", "Quantity"),
        ({"amount": ""}, "amount", "This is needed."),
        ({"amount": "1.2345"}, "amount", "more places"),
        ({"price": "1.999"}, "price", "more places"),
        ({"price": "1000000000"}, "price", "Price"),
        ({"price": "1e400000"}, "price", "Write a number"),
        ({"amount": "1e999999"}, "amount", "Write a number"),
        ({"amount": "1,250"}, "amount", "Write 1250 or 1.25: a comma before three digits can mean both."),
        ({"harvest_on": "soon"}, "harvest_on", ""),
        ({"harvest_on": "2020-01-01"}, "harvest_on", "From when"),
    ],
)
def test_a_wrong_offer_is_refused_at_its_field_and_what_was_typed_stays(
    field: Asked, wrong: dict[str, str], field_name: str, message: str
) -> None:
    before = len(lots(field))
    page = send(field.farmer, NEW, "/farm/lots", **offer(field, price="2.35") | wrong)

    assert page.status_code == 422
    fault = page.text.split(f'id="{field_name}-fault"')[1].split("</span>")[0]
    assert message in fault
    assert f'value="{wrong.get("price", "2.35")}"' in page.text
    assert len(lots(field)) == before


def test_money_is_that_of_the_lots_own_farm_and_half_a_price_is_rounded_up(api: Api) -> None:
    field = asked_farm(api, "zh-CN")
    abroad = Country.anywhere(api.store)
    draft = replace(abroad.farm_draft("Tea Garden"), organisation_id=field.farm.organisation_id)
    farm = api.store.run(network.approve_farm, api.store.run(network.add_farm, draft).id)
    page = send(field.farmer, NEW, "/farm/lots", **offer(field, farm_id=str(farm.id), price="2.01"))

    assert "CNY / USD" in field.farmer.get(NEW).text
    assert "¥2.01" in page.text
    assert "¥1.01" in page.text, "not 1.00, to which halves would go by floats"
    assert "US$2.00" in field.farmer.get(f"/farm/lots/{field.asked.lot_id}").text


def test_an_offer_of_which_nothing_is_planned_is_taken_back(field: Asked) -> None:
    send(field.farmer, NEW, "/farm/lots", **offer(field))
    path = f"/farm/lots/{lots(field)[-1].id}"
    page = send(field.farmer, path, f"{path}/withdrawal")

    assert "Taken back" in page.text
    assert "withdrawal" not in page.text


def test_a_failed_harvest_is_told_once_and_what_is_planned_is_no_offer_to_take_back(field: Asked) -> None:
    path = f"/farm/lots/{field.asked.lot_id}"
    before = field.farmer.get(path).text
    page = send(field.farmer, path, f"{path}/failed-harvest")

    assert "50 kg of it is planned for people who ordered." in before
    assert "Take this offer back" not in before
    assert "Harvest failed" in page.text
    assert "failed-harvest" not in page.text


def test_a_refused_withdrawal_says_why_on_the_page(field: Asked) -> None:
    path = f"/farm/lots/{field.asked.lot_id}"
    word = re.findall(r'name="csrf" value="(\w+)"', field.farmer.get(path).text)[0]
    page = field.farmer.post(f"{path}/withdrawal", data={"csrf": word, "key": str(uuid4())})

    assert page.status_code == 409
    assert "of this lot are promised" in page.text


def test_others_lots_and_labels_do_not_exist(field: Asked) -> None:
    neighbour, lot = field.neighbour(), field.asked.lot_id
    word = neighbour.get("/farm/outbox").json()["csrf"]

    assert neighbour.get(f"/farm/lots/{lot}").status_code == 404
    assert neighbour.get(f"/farm/harvest/label/{lot}").status_code == 404
    for act in ("withdrawal", "failed-harvest"):
        assert neighbour.post(f"/farm/lots/{lot}/{act}", data={"csrf": word}).status_code == 404
    said = offer(field) | {"farm_id": str(field.farm.id), "csrf": word}
    assert neighbour.post("/farm/lots", data=said).status_code == 404
    assert field.api.store.read(supply.lot, LotId(lot)).state == "offered"


def test_the_harvest_list_names_what_was_promised_by_day_and_its_labels_lead_to_the_lot(field: Asked) -> None:
    assert "Nothing is promised" in field.farmer.get("/farm/harvest").text
    field.season.answer(field.asked.id, YES)
    page = field.farmer.get("/farm/harvest").text
    labels = field.farmer.get("/farm/harvest/labels", params={"day": str(COLLECT_ON)}).text
    sheet = field.farmer.get(f"/farm/harvest/label/{field.asked.lot_id}").text

    assert "50 kg" in page
    assert "truck about" in page
    assert labels.count("<svg") > labels.count('class="icon')
    assert labels.count(f'href="/lots/{field.asked.lot_id}"') == 1
    assert sheet.count(f'href="/lots/{field.asked.lot_id}"') == 24
    other = field.farmer.get("/farm/harvest/labels", params={"day": str(COLLECT_ON + timedelta(days=1))}).text
    assert "Nothing is promised for this day." in other
