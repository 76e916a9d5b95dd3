"""Everybody's own pages: an account, oneself, one's home, an application, and being forgotten."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx
import pytest
from litestar.testing import TestClient

from api.app import create_app
from farmlink.people import commands, queries, work
from farmlink.people.values import PersonId, Role
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN, browser, browser_of, send
from tests.farmlink.network.builders import Country

ADDRESS, PASSWORD = "ana@example.org", "a long pass phrase"


@pytest.fixture
def country(api: Api) -> Country:
    return Country.founded(api.store)


def ana(api: Api) -> tuple[httpx.Client, PersonId]:
    """Ana's browser, signed in."""
    person_id = api.store.run(
        commands.add_person, "Ana Ruiz", email=ADDRESS, password_hash=work.hash_password(PASSWORD)
    )
    client = browser(api)
    client.post("/sign-in", data={"email": ADDRESS, "password": PASSWORD})
    return client, person_id


def test_who_asks_for_an_account_is_sent_a_letter(api: Api) -> None:
    answer = send(browser(api), "/register", "/register", name="Ana", email=ADDRESS, password=PASSWORD)

    assert answer.status_code == 200
    assert ADDRESS in answer.text
    assert "<form method" not in answer.text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "This is needed."), ("zh-CN", "此项必填。")], ids=["english", "chinese"]
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_is_kept(api: Api, language: str, said: str) -> None:
    answer = send(browser(api, language), "/register", "/register", name="", email=ADDRESS, password=PASSWORD)

    assert answer.status_code == 422
    assert re.search(rf'id="name-fault">.*{said}', answer.text, re.DOTALL)
    assert f'value="{ADDRESS}"' in answer.text
    assert PASSWORD not in answer.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Give an e-mail address such as"), ("zh-CN", "请填写邮箱地址")],
    ids=["english", "chinese"],
)
def test_all_that_is_wrong_is_told_at_once_without_the_names_of_fields(api: Api, language: str, said: str) -> None:
    answer = send(browser(api, language), "/register", "/register", name="", email="nonsense", password="short")

    assert answer.status_code == 422
    for name in ("name", "email", "password"):
        assert f'id="{name}-fault"' in answer.text
    assert re.search(rf'id="email-fault"><svg[^>]*>.*?</svg>{said}', answer.text)


def test_a_refusal_is_said_without_the_name_of_its_field(api: Api) -> None:
    client, _ = ana(api)
    wrong = send(client, "/me", "/me", name="Ana\x1b", language="en")

    assert re.search(r'id="name-fault"><svg[^>]*>.*?</svg>Leave out line breaks', wrong.text)


def test_a_link_that_cannot_open_an_account_says_so_at_once_and_asking_uses_nothing_up(api: Api) -> None:
    send(browser(api), "/register", "/register", name="Bo", email="bo@example.org", password=PASSWORD)
    registration_id = api.store.read(lambda tx: tx.execute("SELECT id FROM registration").scalar_one())
    _, _, token = api.store.run(commands.make_registration_token, registration_id)
    reader, late, address = browser(api), browser(api), f"/registrations/{token}"

    wrong = reader.get("/registrations/made-up")
    looked = late.get(address)
    opened = send(reader, address, address)
    used = reader.get(address)
    again = late.post(address, data=dict(HIDDEN.findall(looked.text)))
    forgotten = reader.get("/password-resets/made-up")

    assert "Open my account" in looked.text
    assert opened.status_code == 200
    for page in (wrong, used, again, forgotten):
        assert page.status_code == 409
        assert "This link was used already or has expired." in page.text
        assert '<form method="post" action="/registrations' not in page.text
    assert 'href="/forgotten"' in forgotten.text


def test_a_page_of_others_says_whose_it_may_be_and_where_to_go(api: Api) -> None:
    client, _ = ana(api)
    nowhere, missing, barred = (client.get(path) for path in ("/no/such/page", f"/orders/{uuid4()}", "/ops"))

    assert [answer.status_code for answer in (nowhere, missing, barred)] == [404, 404, 403]
    assert 'href="/sign-in"' not in nowhere.text
    assert "it is gone, or it is somebody else&#39;s" in missing.text
    assert 'href="/me/applications"' in barred.text


def test_a_forgotten_password_is_a_letter_away_whoever_asks(api: Api) -> None:
    for address in (ADDRESS, "nobody@example.org"):
        answer = send(browser(api), "/forgotten", "/forgotten", email=address)
        assert (answer.status_code, address in answer.text) == (200, True)


def test_one_changes_what_one_is_called_and_the_language_goes_with_it(api: Api) -> None:
    client, person_id = ana(api)

    answer = send(client, "/me", "/me", name="Ana R.", phone="+1 231 555 0100", language="zh-CN")

    assert 'lang="zh-CN"' in answer.text
    person = api.store.read(queries.person, person_id)
    assert (person.name, person.phone, person.language) == ("Ana R.", "+1 231 555 0100", "zh-CN")


def test_a_change_that_came_second_is_refused_and_keeps_what_was_typed(api: Api) -> None:
    client, person_id = ana(api)
    api.store.run(commands.change_person, person_id, 1, name="Ana from the phone")

    answer = send(client, "/me", "/me", name="Ana from the desk", language="en", revision="1")

    assert answer.status_code == 412
    assert 'value="Ana from the desk"' in answer.text
    assert api.store.read(queries.person, person_id).name == "Ana from the phone"


def test_a_home_is_found_by_its_address_and_left_again(api: Api, country: Country) -> None:
    client, _ = ana(api)
    form = {"region_id": str(country.region.id), "street": "1 Main Street", "postcode": ""}

    unknown = send(client, "/me/home", "/me/home", **form, town="Nowhere at all")
    found = send(client, "/me/home", "/me/home", **form, town="Grand Rapids", district="MI")

    assert unknown.status_code == 409
    assert "Nowhere at all" in unknown.text
    assert found.status_code == 200
    assert 'value="1 Main Street"' in found.text
    assert 'value="1 Main Street"' not in send(client, "/me/home", "/me/home-left").text


def test_an_application_is_shown_with_what_became_of_it(api: Api) -> None:
    client, _ = ana(api)

    answer = send(client, "/me/applications", "/me/applications", role="farmer", organisation_name="Two Creeks")
    wrong = send(client, "/me/applications", "/me/applications", role="king", organisation_name="Two Creeks")

    assert "Two Creeks" in answer.text
    assert "Being looked at" in answer.text
    assert wrong.status_code == 422
    assert 'id="role-fault"' in wrong.text


def test_signing_out_everywhere_ends_this_sign_in_too(api: Api) -> None:
    client, _ = ana(api)

    answer = send(client, "/me", "/me/sign-ins/ended")

    assert answer.url.path == "/sign-in"
    assert client.get("/me").url.path == "/sign-in"


def test_who_wants_to_be_forgotten_is_told_what_it_means_and_then_is(api: Api) -> None:
    client, person_id = ana(api)
    told = client.get("/me/erasure").text

    send(client, "/me/erasure", "/me/erasure")

    assert "erased for good" in told
    assert client.get("/me").url.path == "/sign-in"
    assert ADDRESS not in repr(api.store.read(queries.person, person_id))


def test_a_session_that_is_lost_leads_back_to_the_page_whose_form_was_sent(api: Api) -> None:
    client = browser(api)
    client.follow_redirects = False

    answer = client.post("/me", data={"csrf": "of before"}, headers={"referer": f"{api.address}/me"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=/me")


def test_who_must_sign_in_first_comes_back_to_all_of_the_address(api: Api) -> None:
    client = browser(api)
    client.follow_redirects = False

    answer = client.get("/me/applications?q=a")

    assert answer.headers["location"] == "/sign-in?to=/me/applications%3Fq%3Da"


def test_an_address_that_lacks_something_says_what(api: Api) -> None:
    client, _ = browser_of(api, Role.PLANNER)

    shown = client.get("/plan/compare").text

    assert re.search(r"<code>one</code>.*This is needed\.", shown, re.DOTALL)


def test_where_only_a_form_is_sent_a_reader_is_led_to_the_page_above(api: Api) -> None:
    client, _ = ana(api)

    assert client.get("/me/home-left").url.path == "/me"


def test_over_https_what_was_chosen_is_kept_too() -> None:
    with TestClient(create_app(), base_url="https://testserver.local") as client:
        client.get("/choose?language=zh-CN&theme=dark", follow_redirects=False)
        shown = client.get("/styleguide").text

    assert 'lang="zh-CN" data-theme="dark"' in shown


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\/evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_led_to_another_site(api: Api, to: str) -> None:
    client = browser(api)
    client.follow_redirects = False
    api.store.run(commands.add_person, "Ana", email=ADDRESS, password_hash=work.hash_password(PASSWORD))

    chosen = client.get("/choose", params={"theme": "dark", "to": to})
    entered = client.post("/sign-in", data={"email": ADDRESS, "password": PASSWORD, "to": to})

    for answer in (chosen, entered):
        assert answer.headers["location"] in {"/", "/evil.example"}, "an address of our own, whatever it is called"


def test_the_word_of_a_form_is_masked_anew_each_time(api: Api) -> None:
    client, _ = ana(api)

    words = {re.findall(r'name="csrf" value="(\w+)"', client.get("/me").text)[0] for _ in range(3)}

    assert len(words) == 3


def test_signing_out_leaves_nothing_to_the_next_reader(api: Api) -> None:
    client, _ = ana(api)
    client.cookies.set("farmlink_basket", "kept", domain="127.0.0.1")
    client.follow_redirects = False

    answer = send(client, "/sign-in", "/sign-out")

    gone = {cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie") if "Max-Age=0" in cookie}
    assert gone == {"farmlink_session", "farmlink_point", "farmlink_basket"}
    assert answer.headers["clear-site-data"] == '"cache"'
