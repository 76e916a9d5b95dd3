"""Oneself: what one is called, where one lives, on which devices one is signed in, and being forgotten."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.auth import keep, token_of
from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, signed_in
from api.language import CHOICE
from api.pages.choices import YEAR_S
from api.pages.forms import Filled, Sent, blank, read, refilled, taken_by
from api.pages.page import Asked, page
from api.pages.sign_in import leave
from api.v1.network.bodies import geocoder
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.network import queries as places
from farmlink.network.values import Address, HomeCard, HomeDraft, RegionId
from farmlink.network.work import locate
from farmlink.people import commands, queries
from farmlink.people.values import PersonId, SignInId
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

Words = Annotated[str, msgspec.Meta(max_length=200)]


class SelfForm(msgspec.Struct, frozen=True):
    """What somebody says about themselves; `revision` is what they saw."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    revision: int
    language: Annotated[str, msgspec.Meta(max_length=10)]
    phone: Annotated[str, msgspec.Meta(max_length=40)] = ""


class HomeForm(msgspec.Struct, frozen=True):
    """Where orders may be brought."""

    region_id: UUID
    town: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    district: Words = ""
    street: Words = ""
    postcode: Words = ""

    def address(self) -> Address:
        """The address as it is looked up."""
        return Address(town=self.town, district=self.district, street=self.street, postcode=self.postcode)


class SelfPages(Controller):
    """What only oneself sees and changes."""

    path = "/me"
    opt = open_to(signed_in)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def me(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """Show what is known."""
        return _me(request, store, principal.person_id)

    @post("", opt=taken_by(signed_in), sync_to_thread=True)
    def change(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Change name, telephone and the language of letters and pages."""
        try:
            form = read(data, SelfForm)
            store.run(
                commands.change_person,
                principal.person_id,
                form.revision,
                name=form.name,
                phone=form.phone,
                language=form.language,
            )
        except RefusedError as refusal:
            return _me(request, store, principal.person_id, refilled(data, refusal, language))
        response: Response[Any] = Redirect("/me", status_code=303)
        keep(response, request, CHOICE, form.language, YEAR_S)
        return response

    @get("/home", sync_to_thread=True)
    def home(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """Show where orders may be brought."""
        return _home(request, store, principal.person_id)

    @post("/home", opt=taken_by(signed_in), sync_to_thread=True)
    def settle(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Say where one lives; the address is looked up."""
        try:
            form = read(data, HomeForm)
            found = locate(geocoder(), form.address())
            draft = HomeDraft(region_id=RegionId(form.region_id), address=form.address(), coordinates=found)
            store.run(network.settle, principal.person_id, draft)
        except RefusedError as refusal:
            return _home(request, store, principal.person_id, refilled(data, refusal, language))
        return Redirect("/me/home", status_code=303)

    @post("/home-left", opt=taken_by(signed_in), sync_to_thread=True)
    def leave(self, store: ActingStore, principal: Asking) -> Response[Any]:
        """Have no home here any more."""
        store.run(commands.leave_home, principal.person_id)
        return Redirect("/me/home", status_code=303)

    @post("/sign-ins/ended", opt=taken_by(signed_in), sync_to_thread=True)
    def sign_out_everywhere(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """End every sign-in, this one too."""
        store.run(commands.sign_out_everywhere, principal.person_id)
        return _gone(request, "/sign-in")

    @post("/sign-ins/others-ended", opt=taken_by(signed_in), sync_to_thread=True)
    def sign_out_elsewhere(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """End every sign-in but this one."""
        store.run(commands.sign_out_elsewhere, principal.person_id, token_of(request))
        return Redirect("/me", status_code=303)

    @post("/sign-ins/{sign_in_id:uuid}/ended", opt=taken_by(signed_in), sync_to_thread=True)
    def end_sign_in(self, store: ActingStore, principal: Asking, sign_in_id: FromPath[UUID]) -> Response[Any]:
        """End one sign-in; who ends this very one signs in anew."""
        store.run(commands.end_sign_in, principal.person_id, SignInId(sign_in_id))
        return Redirect("/me", status_code=303)

    @get("/erasure", sync_to_thread=False)
    def ask_erasure(self, request: Asked) -> Response[Any]:
        """Say what being forgotten means, before the button."""
        return page("account/erasure.html", request, form=blank())

    @post("/erasure", opt=taken_by(signed_in), sync_to_thread=True)
    def erase(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Forget who this was."""
        try:
            store.run(commands.erase_person, principal.person_id)
        except RefusedError as refusal:
            form = refilled(data, refusal, language)
            return page("account/erasure.html", request, status=form.status, form=form)
        return _gone(request, "/")


def _me(request: Asked, store: Store, person_id: PersonId, form: Filled | None = None) -> Response[Any]:
    person = store.read(queries.person, person_id)
    filled = form or blank(
        name=person.name, phone=person.phone or "", language=person.language, revision=person.revision
    )
    shown = {
        "person": person,
        "roles": store.read(_roles, person_id),
        "sign_ins": store.read(queries.sign_ins, person_id, token_of(request)),
        "zone": store.read(places.common_zone),
    }
    return page("account/me.html", request, status=filled.status, form=filled, **shown)


def _roles(tx: Transaction, person_id: PersonId) -> list[tuple[str, str]]:
    held = queries.person(tx, person_id).memberships
    return [(one.role, queries.organisation(tx, one.organisation_id).name) for one in held]


def _home(request: Asked, store: Store, person_id: PersonId, form: Filled | None = None) -> Response[Any]:
    card, regions = store.read(_home_of, person_id), store.read(places.regions, Paging(limit=200)).items
    if form is None and card is not None:
        form = blank(region_id=card.region_id, **asdict(card.address))
    filled = form or blank()
    return page("account/home.html", request, status=filled.status, form=filled, home=card, regions=regions)


def _home_of(tx: Transaction, person_id: PersonId) -> HomeCard | None:
    try:
        return places.home_of(tx, person_id)
    except MissingError:
        return None


def _gone(request: Asked, to: str) -> Response[Any]:
    response: Response[Any] = Redirect(to, status_code=303)
    leave(response, request)
    return response
