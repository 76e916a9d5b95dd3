"""Accounts, passwords and sign-ins."""

from typing import Any

from litestar import Controller, Request, delete, post
from litestar.params import JSONBody

from api.auth import DEVICE, browser_of, kept, network_of, token_of
from api.dependencies import ActingStore, Asking
from api.guards import OPT, anyone, signed_in
from api.v1.people.bodies import CodeEntry, Entry, MailAddress, MessageToken, NewPassword, Wish
from farmlink.people import commands, rules, work
from farmlink.people.values import CodeAsked, SignedIn


class RegistrationController(Controller):
    """Accounts and passwords, by a token in a message."""

    path = "/people"
    tags = ("people",)
    opt = {OPT: anyone}  # noqa: RUF012  # Litestar's own attribute

    @post("/registrations", status_code=202, sync_to_thread=True)
    def register(self, request: Request[Any, Any, Any], store: ActingStore, data: JSONBody[Wish]) -> None:
        """Ask for an account; the answer is the same whether the address is known or not."""
        language = rules.clean_language(data.language)
        work.register(store, data.email, data.name, language, data.password, network=network_of(request))

    @post("/registrations/confirmed", sync_to_thread=True)
    def confirm(self, store: ActingStore, data: JSONBody[MessageToken]) -> SignedIn:
        """Open the account by the token of the message, signed in."""
        person_id = store.run(commands.confirm_registration, data.token)
        return store.run(commands.sign_in_as, person_id)

    @post("/password-resets", status_code=202, sync_to_thread=True)
    def ask_reset(self, request: Request[Any, Any, Any], store: ActingStore, data: JSONBody[MailAddress]) -> None:
        """Ask for a new password; the answer is the same whether the address is known or not."""
        work.ask_reset(store, data.email, network=network_of(request))

    @post("/password-resets/confirmed", status_code=204, sync_to_thread=True)
    def reset(self, store: ActingStore, data: JSONBody[NewPassword]) -> None:
        """Set the new password; every sign-in of the person ends."""
        work.reset_password(store, data.token, data.password)

    @post("/sign-ins", sync_to_thread=True)
    def sign_in(self, request: Request[Any, Any, Any], store: ActingStore, data: JSONBody[Entry]) -> SignedIn:
        """Sign in; the token goes into `Authorization: Bearer …` and is shown only now."""
        return work.sign_in(
            store,
            data.email,
            data.password,
            network=network_of(request),
            device=kept(request, DEVICE),
            browser=browser_of(request),
        )

    @post("/sign-ins/codes", status_code=202, sync_to_thread=True)
    def ask_code(self, request: Request[Any, Any, Any], store: ActingStore, data: JSONBody[MailAddress]) -> CodeAsked:
        """Have a code sent to sign in by; the answer is the same whether the address is known or not.

        Eight digits, good for ten minutes and five tries, and only with the token of this answer. It replaces an
        earlier one.
        """
        return work.ask_code(store, data.email, network=network_of(request))

    @post("/sign-ins/by-code", sync_to_thread=True)
    def sign_in_by_code(
        self, request: Request[Any, Any, Any], store: ActingStore, data: JSONBody[CodeEntry]
    ) -> SignedIn:
        """Sign in by the code of the letter; the token is shown only now."""
        return work.sign_in_by_code(
            store,
            data.token,
            data.code,
            network=network_of(request),
            device=kept(request, DEVICE),
            browser=browser_of(request),
        )

    @delete("/sign-ins/current", opt={OPT: signed_in}, sync_to_thread=True)
    def sign_out(self, request: Request[Any, Any, Any], store: ActingStore) -> None:
        """End the sign-in that this request carries."""
        store.run(commands.sign_out, token_of(request))

    @delete("/sign-ins", opt={OPT: signed_in}, sync_to_thread=True)
    def sign_out_everywhere(self, store: ActingStore, principal: Asking) -> None:
        """End every sign-in of the person on all devices."""
        store.run(commands.sign_out_everywhere, principal.person_id)
