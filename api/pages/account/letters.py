"""Which letters one wants, and the way out at a letter's foot."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.accepts import ANYTHING, OPT_ACCEPTS
from api.dependencies import ActingStore, Asking, Language
from api.guards import anyone, open_to, signed_in
from api.pages.forms import Filled, Sent, blank, refilled, taken_by
from api.pages.page import Asked, page
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.notify import commands, queries
from farmlink.notify.values import Letters
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.store.store import Store

GROUPS: Final = {
    Letters.ORDERS: (
        marked("What I ordered"),
        marked("After each order and change: what, where, when, how much."),
    ),
    Letters.PRICES: (
        marked("Prices and minimums"),
        marked("That an order goes ahead, that it costs less, or that there is more time to order."),
    ),
    Letters.STANDING_ORDERS: (
        marked("My standing orders"),
        marked("What one could not order this time, and why."),
    ),
    Letters.MONEY_BACK: (marked("Money that comes back"), marked("What is given back of an order, and why.")),
    Letters.FARM: (
        marked("News for my farm"),
        marked("That a question needs no answer any more, or that a lot is on standby."),
    ),
    Letters.REMINDERS: (
        marked("Reminders"),
        marked("That a question still waits for an answer, once, before its deadline."),
    ),
    Letters.CYCLES: (
        marked("The cycles that I plan"),
        marked("Too few orders, failed harvests, unfinished plans, and cycles that cannot be served."),
    ),
    Letters.PLATFORM: (
        marked("Troubles of the platform"),
        marked("Payments that stand otherwise in a provider's books, and work that keeps failing."),
    ),
}
ALWAYS: Final = (
    marked("Questions to a farm with their deadline, and what was answered or counted for it"),
    marked("That an order, or a part of it, is cancelled, cut or will not come"),
    marked("What was charged, and payments that did not come through"),
    marked("Claims that wait for an answer, and what became of one's own"),
    marked("That an organisation is paid to another account"),
    marked("Codes, new passwords, invitations and decisions on applications"),
)
"""What nobody can do without: it takes something away, binds a farm, or opens an account."""


class LetterChoicePages(Controller):
    """Choose letters."""

    path = "/me/letters"
    opt = open_to(signed_in)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def letters(
        self, request: Asked, store: ActingStore, principal: Asking, *, kept: FromQuery[bool] = False
    ) -> Response[Any]:
        """Show which letters come, and which of them need not."""
        return _shown(request, store, principal.person_id, blank(), kept=kept)

    @post("", opt=taken_by(signed_in), sync_to_thread=True)
    def choose(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Want what is ticked, and nothing else of what one may do without."""
        try:
            store.run(commands.choose_letters, principal.person_id, {one for one in Letters if data.get(one.value)})
        except RefusedError as refusal:
            return _shown(request, store, principal.person_id, refilled(data, refusal, language))
        return Redirect("/me/letters?kept=true", status_code=303)


class WayOutPages(Controller):
    """The way out at a letter's foot: whoever has the letter may use it, signed in or not."""

    path = "/letters/{letters:str}/{token:str}"
    opt = open_to(anyone)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def ask(
        self, request: Asked, store: ActingStore, letters: FromPath[Letters], token: FromPath[str]
    ) -> Response[Any]:
        """Ask before anything ends: mail programs open links by themselves."""
        store.read(queries.reader_of, letters, token)
        return _way_out(request, letters, ended=False)

    @post("", opt={OPT_ACCEPTS: ANYTHING}, sync_to_thread=True)
    def end(
        self, request: Asked, store: ActingStore, letters: FromPath[Letters], token: FromPath[str]
    ) -> Response[Any]:
        """End such letters; a mail program's one click (RFC 8058) ends them too, whatever it sends along."""
        store.run(commands.end_letters, letters, token)
        return _way_out(request, letters, ended=True)


def _way_out(request: Asked, letters: Letters, *, ended: bool) -> Response[Any]:
    called, what = GROUPS[letters]
    return page("account/way_out.html", request, called=called, what=what, ended=ended)


def _shown(request: Asked, store: Store, person_id: PersonId, form: Filled, *, kept: bool = False) -> Response[Any]:
    words = {"groups": GROUPS, "always": ALWAYS, "kept": kept, "choices": store.read(queries.choices, person_id)}
    email = store.read(people.person, person_id).email
    return page("account/letters.html", request, status=form.status, form=form, email=email, **words)
