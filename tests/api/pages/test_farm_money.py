"""What the farm is paid, where, how its share came about, and what it chose once for all."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from api.pages.farm.words import WHY
from farmlink.confirmations.work import why
from farmlink.ledger.values import AccountKind
from farmlink.network import queries as network
from farmlink.network.values import FarmId, OpenHours
from farmlink.people import queries as people
from farmlink.people.values import Role
from farmlink.settlement import commands as settlement
from farmlink.settlement import queries
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.api.pages.farming import Asked, asked_farm
from tests.farmlink.settlement.builders import ELM, Ledgered

IBAN = "DE89370400440532013000"
BANK = "/farm/money/bank"


@pytest.fixture
def field(api: Api) -> Asked:
    return asked_farm(api)


def test_where_to_pay_is_asked_first_and_kept(field: Asked) -> None:
    assert "Nobody knows yet where to pay you." in field.farmer.get("/farm/money").text
    page = send(field.farmer, BANK, BANK, holder="Elm Farm", iban=IBAN)

    assert page.url.path == "/farm/money"
    assert "to the account of Elm Farm that ends in 3000" in page.text
    kept = field.api.store.read(queries.bank_details, [field.farm.organisation_id])
    assert kept[field.farm.organisation_id].iban == IBAN


@pytest.mark.parametrize(
    ("said", "at"), [({"holder": "Elm Farm", "iban": "DE00"}, "iban"), ({"holder": "", "iban": IBAN}, "holder")]
)
def test_wrong_bank_details_are_refused_at_their_field_and_stay_typed(
    field: Asked, said: dict[str, str], at: str
) -> None:
    page = send(field.farmer, BANK, BANK, **said)

    assert page.status_code == 422
    assert f'id="{at}-fault"' in page.text
    assert f'value="{said["iban"]}"' in page.text
    assert field.api.store.read(queries.bank_details, [field.farm.organisation_id]) == {}


def test_another_farms_money_does_not_exist(field: Asked) -> None:
    neighbour, farm = field.neighbour(), {"farm": str(field.farm.id)}
    for path in ("/farm/money", BANK, "/farm/share", "/farm/settings"):
        assert neighbour.get(path, params=farm).status_code == 404, path
    lines = f"/farm/money/{field.farm.id}/{field.season.cycle_id}"
    assert neighbour.get(lines).status_code == 404
    assert field.farmer.get(lines).status_code == 404, "a cycle of which the farm has no line"


def test_a_standing_yes_and_the_hours_of_the_gate_are_kept_and_the_rest_stays(field: Asked) -> None:
    path = "/farm/settings"
    page = send(field.farmer, path, path, standing_yes="true", opens_0="07:30", closes_0="11:00")
    farm = field.api.store.read(network.farm, field.farm.id)

    assert "Kept." in page.text
    assert 'value="07:30"' in page.text
    assert (farm.standing_yes, farm.hours) == (True, (OpenHours(0, 450, 660),))
    assert (farm.name, farm.families, farm.address) == (field.farm.name, field.farm.families, field.farm.address)
    send(field.farmer, path, path, standing_yes="false", opens_0="", closes_0="")
    farm = field.api.store.read(network.farm, field.farm.id)
    assert (farm.standing_yes, farm.hours) == (False, ())


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"opens_2": "08:00", "closes_2": ""}, "closes_2"),
        ({"opens_2": "", "closes_2": "08:00"}, "opens_2"),
        ({"opens_2": "noon", "closes_2": "13:00"}, "opens_2"),
        ({"opens_2": "12:00", "closes_2": "11:00"}, "closes_2"),
    ],
)
def test_hours_that_are_none_are_refused_at_their_field(field: Asked, said: dict[str, str], at: str) -> None:
    page = send(field.farmer, "/farm/settings", "/farm/settings", standing_yes="true", **said)

    assert page.status_code == 422
    assert f'id="{at}-fault"' in page.text
    assert not field.api.store.read(network.farm, field.farm.id).standing_yes


def test_who_saw_an_older_state_of_the_farm_does_not_overwrite_the_newer(field: Asked) -> None:
    page = send(field.farmer, "/farm/settings", "/farm/settings", standing_yes="true", revision="0")

    assert page.status_code == 412
    assert not field.api.store.read(network.farm, field.farm.id).standing_yes


def test_the_newest_plan_says_why_and_before_a_cycle_is_finished_there_is_no_account(api: Api) -> None:
    field = asked_farm(api, lots=(60_000, 60_000), bags=80)
    told = why(api.store, api.store.read(people.principal, field.person_id), field.asked.plan_id)
    page = field.farmer.get("/farm/share").text

    assert "No cycle with your offers is finished yet." in page
    assert ("Why, in the newest plan" in page) == any(one.code in WHY for one in told)


def test_settings_for_a_farm_of_somebody_else_change_nothing_at_all(field: Asked) -> None:
    neighbour = field.neighbour()
    page = send(neighbour, "/farm/settings", "/farm/settings", standing_yes="true", farm_id=str(field.farm.id))

    assert page.status_code == 404
    assert 'name="standing_yes" value="true" checked' not in neighbour.get("/farm/settings").text
    assert not field.api.store.read(network.farm, field.farm.id).standing_yes


@pytest.mark.parametrize("code", sorted(WHY))
def test_every_explanation_to_a_farm_can_be_said_with_its_facts(code: str) -> None:
    said = set(re.findall(r"{(\w+)}", WHY[code]))

    assert said <= {"price", "ask", "quantity", "metres", "detour", "better", "grade"}


def test_settled_lines_stand_lot_by_lot_and_one_by_one_and_what_was_paid_is_named(api: Api) -> None:
    season = Ledgered.done(api.store)
    season.settle()
    season.relay()
    farm = api.store.read(network.farm, FarmId(season.farms()[0]))
    farmer, _ = browser_of(api, Role.FARMER, farm.organisation_id)
    owed = -season.on(AccountKind.FARM, farm.id)
    page, share = farmer.get("/farm/money").text, farmer.get("/farm/share").text
    lines = farmer.get(f"/farm/money/{farm.id}/{season.cycle_id}").text

    assert f"${owed / 100:.2f}" in page
    assert "Fetched on Thu 4 Sep" in page
    assert lines.count("<li>") >= len(season.statement(farm.id, AccountKind.FARM))
    assert "sold of" in share
    assert re.search(r"Owed since \w{3} \d", page)
    assert "There is no fixed day" in page
    assert "There was none for you yet." in page
    api.store.run(settlement.keep_bank_details, farm.organisation_id, ELM)
    api.store.run(settlement.keep_bank_details, season.market.hub.organisation_id, ELM)
    api.store.run(settlement.pay_out, uuid4(), season.market.hub.id)
    paid = farmer.get("/farm/money").text
    assert "to the account that ends in 3000, reference" in paid
    assert "$0.00" in paid
    assert "Owed since" not in paid
    assert re.search(rf"The last one was on \w{{3}} [^:]+: \${owed / 100:.2f}\.", paid)
