"""Forms that no page of ours would send are refused, never a server error."""

from __future__ import annotations

import pytest

from api.pages.records.home import _address
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN, browser_of
from tests.api.pages.shopping import Shopper


@pytest.mark.parametrize(
    ("to", "fields"),
    [
        ("/standing-orders", {"order": "none"}),
        ("/standing-orders", {}),
        ("/cycles/{cycle}/order", {"b": "x", "gift": "nobody"}),
        ("/cycles/{cycle}/basket", {"packs-{listing}": "9" * 5000}),
    ],
)
def test_what_cannot_be_read_is_refused(api: Api, to: str, fields: dict[str, str]) -> None:
    shopper = Shopper.at(api)
    named, client = {"cycle": shopper.cycle_id, "listing": shopper.bags}, shopper.browser
    word = dict(HIDDEN.findall(client.get("/me").text))["csrf"]

    answer = client.post(
        to.format(**named), data={name.format(**named): text for name, text in fields.items()} | {"csrf": word}
    )

    assert answer.status_code in {404, 422}


def test_a_version_of_the_rules_that_is_no_number_is_refused(api: Api) -> None:
    client, _ = browser_of(api, Role.ADMIN)
    word = dict(HIDDEN.findall(client.get("/ops/policy").text))["csrf"]

    assert client.post("/ops/policy", data={"csrf": word, "seen": "new"}).status_code == 422


@pytest.mark.parametrize("address", ["postgresql://u:p@h1:5432,h2:5432/d", "postgresql://u:pa/ss@h/d"])
def test_a_setting_whose_address_cannot_be_taken_apart_is_not_shown(address: str) -> None:
    assert _address(address) == "set, and not shown"
