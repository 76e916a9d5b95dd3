"""Where the links of messages lead: looking does nothing, whoever opens a link decides by a button."""

from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.accepts import OPT_ACCEPTS
from api.auth import FORM, carried_token, cookie_name, csrf_word, is_secure, keep, keep_session
from api.dependencies import ActingStore, Language
from api.guards import OPT, anyone
from api.language import texts
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import BaseUnit
from farmlink.confirmations import commands as answers
from farmlink.confirmations import queries as questions
from farmlink.confirmations.values import Answer, DeclineReason, Reply, RequestState, RequestView
from farmlink.cycles import queries as cycles
from farmlink.kernel.locale import marked, render
from farmlink.notify import queries as notify
from farmlink.notify.rules import TEXTS
from farmlink.notify.values import Kind
from farmlink.people import commands, work
from farmlink.people.values import Carrier
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply

PHONE = "farmlink_phone"
"""Which device answered by a link: the link is its own from then on."""
REASONS = {
    DeclineReason.WEATHER: marked("Weather"),
    DeclineReason.PEST: marked("Pests"),
    DeclineReason.UNRIPE: marked("Not ripe"),
    DeclineReason.SOLD: marked("Sold elsewhere"),
    DeclineReason.LABOUR: marked("No hands to pick it"),
    DeclineReason.OTHER: marked("Something else"),
}
STATES = {
    RequestState.ACCEPTED: marked("You said yes to all of it."),
    RequestState.REDUCED: marked("You said yes to a part."),
    RequestState.DECLINED: marked("You said no."),
    RequestState.LAPSED: marked("The time to answer is over."),
    RequestState.SUPERSEDED: marked("The plan has changed, and this is no longer asked."),
}
YEAR_S = 365 * 24 * 3600
Asked = Request[Any, Any, Any]


class PasswordForm(msgspec.Struct, frozen=True):
    """A new password."""

    password: Annotated[str, msgspec.Meta(max_length=200)] = ""
    csrf: str = ""


class AnswerForm(msgspec.Struct, frozen=True):
    """Yes, a part or no; `amount` in kilograms or pieces, only with a part."""

    reply: Reply
    key: UUID
    amount: Annotated[str, msgspec.Meta(max_length=12, pattern="^[0-9]*$")] = ""
    reason: DeclineReason = DeclineReason.OTHER
    csrf: str = ""

    def once(self) -> UUID:
        """One key per form and what is said in it, so that an answer put right after a refusal is a new one."""
        return uuid5(self.key, f"{self.reply}|{self.amount}|{self.reason}")

    def value(self, *, grams: bool) -> Answer:
        """The answer in base units."""
        if self.reply is not Reply.REDUCED:
            return Answer(self.reply, reason=None if self.reply is Reply.ACCEPTED else self.reason)
        return Answer(self.reply, int(self.amount or 0) * (1000 if grams else 1), self.reason)


class LetterPages(Controller):
    """An account, a new password, a farmer's answer."""

    opt = {OPT: anyone}  # noqa: RUF012  # Litestar's own attribute
    include_in_schema = False

    @get("/registrations/{token:str}", sync_to_thread=False)
    def account(self, request: Asked, language: Language, token: FromPath[str]) -> Template:
        """Ask whether the account shall be opened."""
        return _page("account.html", request, language, token=token)

    @post("/registrations/{token:str}", opt={OPT_ACCEPTS: FORM}, sync_to_thread=True)
    def open_account(self, request: Asked, store: ActingStore, token: FromPath[str]) -> Response[Any]:
        """Open the account, signed in, whatever the browser carried before."""
        carried = carried_token(request)
        person_id = store.run(commands.confirm_registration, token)
        entered = store.run(commands.sign_in_as, person_id, Carrier.COOKIE, carried[0] if carried else None)
        response: Response[Any] = Redirect("/sign-in", status_code=303)
        keep_session(response, request, entered)
        return response

    @get("/password-resets/{token:str}", sync_to_thread=False)
    def password(self, request: Asked, language: Language, token: FromPath[str]) -> Template:
        """Ask for the new password."""
        return _page("password.html", request, language, token=token)

    @post("/password-resets/{token:str}", opt={OPT_ACCEPTS: FORM}, sync_to_thread=True)
    def set_password(
        self, store: ActingStore, token: FromPath[str], data: URLEncodedBody[PasswordForm]
    ) -> Response[Any]:
        """Set it, and lead to where it is used."""
        work.reset_password(store, token, data.password)
        return Redirect("/sign-in", status_code=303)

    @get("/answers/{token:str}", sync_to_thread=True)
    def question(self, request: Asked, store: ActingStore, language: Language, token: FromPath[str]) -> Template:
        """Show what a farm is asked, or what became of it."""
        asked = store.read(questions.request_by_link, token)
        said, grams = store.read(_said, asked, language), store.read(_in_grams, asked)
        return _page("answer.html", request, language, token=token, key=uuid4(), grams=grams, reasons=REASONS, **said)

    @post("/answers/{token:str}", opt={OPT_ACCEPTS: FORM}, sync_to_thread=True)
    def answer(
        self, request: Asked, store: ActingStore, token: FromPath[str], data: URLEncodedBody[AnswerForm]
    ) -> Response[Any]:
        """Take the answer; the first device that gives one keeps the link."""
        grams = store.read(_in_grams, store.read(questions.request_by_link, token))
        phone = request.cookies.get(cookie_name(PHONE, secure=is_secure(request))) or str(data.key)
        store.once(data.once(), answers.answer_by_link, token, phone, data.value(grams=grams))
        response: Response[Any] = Redirect(f"/answers/{token}", status_code=303)
        keep(response, request, PHONE, phone, YEAR_S)
        return response


def _page(name: str, request: Asked, language: str, **context: object) -> Template:
    return Template(name, context=context | {"language": language, "t": texts(language), "csrf": csrf_word(request)})


def _said(tx: Transaction, asked: RequestView, language: str) -> dict[str, Any]:
    """What the page says about a question: the words of its message, and whether it still takes an answer."""
    zone = cycles.cycle(tx, asked.cycle_id).time_zone
    facts = notify.asked_facts(tx, asked, language)
    said = TEXTS[Kind.ANSWERED_FOR][1] if asked.on_behalf else STATES.get(RequestState(asked.state))
    title, question, state = (render(text, language, facts, zone) for text in (*TEXTS[Kind.QUESTION][:2], said or ""))
    takes = asked.state == RequestState.OPEN or (asked.on_behalf and tx.now <= asked.due_at)
    return {"title": title, "question": question, "state": state, "takes_answer": takes}


def _in_grams(tx: Transaction, asked: RequestView) -> bool:
    product_id = supply.lot(tx, asked.lot_id).product_id
    return catalogue.product_card(tx, product_id).base_unit is BaseUnit.GRAM
