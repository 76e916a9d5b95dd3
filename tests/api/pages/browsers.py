"""Browsers as the pages meet them: at their own origin, with a session's cookie, sending forms with the page's word."""

from __future__ import annotations

import re

import httpx

from farmlink.people import commands
from farmlink.people.values import Carrier, OrganisationId, PersonId, Role
from farmlink.store.transaction import Transaction
from tests.api.conftest import Api

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def browser(api: Api, language: str = "en", token: str = "") -> httpx.Client:
    """A browser of its own that follows where it is led; with a token it is signed in."""
    headers = {"accept": "text/html", "origin": api.address, "sec-fetch-site": "same-origin"}
    client = api.client(headers | {"accept-language": language})
    client.follow_redirects = True
    if token:
        client.cookies.set("farmlink_session", token)
    return client


def browser_of(
    api: Api, role: Role, organisation_id: OrganisationId | None = None, language: str = "en"
) -> tuple[httpx.Client, PersonId]:
    """The browser of a new person with one role, the platform's unless an organisation is named."""
    person_id, token = api.store.run(_entered, role, organisation_id)
    return browser(api, language, token), person_id


def send(client: httpx.Client, page: str, to: str, **fields: str) -> httpx.Response:
    """Fill in the form of a page and send it, with what the page hid in it."""
    found = client.get(page).text
    start = found.find(f'method="post" action="{to}"')
    form = found[start : found.find("</form>", start)]
    return client.post(to, data=dict(HIDDEN.findall(form)) | fields)


def keys_on(shown: str) -> list[str]:
    """The keys of all forms of a page, each of which is to be a deed of its own."""
    return [value for name, value in HIDDEN.findall(shown) if name == "key"]


def _entered(tx: Transaction, role: Role, organisation_id: OrganisationId | None) -> tuple[PersonId, str]:
    person_id = commands.add_person(tx, f"A {role}", role=role, organisation_id=organisation_id)
    return person_id, commands.sign_in_as(tx, person_id, Carrier.COOKIE).token
