"""Choosing letters on a page, and the way out at a letter's foot."""

from __future__ import annotations

import pytest

from farmlink.notify import queries
from farmlink.notify.commands.choices import way_out
from farmlink.notify.values import Letters
from farmlink.people.values import PersonId, Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser, browser_of, send

MINE = "/me/letters"


def unwanted(api: Api, person_id: PersonId) -> set[Letters]:
    return {letters for _, letters in api.store.read(queries.unwanted, [person_id])}


def foot(api: Api, person_id: PersonId, letters: Letters = Letters.PRICES) -> str:
    """The address at the foot of a letter."""
    return api.store.run(way_out, letters, person_id, "")


def test_one_chooses_which_letters_come_and_is_told_which_always_do(api: Api) -> None:
    client, person_id = browser_of(api, Role.FARMER)
    shown = client.get(MINE).text

    page = send(client, MINE, MINE, orders="true", farm="true")

    assert shown.count('type="checkbox"') == shown.count(" checked>") == 6
    assert "Nobody can switch them off." in shown
    assert "Kept." in page.text
    assert page.text.count(" checked>") == 2
    assert unwanted(api, person_id) == {
        Letters.PRICES,
        Letters.STANDING_ORDERS,
        Letters.MONEY_BACK,
        Letters.REMINDERS,
    }


def test_letters_that_do_not_concern_one_are_not_offered_and_refused(api: Api) -> None:
    client, person_id = browser_of(api, Role.CONSUMER)
    page = send(client, MINE, MINE, cycles="true")

    assert "The cycles that I plan" not in page.text
    assert page.status_code == 422
    assert "Choose among the letters that concern you." in page.text
    assert unwanted(api, person_id) == set()


@pytest.mark.parametrize(("language", "said"), [("en", "Prices and minimums"), ("zh-CN", "价格与起订额")])
def test_looking_at_the_way_out_ends_nothing_and_its_button_does(api: Api, language: str, said: str) -> None:
    _, person_id = browser_of(api, Role.CONSUMER)
    address, client = foot(api, person_id), browser(api, language)
    page = client.get(address)

    assert said in page.text
    assert unwanted(api, person_id) == set()
    ended = send(client, address, address)
    assert ended.status_code == 200
    assert unwanted(api, person_id) == {Letters.PRICES}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
    ],
    ids=["urlencoded", "multipart"],
)
def test_a_mail_programs_one_click_ends_such_letters(api: Api, content: str, kind: str) -> None:
    _, person_id = browser_of(api, Role.CONSUMER)

    answer = api.client().post(foot(api, person_id), content=content, headers={"content-type": kind})

    assert answer.status_code == 200
    assert unwanted(api, person_id) == {Letters.PRICES}


def test_a_way_out_that_was_altered_or_is_of_no_letters_leads_nowhere(api: Api) -> None:
    _, person_id = browser_of(api, Role.CONSUMER)
    address = foot(api, person_id)
    client = browser(api)

    for wrong in (f"{address[:-3]}AAA", address.replace("prices", "orders"), address.replace("prices", "bills")):
        assert client.get(wrong).status_code == 404, wrong
        assert client.post(wrong).status_code == 404, wrong
    assert unwanted(api, person_id) == set()
