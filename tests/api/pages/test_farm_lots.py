"""Offers in a few words, taken back, or failed once; what to pick, and its labels."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard, LotId
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN, send
from tests.api.pages.farming import Asked, asked_farm
from tests.api.pages.printed import pages_of
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.network.builders import Country
from tests.farmlink.planning.builders import YES, force_sql

NEW = "/farm/lots/new"
AHEAD_OF_ALL, BEHIND_ALL = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""It is never the same day in both."""


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


def test_the_earliest_day_of_an_offer_is_that_of_the_farm_that_offers_it(api: Api) -> None:
    field = asked_farm(api)
    abroad = Country.anywhere(api.store)
    draft = replace(abroad.farm_draft("Tea Garden"), organisation_id=field.farm.organisation_id)
    farm = api.store.run(network.approve_farm, api.store.run(network.add_farm, draft).id)
    clocks = (AHEAD_OF_ALL, field.season.market.country), (BEHIND_ALL, abroad)
    for zone, country in clocks:
        force_sql(api.store, "UPDATE region SET time_zone = :zone WHERE id = :id", zone=zone, id=country.region.id)
    before = [today_in(zone) for zone, _ in clocks]

    fresh = field.farmer.get(NEW).text
    said = offer(field, price="much")
    chosen = send(field.farmer, NEW, "/farm/lots", **said | {"farm_id": str(farm.id)})
    own = send(field.farmer, NEW, "/farm/lots", **said | {"farm_id": str(field.farm.id)})

    after = [today_in(zone) for zone, _ in clocks]
    assert str(before[1]) <= earliest(fresh) <= str(after[1])
    assert str(before[1]) <= earliest(chosen.text) <= str(after[1])
    assert str(before[0]) <= earliest(own.text) <= str(after[0])


def earliest(shown: str) -> str:
    return shown.partition('type="date"')[2].partition('min="')[2].partition('"')[0]


def today_in(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date()


def test_an_offer_is_changed_in_quantity_and_price_as_long_as_nothing_of_it_is_planned(field: Asked) -> None:
    send(field.farmer, NEW, "/farm/lots", **offer(field))
    lot = lots(field)[-1]
    path = f"/farm/lots/{lot.id}"
    page = send(field.farmer, path, f"{path}/change", amount="8,5", price="2.15")
    changed = lots(field)[-1]

    assert (page.status_code, page.url.path) == (200, path)
    assert (changed.quantity, changed.daily_capacity, changed.ask_minor_per_1000) == (8_500, 8_500, 215)
    assert 'value="8.5"' in page.text
    assert 'value="2.15"' in page.text


def test_sent_twice_an_offer_is_changed_once_and_an_older_page_changes_nothing(field: Asked) -> None:
    send(field.farmer, NEW, "/farm/lots", **offer(field))
    path = f"/farm/lots/{lots(field)[-1].id}"
    form = field.farmer.get(path).text.split("/change")[1].split("</form>")[0]
    said = dict(HIDDEN.findall(form)) | {"amount": "8.5", "price": "1.90"}

    first, again = (field.farmer.post(f"{path}/change", data=said) for _ in range(2))
    late = field.farmer.post(f"{path}/change", data=said | {"key": str(uuid4()), "amount": "7"})

    assert [first.status_code, again.status_code, late.status_code] == [200, 200, 412]
    assert (lots(field)[-1].quantity, lots(field)[-1].revision) == (8_500, 2)
    assert 'value="7"' in late.text
    assert 'name="revision" value="2"' in late.text, "who looked again may send it now"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "49"}, "50 kg of it is planned for people who ordered"),
        ({"amount": "lots"}, "Write a number"),
        ({"amount": "0"}, "Quantity"),
    ],
)
def test_of_what_is_planned_no_less_is_offered_and_its_price_stands(
    field: Asked, wrong: dict[str, str], said: str
) -> None:
    path = f"/farm/lots/{field.asked.lot_id}"
    page = send(field.farmer, path, f"{path}/change", **wrong)
    dearer = send(field.farmer, path, f"{path}/change", amount="60", price="2.50")
    less = send(field.farmer, path, f"{path}/change", amount="50")

    assert page.status_code == 422
    assert said in page.text.split('id="amount-fault"')[1].split("</span>")[0]
    assert 'name="price"' not in page.text
    assert dearer.status_code == 409
    assert (less.status_code, lots(field)[0].quantity, lots(field)[0].ask_minor_per_1000) == (200, 50_000, 200)


def test_a_piece_may_cost_a_part_of_a_cent_and_keeps_its_price_when_only_the_quantity_changes(field: Asked) -> None:
    force_sql(field.api.store, "UPDATE product SET base_unit = 'piece'")
    force_sql(field.api.store, "UPDATE lot SET ask_minor_per_1000 = 2345, allocated = 0")
    path = f"/farm/lots/{field.asked.lot_id}"

    shown = field.farmer.get(path).text
    send(field.farmer, path, f"{path}/change", amount="70000", price="0.02345")
    kept = lots(field)[0]
    send(field.farmer, path, f"{path}/change", amount="70000", price="0.03")

    assert 'value="0.02345"' in shown
    assert (kept.quantity, kept.ask_minor_per_1000) == (70_000, 2_345)
    assert lots(field)[0].ask_minor_per_1000 == 3_000


def test_somebody_elses_offer_cannot_be_changed(field: Asked) -> None:
    neighbour = field.neighbour()
    word = neighbour.get(NEW).text.partition('name="csrf" value="')[2].partition('"')[0]
    said = {"csrf": word, "amount": "1", "revision": "1"}

    assert neighbour.post(f"/farm/lots/{field.asked.lot_id}/change", data=said).status_code == 404


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


def test_labels_are_printed_on_paper_too(field: Asked) -> None:
    field.season.answer(field.asked.id, YES)
    of_day = field.farmer.get("/farm/harvest/labels.pdf", params={"day": str(COLLECT_ON)})
    of_lot = field.farmer.get(f"/farm/harvest/label/{field.asked.lot_id}/labels.pdf")
    others = field.neighbour().get(f"/farm/harvest/label/{field.asked.lot_id}/labels.pdf")

    assert "Apples" in pages_of(of_day.content)[0]
    assert sum(page.count("Apples") for page in pages_of(of_lot.content)) == 24
    assert (of_day.headers["content-type"], others.status_code) == ("application/pdf", 404)
