"""Signing in and out on a page; the same work under the same guards as the API."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from api.auth import DEVICE, SESSION, carried_token, cookie_name, is_secure, keep, keep_session, network_of
from api.dependencies import ActingStore, Language
from api.guards import anyone, open_to
from api.pages.choices import YEAR_S, local
from api.pages.forms import Filled, Sent, blank, read, refilled, taken_by
from api.pages.page import Asked, landing, page
from api.pages.shop.kept import forget_shopping
from farmlink.kernel.errors import RefusedError
from farmlink.people import commands, queries, work
from farmlink.people.values import Carrier


class EntryForm(msgspec.Struct, frozen=True):
    """Who signs in, and where they wanted to go."""

    email: Annotated[str, msgspec.Meta(max_length=254)]
    password: Annotated[str, msgspec.Meta(max_length=200)]
    to: str = "/"


class SignInPages(Controller):
    """Sign-in and sign-out."""

    opt = open_to(anyone)
    include_in_schema = False

    @get("/sign-in", sync_to_thread=False)
    def show(self, request: Asked, to: FromQuery[str] = "/") -> Response[Any]:
        """Show the form; who is signed in already goes on."""
        return _form(request, blank(to=local(to)))

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
                device=request.cookies.get(cookie_name(DEVICE, secure=is_secure(request))),
                carrier=Carrier.COOKIE,
                replaces=carried[0] if carried else None,
            )
        except RefusedError as refusal:
            return _form(request, refilled(data, refusal, language))
        to = landing(store.read(queries.principal, entered.person_id)) if form.to == "/" else local(form.to)
        response: Response[Any] = Redirect(to, status_code=303)
        keep_session(response, request, entered)
        keep(response, request, DEVICE, work.device_token(store, entered.person_id), YEAR_S)
        return response

    @post("/sign-out", opt=taken_by(anyone), sync_to_thread=True)
    def sign_out(self, request: Asked, store: ActingStore) -> Response[Any]:
        """End the session here and on the server."""
        if carried := carried_token(request):
            store.run(commands.sign_out, carried[0])
        response: Response[Any] = Redirect("/sign-in", status_code=303)
        leave(response, request)
        return response


def leave(response: Response[Any], request: Asked) -> None:
    """Take from the browser what was this person's: the session, what they were about to order, and kept answers."""
    keep(response, request, SESSION, "", 0)
    forget_shopping(response, request)
    response.headers["clear-site-data"] = '"cache"'


def _form(request: Asked, form: Filled) -> Response[Any]:
    return page("sign_in.html", request, form=form, status=form.status)
