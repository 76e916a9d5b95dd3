"""Sessions in cookies and headers, and what another site can make a browser do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from litestar import Request, get
from litestar.testing import create_test_client

from api.auth import network_of
from api.guards import OPT, UnguardedRouteError, anyone, require_audiences
from farmlink.people import commands, work
from farmlink.people.values import Carrier, PersonId

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Api

ADDRESS, PASSWORD = "ana@example.org", "a long pass phrase"
ME = "/api/v1/people/me"


def add_ana(api: Api, name: str = "Ana") -> None:
    api.store.run(commands.add_person, name, email=ADDRESS, password_hash=work.hash_password(PASSWORD))


def browser(api: Api) -> httpx.Client:
    """A browser of its own, at its own origin."""
    return api.client({"accept": "text/html", "origin": api.address, "sec-fetch-site": "same-origin"})


def enter(client: httpx.Client) -> httpx.Response:
    return client.post("/sign-in", data={"email": ADDRESS, "password": PASSWORD})


def word(client: httpx.Client) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', client.get("/sign-in").text)
    assert found is not None
    return found[1]


def second_device(api: Api, person_id: PersonId) -> httpx.Client:
    return api.client({"authorization": f"bearer {api.store.run(commands.sign_in_as, person_id).token}"})


def test_a_person_signs_in_on_the_page_and_out_again(api: Api) -> None:
    add_ana(api)
    client = browser(api)

    entered = enter(client)
    shown = client.get("/me").text
    client.post("/sign-out", data={"csrf": word(client)})

    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "Ana" in shown
    assert client.get(ME).status_code == 401


def test_a_wrong_password_shows_the_form_again_with_the_reason(api: Api) -> None:
    add_ana(api)

    answer = browser(api).post("/sign-in", data={"email": ADDRESS, "password": "wrong"})
    nonsense = browser(api).post("/sign-in", data={"email": "nobody", "password": "wrong"})

    assert answer.status_code == 401
    assert "This e-mail address and password do not belong together." in answer.text
    assert f'value="{ADDRESS}"' in answer.text
    assert nonsense.status_code == 422


def test_a_session_that_an_attacker_planted_is_worth_nothing_after_sign_in(api: Api) -> None:
    add_ana(api)
    planted = api.store.run(commands.sign_in_as, api.person(), Carrier.COOKIE).token
    client = browser(api)
    client.cookies.set("farmlink_session", planted, domain="127.0.0.1")

    client.post("/sign-in", data={"email": ADDRESS, "password": PASSWORD, "csrf": word(client)})

    assert client.cookies["farmlink_session"] != planted
    assert api.client({"cookie": f"farmlink_session={planted}"}).get(ME).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_another_sites_write_is_refused_even_for_signing_in(api: Api, headers: dict[str, str]) -> None:
    add_ana(api)

    answer = enter(api.client(headers))

    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")


def test_a_cookie_alone_writes_nothing_without_the_sessions_own_word(api: Api) -> None:
    add_ana(api)
    client = browser(api)
    enter(client)
    right = word(client)
    asked = {"if-match": '"1"', "accept": "application/json"}

    without = client.patch(ME, json={"name": "Eve"}, headers=asked)
    wrong = client.patch(ME, json={"name": "Eve"}, headers=asked | {"x-csrf-token": "0" * 64})
    right_one = client.patch(ME, json={"name": "Ana R."}, headers=asked | {"x-csrf-token": right})

    assert [without.status_code, wrong.status_code, right_one.status_code] == [403, 403, 200]


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "anything"])
def test_a_header_that_signs_nobody_in_does_not_spare_a_cookie_its_word(api: Api, header: str) -> None:
    add_ana(api)
    client = browser(api)
    enter(client)
    asked = {"if-match": '"1"', "accept": "application/json", "authorization": header}

    without = client.patch(ME, json={"name": "Eve"}, headers=asked)
    elsewhere = client.patch(ME, json={"name": "Eve"}, headers=asked | {"sec-fetch-site": "cross-site"})

    assert [(one.status_code, one.json()["code"]) for one in (without, elsewhere)] == [(403, "cross-site")] * 2


def test_signing_out_everywhere_ends_cookies_and_bearer_tokens_at_once(api: Api) -> None:
    person = api.person()
    one, other = api.as_(person), second_device(api, person)

    one.delete("/api/v1/people/sign-ins")

    assert [client.get(ME).status_code for client in (one, other)] == [401, 401]


def test_signing_out_ends_only_the_sign_in_that_asks(api: Api) -> None:
    person = api.person()
    one, other = api.as_(person), second_device(api, person)

    one.delete("/api/v1/people/sign-ins/current")

    assert [client.get(ME).status_code for client in (one, other)] == [401, 200]


@pytest.mark.parametrize("header", [b"Basic abc", b"Bearer", b"Bearer " + b"x" * 5000, b"bearer \xe9"])
def test_a_header_that_names_nobody_signs_nobody_in(api: Api, header: bytes) -> None:
    answer = api.nobody.get(ME, headers=[(b"authorization", header)])

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_door_without_a_name_keeps_the_application_from_starting() -> None:
    @get("/open", sync_to_thread=False)
    def unnamed() -> None: ...

    client = create_test_client([unnamed], openapi_config=None)

    with pytest.raises(UnguardedRouteError, match="/open"):
        require_audiences(client.app)


def test_a_door_whose_name_is_no_audience_is_closed_too() -> None:
    @get("/open", opt={OPT: "anyone"}, sync_to_thread=False)
    def misnamed() -> None: ...

    @get("/named", opt={OPT: anyone}, sync_to_thread=False)
    def named() -> None: ...

    client = create_test_client([misnamed, named], openapi_config=None)

    with pytest.raises(UnguardedRouteError):
        require_audiences(client.app)


def test_every_answer_forbids_scripts_of_others_and_framing(api: Api) -> None:
    for address in ("/", "/sign-in", "/api", "/nowhere", "/api/v1/policy/current", "/health"):
        headers = api.nobody.get(address).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_the_language_can_be_chosen_on_the_page_and_is_remembered(api: Api) -> None:
    client = api.client({"accept-language": "en"})

    chosen = client.get("/choose?language=zh-CN&to=/sign-in")
    later = client.get("/sign-in")

    assert (chosen.status_code, chosen.headers["location"]) == (303, "/sign-in")
    assert 'lang="zh-CN"' in later.text
    assert "登录" in later.text


def test_whoever_watches_the_process_sees_that_it_lives_and_works(api: Api) -> None:
    assert api.nobody.get("/health").json() == {"status": "alive"}
    assert api.nobody.get("/ready").json() == {"status": "ready"}


def test_names_are_shown_as_text_never_as_markup(api: Api) -> None:
    add_ana(api, "<script>alert(1)</script>")
    client = browser(api)
    enter(client)

    assert "&lt;script&gt;alert(1)" in client.get("/me").text


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::2", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_all_addresses_of_one_connection_are_one_network_however_they_are_written(host: str, network: str) -> None:
    assert network_of(Request({"type": "http", "client": (host, 1)})) == network  # type: ignore[arg-type]  # what is asked of it alone


def test_whoever_came_from_nowhere_is_of_no_network() -> None:
    assert network_of(Request({"type": "http", "client": None})) == ""  # type: ignore[arg-type]  # what is asked of it alone
