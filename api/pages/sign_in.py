"""Signing in and out on a page; the same work under the same guards as the API."""

from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from api.auth import (
    DEVICE,
    SESSION,
    browser_of,
    carried_token,
    csrf_word,
    keep,
    keep_session,
    kept,
    network_of,
)
from api.dependencies import ActingStore, Language
from api.guards import anyone, open_to
from api.pages.choices import YEAR_S, local
from api.pages.forms import Filled, Sent, blank, read, refilled, taken_by
from api.pages.page import Asked, landing, page
from api.pages.shop.kept import forget_shopping
from farmlink.kernel.errors import RefusedError
from farmlink.people import commands, queries, work
from farmlink.people.values import Carrier, SignedIn
from farmlink.store.store import Store


class EntryForm(msgspec.Struct, frozen=True):
    """Who signs in, where they wanted to go, and what they sent before their session was found lost."""

    email: Annotated[str, msgspec.Meta(max_length=254)]
    password: Annotated[str, msgspec.Meta(max_length=200)]
    to: str = "/"
    again: str = ""


class SignInPages(Controller):
    """Sign-in and sign-out."""

    opt = open_to(anyone)
    include_in_schema = False

    @get("/sign-in", sync_to_thread=False)
    def show(self, request: Asked, to: FromQuery[str] = "/") -> Response[Any]:
        """Show the form; who is signed in already goes on."""
        return sign_in_form(request, blank(to=local(to)))

    @post("/sign-in", opt=taken_by(anyone), sync_to_thread=True)
    def sign_in(self, request: Asked, store: ActingStore, language: Language, data: Sent) -> Response[Any]:
        """Sign in with a fresh session, whatever the browser carried before."""
        carried = carried_token(request)
        try:
            form = read(data, EntryForm)
            entered = work.sign_in(
                store,
                form.email,
                form.password,
                network=network_of(request),
                device=kept(request, DEVICE),
                carrier=Carrier.COOKIE,
                replaces=carried[0] if carried else None,
                browser=browser_of(request),
            )
        except RefusedError as refusal:
            return sign_in_form(request, refilled(data, refusal, language))
        return let_in(request, store, entered, form.to, form.again)

    @post("/sign-out", opt=taken_by(anyone), sync_to_thread=True)
    def sign_out(self, request: Asked, store: ActingStore) -> Response[Any]:
        """End the session here and on the server."""
        if carried := carried_token(request):
            store.run(commands.sign_out, carried[0])
        response: Response[Any] = Redirect("/sign-in", status_code=303)
        leave(response, request)
        return response


def let_in(request: Asked, store: Store, entered: SignedIn, to: str, again: str = "") -> Response[Any]:
    """Give the browser its session, and lead to where somebody wanted to go, else to where they begin.

    Whoever was about to send something is shown it first; nobody is shown what somebody else wrote on this device.
    """
    if again and work.knows_device(store, entered.person_id, kept(request, DEVICE)):
        response: Response[Any] = offered_again(request, again, csrf_word(request, entered.token))
    else:
        where = landing(store.read(queries.principal, entered.person_id)) if to == "/" else local(to)
        response = Redirect(where, status_code=303)
    keep_session(response, request, entered)
    keep(response, request, DEVICE, work.device_token(store, entered.person_id), YEAR_S)
    return response


def leave(response: Response[Any], request: Asked) -> None:
    """Take from the browser what was this person's: the session, what they were about to order, and kept answers."""
    keep(response, request, SESSION, "", 0)
    forget_shopping(response, request)
    response.headers["clear-site-data"] = '"cache"'


def sign_in_form(request: Asked, form: Filled, *, status: int = 0) -> Response[Any]:
    """The page on which somebody signs in, by password or by a code."""
    return page("sign_in.html", request, form=form, status=status or form.status)


def offered_again(request: Asked, again: str, csrf: str) -> Response[Any]:
    """A page with the form as it was sent: whoever has signed in sends it, or leaves it."""
    parts = urlsplit(local(again))
    fields = parse_qsl(parts.query, keep_blank_values=True)
    return page("signed_in_again.html", request, action=parts.path, fields=fields, csrf=csrf)
