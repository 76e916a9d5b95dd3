"""Signing in by a code from a letter: asked for and typed in one and the same browser."""

from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from api.auth import DEVICE, browser_of, carried_token, keep, kept, network_of
from api.dependencies import ActingStore, Language
from api.guards import anyone, open_to
from api.pages.choices import local
from api.pages.forms import Filled, Sent, blank, read, refilled, taken_by
from api.pages.page import Asked, page
from api.pages.sign_in import let_in, sign_in_form
from farmlink.kernel.errors import RefusedError
from farmlink.people import work
from farmlink.people.rules.codes import CODE_LASTS, CODE_TRIES
from farmlink.people.values import Carrier

ASKER: Final = "farmlink_code"
"""The cookie by which a browser shows that it asked for the code."""
LASTS_S: Final = int(CODE_LASTS.total_seconds())


class AskForm(msgspec.Struct, frozen=True):
    """Whose address the code goes to, and where they wanted to go."""

    email: Annotated[str, msgspec.Meta(max_length=254)]
    to: str = "/"
    again: str = ""


class CodeForm(msgspec.Struct, frozen=True):
    """What was read in the letter."""

    code: Annotated[str, msgspec.Meta(max_length=20)]
    to: str = "/"
    again: str = ""


class CodePages(Controller):
    """A code instead of a password; what is answered is the same whether the address is known or not."""

    path = "/sign-in/code"
    opt = open_to(anyone)
    include_in_schema = False

    @post("", opt=taken_by(anyone), sync_to_thread=True)
    def ask(self, request: Asked, store: ActingStore, language: Language, data: Sent) -> Response[Any]:
        """Send the letter, and remember which browser asked for it."""
        try:
            form = read(data, AskForm)
            asked = work.ask_code(store, form.email, network=network_of(request))
        except RefusedError as refusal:
            return sign_in_form(request, refilled(data, refusal, language))
        response: Response[Any] = _leading("/sign-in/code", form.to)
        if form.again:
            response = _shown(request, blank(to=local(form.to), again=form.again))
        keep(response, request, ASKER, asked.token, LASTS_S)
        return response

    @get("", sync_to_thread=False)
    def show(self, request: Asked, to: FromQuery[str] = "/") -> Response[Any]:
        """Ask for the digits; a browser that asked for none is led to where one does."""
        if kept(request, ASKER) is None:
            return _leading("/sign-in", to)
        return _shown(request, blank(to=local(to)))

    @post("/entry", opt=taken_by(anyone), sync_to_thread=True)
    def enter(self, request: Asked, store: ActingStore, language: Language, data: Sent) -> Response[Any]:
        """Sign in with a fresh session, whatever the browser carried before."""
        carried = carried_token(request)
        try:
            form = read(data, CodeForm)
            entered = work.sign_in_by_code(
                store,
                kept(request, ASKER) or "",
                form.code,
                network=network_of(request),
                device=kept(request, DEVICE),
                carrier=Carrier.COOKIE,
                replaces=carried[0] if carried else None,
                browser=browser_of(request),
            )
        except RefusedError as refusal:
            return _shown(request, refilled(data, refusal, language))
        response = let_in(request, store, entered, form.to, form.again)
        keep(response, request, ASKER, "", 0)
        return response


def _leading(path: str, to: str) -> Redirect:
    return Redirect(f"{path}?to={quote(local(to))}", status_code=303)


def _shown(request: Asked, form: Filled) -> Response[Any]:
    minutes = LASTS_S // 60
    return page("account/code.html", request, status=form.status, form=form, minutes=minutes, tries=CODE_TRIES)
