"""Planners find people by name or address, and add those who are not there yet, so as to order for them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from farmlink.people import commands
from farmlink.people import queries as persons
from farmlink.people.values import OrganisationKind, Role
from tests.api.conftest import once
from tests.farmlink.network.builders import Country
from tests.farmlink.notify.builders import PostOffice, body
from tests.farmlink.planning.builders import Season

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    import httpx

    from farmlink.people.values import OrganisationId, PersonId
    from tests.api.conftest import Api

PEOPLE = "/api/v1/people"
ANA = {"name": "Ana Ruiz", "email": "ana@example.org"}


def search(client: httpx.Client, asked: str, rest: str = "") -> list[str]:
    """Whom somebody finds."""
    answer = client.get(f"{PEOPLE}?search={quote(asked)}{rest}")
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


def named(api: Api, name: str, email: str | None = None) -> PersonId:
    return api.store.run(commands.add_person, name, email=email)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PLANNER])
def test_staff_of_the_platform_finds_everybody_by_a_part_of_name_or_address(api: Api, role: Role) -> None:
    named(api, "Ana Ruiz", "ana@example.org")
    named(api, "王芳", "wang.fang@example.cn")
    named(api, "100% Organic", "shop@example.net")
    gone = named(api, "Ana Gone", "gone@example.org")
    api.store.run(commands.erase_person, gone)
    client = api.as_role(role)

    assert search(client, "ana") == search(client, " RUIZ ") == search(client, "ANA@EXAMPLE.ORG") == ["Ana Ruiz"]
    assert search(client, "王") == search(client, "fang") == ["王芳"]
    assert search(client, "%") == ["100% Organic"]
    assert search(client, "_") == search(client, "gone") == []


def test_what_is_found_comes_page_by_page_and_holds_no_more_than_tells_people_apart(api: Api) -> None:
    for number in range(3):
        named(api, f"Ana {number}", f"ana{number}@example.org")
    client = api.as_role(Role.PLANNER)

    first = client.get(f"{PEOPLE}?search=ana&limit=2").json()

    assert [one["name"] for one in first["items"]] == ["Ana 0", "Ana 1"]
    assert {frozenset(one) for one in first["items"]} == {frozenset({"id", "name", "email"})}
    assert search(client, "ana", f"&limit=2&after={first['next']}") == ["Ana 2"]


def test_a_hubs_staff_finds_its_customers_and_its_regions_members_and_others_by_their_whole_address(api: Api) -> None:
    season = Season.closed(api.store)
    house = season.market.hub.organisation_id
    stranger = named(api, "Ada Stranger", "ada@elsewhere.example")
    api.store.run(commands.add_person, "Ada Farmer", role=Role.FARMER, organisation_id=_a_farm(season))
    api.store.run(commands.add_person, "Ada Docker", role=Role.DOCK, organisation_id=house)
    api.store.run(
        commands.add_person,
        "Ada Far",
        role=Role.FARMER,
        organisation_id=Country.anywhere(api.store).farm("Far").organisation_id,
    )
    planner = api.as_(api.person(Role.PLANNER, house))

    assert search(planner, "ada") == ["Ada", "Ada", "Ada Farmer", "Ada Docker"]
    assert search(planner, "stranger") == search(planner, "ada@elsewhere") == []
    assert search(planner, "ada@elsewhere.example") == ["Ada Stranger"]
    assert api.store.read(persons.known_person, stranger) == stranger


def _a_farm(season: Season) -> OrganisationId:
    return season.market.country.farm("Near").organisation_id


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PLANNER])
def test_who_plans_for_no_hub_finds_and_adds_nobody(api: Api, role: Role) -> None:
    farm = api.store.run(commands.add_organisation, "Two Creeks", OrganisationKind.FARM)
    client = api.as_(api.person(role, farm))

    answers = [client.get(f"{PEOPLE}?search=ana"), client.post(PEOPLE, json=ANA, headers=once())]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "forbidden")] * 2


@pytest.mark.parametrize(
    ("asked", "status"), [("", 422), ("search=", 422), ("search=%0a", 422), (f"search={'x' * 201}", 422)]
)
def test_a_search_that_says_nothing_is_refused(api: Api, asked: str, status: int) -> None:
    answer = api.as_role(Role.PLANNER).get(f"{PEOPLE}?{asked}")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, "search")


def test_whom_a_planner_adds_is_invited_in_their_language_and_sets_their_own_password(api: Api, tmp_path: Path) -> None:
    house = Season.closed(api.store).market.hub.organisation_id
    planner, post = api.as_(api.person(Role.PLANNER, house)), PostOffice(api.store, tmp_path)
    post.send()

    added = planner.post(PEOPLE, json=ANA | {"language": "zh-CN", "email": " Ana@Example.org "}, headers=once())
    assert post.send() == 1

    assert (added.status_code, added.json()["name"], added.json()["email"]) == (201, "Ana Ruiz", "ana@example.org")
    [letter] = post.letters()
    assert (letter["To"], letter["Subject"]) == ("ana@example.org", "您可以在 farmlink 订购")
    assert "7 天" in body(letter)
    secret = {"token": _token(letter), "password": "a long pass phrase"}
    assert api.nobody.post(f"{PEOPLE}/password-resets/confirmed", json=secret).status_code == 204
    entry = {"email": "ana@example.org", "password": "a long pass phrase"}
    entered = api.nobody.post(f"{PEOPLE}/sign-ins", json=entry)
    assert (entered.status_code, entered.json()["person_id"]) == (201, added.json()["id"])


def _token(letter: EmailMessage) -> str:
    """The token of the first of the two links in an invitation."""
    return next(word for word in body(letter).split() if "/password-resets/" in word).rpartition("/")[2]


def test_who_was_added_is_ordered_for(api: Api) -> None:
    season = Season.opened(api.store)
    planner = api.as_(api.person(Role.PLANNER, season.market.hub.organisation_id))
    consumer = planner.post(PEOPLE, json=ANA, headers=once()).json()["id"]
    listing = next(one for one in planner.get(f"/api/v1/cycles/{season.cycle_id}/listings").json()["items"])
    basket = {
        "consumer_id": consumer,
        "place_id": str(season.market.point.id),
        "lines": [{"listing_id": listing["id"], "packs": 1}],
    }
    assert search(planner, "ruiz") == []

    placed = planner.post(f"/api/v1/cycles/{season.cycle_id}/orders", json=basket, headers=once())

    assert (placed.status_code, placed.json()["consumer_id"]) == (201, consumer)
    assert search(planner, "ruiz") == ["Ana Ruiz"], "a customer of the hub from now on"


def test_an_address_that_is_known_is_the_person_who_has_it_and_nobody_is_added_twice(api: Api, tmp_path: Path) -> None:
    planner, key = api.as_role(Role.PLANNER), once()
    known = named(api, "Ana R.", "ana@example.org")

    first, again, other = (planner.post(PEOPLE, json=ANA, headers=headers) for headers in (key, key, once()))

    assert [one.json() for one in (first, again, other)] == [
        {"id": str(known), "name": "Ana R.", "email": "ana@example.org"}
    ] * 3
    assert PostOffice(api.store, tmp_path).send() == 1, "invited once while the invitation holds"


def test_who_signs_in_already_is_not_invited(api: Api, tmp_path: Path) -> None:
    api.store.run(commands.add_person, "Ana", email="ana@example.org", password_hash="hash")

    assert api.as_role(Role.ADMIN).post(PEOPLE, json=ANA, headers=once()).status_code == 201

    assert PostOffice(api.store, tmp_path).send() == 0


@pytest.mark.parametrize(
    ("changed", "field"), [({"email": "ana"}, "email"), ({"name": "A\nB"}, "name"), ({"language": "fr"}, "language")]
)
def test_particulars_that_make_no_sense_are_refused(api: Api, changed: dict[str, str], field: str) -> None:
    answer = api.as_role(Role.PLANNER).post(PEOPLE, json=ANA | changed, headers=once())

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
