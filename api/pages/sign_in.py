"""Signing in and out on a page; the same work under the same guards as the API."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from api.accepts import OPT_ACCEPTS
from api.auth import (
    DEVICE,
    FORM,
    SESSION,
    carried_token,
    cookie_name,
    csrf_word,
    is_secure,
    keep,
    keep_session,
    network_of,
)
from api.dependencies import ActingStore, Language
from api.errors import status_of
from api.guards import OPT, anyone
from api.language import CHOICE, texts
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import LANGUAGES, render, render_refusal
from farmlink.people import commands, queries, work
from farmlink.people.values import Carrier, Principal

YEAR_S = 365 * 24 * 3600
Chosen = FromQuery[str | None]


class EntryForm(msgspec.Struct, frozen=True):
    """The fields of the form; the rest of what a browser sends is not looked at."""

    email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    password: Annotated[str, msgspec.Meta(max_length=200)] = ""
    csrf: str = ""


class SignInPages(Controller):
    """Sign-in and sign-out."""

    opt = {OPT: anyone}  # noqa: RUF012  # Litestar's own attribute
    include_in_schema = False

    @get("/", sync_to_thread=False)
    def start(self, request: Request[Any, Any, Any], language: Language, chosen: Chosen = None) -> Response[Any]:
        """Name what is here, until the personas have their pages."""
        response: Response[Any] = Template("start.html", context={"language": language, "t": texts(language)})
        return _remembering(response, request, chosen)

    @get("/sign-in", sync_to_thread=True)
    def show(
        self,
        request: Request[Any, Any, Any],
        store: ActingStore,
        language: Language,
        chosen: Chosen = None,
    ) -> Response[Any]:
        """Show the form, or who is signed in."""
        return _remembering(_page(request, store, language), request, chosen)

    @post("/sign-in", opt={OPT_ACCEPTS: FORM}, sync_to_thread=True)
    def sign_in(
        self, request: Request[Any, Any, Any], store: ActingStore, language: Language, data: URLEncodedBody[EntryForm]
    ) -> Response[Any]:
        """Sign in with a fresh session, whatever the browser carried before."""
        carried = carried_token(request)
        device = request.cookies.get(cookie_name(DEVICE, secure=is_secure(request)))
        try:
            entered = work.sign_in(
                store,
                data.email,
                data.password,
                network=network_of(request),
                device=device,
                carrier=Carrier.COOKIE,
                replaces=carried[0] if carried else None,
            )
        except RefusedError as refusal:
            facts = dict(refusal.facts)
            if "reason" in facts:
                return _page(request, store, language, data.email, render(str(facts["reason"]), language), 422)
            return _page(
                request, store, language, data.email, render_refusal(refusal, language), status_of(type(refusal))
            )
        response: Response[Any] = Redirect("/sign-in", status_code=303)
        keep_session(response, request, entered)
        keep(response, request, DEVICE, work.device_token(store, entered.person_id), YEAR_S)
        return response

    @post("/sign-out", opt={OPT_ACCEPTS: FORM}, sync_to_thread=True)
    def sign_out(self, request: Request[Any, Any, Any], store: ActingStore) -> Response[Any]:
        """End the session here and on the server."""
        if carried := carried_token(request):
            store.run(commands.sign_out, carried[0])
        response: Response[Any] = Redirect("/sign-in", status_code=303)
        keep(response, request, SESSION, "", 0)
        return response


def _remembering(response: Response[Any], request: Request[Any, Any, Any], chosen: str | None) -> Response[Any]:
    """Keep the language that a reader chose."""
    if chosen in LANGUAGES:
        keep(response, request, CHOICE, str(chosen), YEAR_S)
    return response


def _page(  # what the page shows
    request: Request[Any, Any, Any],
    store: ActingStore,
    language: str,
    email: str = "",
    refusal: str | None = None,
    status: int = 200,
) -> Response[Any]:
    principal: Principal | None = request.scope.get("user")
    person = store.read(queries.person, principal.person_id) if principal else None
    context = {
        "language": language,
        "t": texts(language),
        "csrf": csrf_word(request),
        "person": person,
        "email": email,
        "refusal": refusal,
    }
    return Template("sign_in.html", context=context, status_code=status)
