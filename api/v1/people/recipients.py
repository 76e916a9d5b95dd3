"""Whom one gives something: they collect what somebody else orders and pays."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import OPT, signed_in
from farmlink.kernel.page import Page
from farmlink.people import commands, queries
from farmlink.people.values import PersonId, Recipient


class NewRecipient(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What to call somebody at the pick-up point, and how they may be reached."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200, examples=["Grandma Rose"])]
    phone: Annotated[str, msgspec.Meta(max_length=40, examples=["+1 231 555 0101"])] | None = None


class Named(msgspec.Struct, frozen=True):
    """Who was named."""

    id: PersonId


class RecipientController(Controller):
    """One's own recipients; others' do not exist."""

    path = "/people/me/recipients"
    tags = ("people",)
    opt = {OPT: signed_in}  # noqa: RUF012  # Litestar's own attribute

    @get("", sync_to_thread=True)
    def recipients(self, store: ActingStore, principal: Asking, paging: AskedPage) -> Page[Recipient]:
        """Whom one has named, in that order."""
        return store.read(queries.recipients, principal.person_id, paging)

    @post("", sync_to_thread=True)
    def name(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        data: JSONBody[NewRecipient],
    ) -> Named:
        """Name somebody to order for; the pick-up point sees the name when it hands out, and nobody else does."""
        return Named(store.once(key, commands.name_recipient, principal.person_id, data.name, phone=data.phone))

    @delete("/{person_id:uuid}", sync_to_thread=True)
    def forget(self, store: ActingStore, principal: Asking, person_id: FromPath[UUID]) -> None:
        """Forget somebody; what is on its way to them is handed out to oneself."""
        store.run(commands.forget_recipient, principal.person_id, PersonId(person_id))
