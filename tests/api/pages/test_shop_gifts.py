"""Gifts: recipients are named, seen by their giver alone, and forgotten."""

from __future__ import annotations

import re

import pytest

from tests.api.conftest import Api
from tests.api.pages.browsers import send
from tests.api.pages.shopping import Shopper


def test_somebody_is_named_and_the_way_leads_on_to_what_can_be_ordered(api: Api) -> None:
    shopper = Shopper.at(api)

    answer = send(shopper.browser, f"/recipients?cycle={shopper.cycle_id}", "/recipients", name="Grandma Rose")
    listed = shopper.browser.get("/recipients")

    assert answer.url.path == shopper.shop
    assert "A gift for Grandma Rose" in answer.text
    assert "Grandma Rose" in listed.text
    assert "Grandma Rose" not in shopper.neighbour().get("/recipients").text


@pytest.mark.parametrize(("language", "said"), [("en", "This is needed."), ("zh-CN", "此项必填。")])
def test_nobody_is_named_without_a_name(api: Api, language: str, said: str) -> None:
    shopper = Shopper.at(api, language)

    answer = send(shopper.browser, "/recipients", "/recipients", name="", phone="+1 231 555 0101")

    assert answer.status_code == 422
    assert re.search(rf'id="name-fault">.*{said}', answer.text, re.DOTALL)
    assert 'value="+1 231 555 0101"' in answer.text


def test_somebody_is_forgotten_by_whom_they_were_named_alone(api: Api) -> None:
    shopper = Shopper.at(api)
    page = send(shopper.browser, "/recipients", "/recipients", name="Grandma Rose")
    found = re.search(r'action="(/recipients/[0-9a-f-]+/forgotten)"', page.text)
    assert found
    stranger = shopper.neighbour()
    word = re.search(r'name="csrf" value="(\w+)"', stranger.get("/recipients").text)
    assert word

    assert stranger.post(found[1], data={"csrf": word[1]}).status_code == 404
    assert "You have not named anybody yet." in send(shopper.browser, "/recipients", found[1]).text
