"""An account and a forgotten password: each is a letter away."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response, get, post

from api.auth import network_of
from api.dependencies import ActingStore, Language
from api.guards import anyone, open_to
from api.pages.forms import Filled, Sent, blank, read, refilled, taken_by
from api.pages.page import Asked, page
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.people import rules, work

LETTER = marked("A letter is on its way to {email}. Open its link to go on; it may take a minute.")

Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class AccountForm(msgspec.Struct, frozen=True):
    """Who wants an account."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    email: Email
    password: Password


JUDGES: Final[Mapping[str, Callable[[str], object]]] = {
    "name": rules.clean_name,
    "email": rules.clean_email,
    "password": rules.check_password,
}


class AddressForm(msgspec.Struct, frozen=True):
    """Whose password is forgotten."""

    email: Email


class JoiningPages(Controller):
    """Ask for an account or a new password; what is answered is the same whether the address is known or not."""

    opt = open_to(anyone)
    include_in_schema = False

    @get("/register", sync_to_thread=False)
    def account(self, request: Asked) -> Response[Any]:
        """Ask who wants an account."""
        return _shown(request, "register", blank())

    @post("/register", opt=taken_by(anyone), sync_to_thread=True)
    def register(self, request: Asked, store: ActingStore, language: Language, data: Sent) -> Response[Any]:
        """Send the letter that opens the account."""
        try:
            form = read(data, AccountForm, JUDGES)
            work.register(store, form.email, form.name, language, form.password, network=network_of(request))
        except RefusedError as refusal:
            return _shown(request, "register", refilled(data, refusal, language))
        return _shown(request, "register", blank(), sent_to=form.email)

    @get("/forgotten", sync_to_thread=False)
    def forgotten(self, request: Asked) -> Response[Any]:
        """Ask whose password is forgotten."""
        return _shown(request, "forgotten", blank())

    @post("/forgotten", opt=taken_by(anyone), sync_to_thread=True)
    def ask_reset(self, request: Asked, store: ActingStore, language: Language, data: Sent) -> Response[Any]:
        """Send the letter that sets a new one."""
        try:
            form = read(data, AddressForm)
            work.ask_reset(store, form.email, network=network_of(request))
        except RefusedError as refusal:
            return _shown(request, "forgotten", refilled(data, refusal, language))
        return _shown(request, "forgotten", blank(), sent_to=form.email)


def _shown(request: Asked, name: str, form: Filled, sent_to: str = "") -> Response[Any]:
    return page(f"account/{name}.html", request, status=form.status, form=form, sent_to=sent_to, letter=LETTER)
