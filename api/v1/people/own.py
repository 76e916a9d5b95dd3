"""Where one is signed in, and which letters one wants."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, delete, get, put
from litestar.params import FromPath, JSONBody

from api.auth import token_of
from api.dependencies import ActingStore, Asking
from api.guards import OPT, signed_in
from farmlink.kernel.page import Few
from farmlink.notify import commands as notify
from farmlink.notify import queries as letters_of
from farmlink.notify.values import Choice, Letters
from farmlink.people import commands, queries
from farmlink.people.values import SignInCard, SignInId


class WantedLetters(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The groups of letters that one wants; the others that concern one end."""

    wanted: frozenset[Letters]


class OwnController(Controller):
    """One's own sign-ins and letters."""

    path = "/people/me"
    tags = ("people",)
    opt = {OPT: signed_in}  # noqa: RUF012  # Litestar's own attribute

    @get("/sign-ins", sync_to_thread=True)
    def sign_ins(self, request: Request[Any, Any, Any], store: ActingStore, principal: Asking) -> Few[SignInCard]:
        """Where one is signed in, the newest first."""
        return Few(store.read(queries.sign_ins, principal.person_id, token_of(request)))

    @delete("/sign-ins", sync_to_thread=True)
    def end_others(self, request: Request[Any, Any, Any], store: ActingStore, principal: Asking) -> None:
        """End every sign-in but the one that this request carries."""
        store.run(commands.sign_out_elsewhere, principal.person_id, token_of(request))

    @delete("/sign-ins/{sign_in_id:uuid}", sync_to_thread=True)
    def end(self, store: ActingStore, principal: Asking, sign_in_id: FromPath[UUID]) -> None:
        """End one sign-in; it is nobody's from the next request on."""
        store.run(commands.end_sign_in, principal.person_id, SignInId(sign_in_id))

    @get("/letters", sync_to_thread=True)
    def letters(self, store: ActingStore, principal: Asking) -> Few[Choice]:
        """The letters that one may do without, and which of them one wants; all others always come."""
        return Few(store.read(letters_of.choices, principal.person_id))

    @put("/letters", sync_to_thread=True)
    def choose(self, store: ActingStore, principal: Asking, data: JSONBody[WantedLetters]) -> Few[Choice]:
        """Want these letters, and no others of those that one may do without."""
        return Few(store.run(notify.choose_letters, principal.person_id, data.wanted))
