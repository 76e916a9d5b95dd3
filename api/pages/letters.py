"""Where the links of messages lead: looking does nothing, whoever opens a link decides by a button."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.accepts import OPT_ACCEPTS
from api.auth import FORM, browser_of, carried_token, keep_session
from api.dependencies import ActingStore
from api.errors import status_of
from api.guards import OPT, anyone
from api.pages.page import Asked, page
from farmlink.people import commands, queries, work
from farmlink.people.rules import TokenSpentError
from farmlink.people.values import Carrier


class PasswordForm(msgspec.Struct, frozen=True):
    """A new password."""

    password: Annotated[str, msgspec.Meta(max_length=200)] = ""
    csrf: str = ""


class LetterPages(Controller):
    """An account, a new password."""

    opt = {OPT: anyone}  # noqa: RUF012  # Litestar's own attribute
    include_in_schema = False

    @get("/registrations/{token:str}", sync_to_thread=True)
    def account(self, request: Asked, store: ActingStore, token: FromPath[str]) -> Template:
        """Ask whether the account shall be opened; a link that cannot do it says so at once."""
        if not store.read(queries.opens_account, token):
            return _spent(request, "/register")
        return page("account.html", request, token=token)

    @post("/registrations/{token:str}", opt={OPT_ACCEPTS: FORM}, sync_to_thread=True)
    def open_account(self, request: Asked, store: ActingStore, token: FromPath[str]) -> Response[Any]:
        """Open the account, signed in, whatever the browser carried before."""
        carried = carried_token(request)
        try:
            person_id = store.run(commands.confirm_registration, token)
        except TokenSpentError:
            return _spent(request, "/register")
        replaced = carried[0] if carried else None
        entered = store.run(commands.sign_in_as, person_id, Carrier.COOKIE, replaced, browser_of(request))
        response: Response[Any] = Redirect("/", status_code=303)
        keep_session(response, request, entered)
        return response

    @get("/password-resets/{token:str}", sync_to_thread=True)
    def password(self, request: Asked, store: ActingStore, token: FromPath[str]) -> Template:
        """Ask for the new password; a link that cannot set one says so at once."""
        if not store.read(queries.sets_password, token):
            return _spent(request, "/forgotten")
        return page("password.html", request, token=token)

    @post("/password-resets/{token:str}", opt={OPT_ACCEPTS: FORM}, sync_to_thread=True)
    def set_password(
        self, store: ActingStore, token: FromPath[str], data: URLEncodedBody[PasswordForm]
    ) -> Response[Any]:
        """Set it, and lead to where it is used."""
        work.reset_password(store, token, data.password)
        return Redirect("/sign-in", status_code=303)


def _spent(request: Asked, anew: str) -> Template:
    """A link that was used, is too old or was never sent; `anew` is where another is asked for."""
    return page("spent_link.html", request, status=status_of(TokenSpentError), said=TokenSpentError.message, anew=anew)
