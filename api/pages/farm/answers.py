"""One question on one screen: behind the link of a message, or for the farmer who is signed in."""

from typing import Annotated, Any, Final
from uuid import UUID, uuid5

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from api.auth import cookie_name, is_secure, keep
from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.errors import status_of
from api.guards import anyone, open_to, role
from api.pages.farm.sent import scripted, taken
from api.pages.farm.told import Told, told
from api.pages.farm.words import REASONS, STANDING_SAID, STATES
from api.pages.forms import Filled, Sent, blank, read, refilled, taken_by
from api.pages.page import Asked, page
from farmlink.confirmations import commands, queries
from farmlink.confirmations.rules import (
    AnsweredOtherwiseError,
    LinkHolderGoneError,
    PartOutOfRangeError,
    QuestionLapsedError,
    QuestionWithdrawnError,
)
from farmlink.confirmations.values import Answer, DeclineReason, Reply, RequestId, RequestState, RequestView
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked, render, render_refusal
from farmlink.notify import queries as notify
from farmlink.notify.rules import TEXTS
from farmlink.notify.values import Kind
from farmlink.people.rules import LinkBrokenError, LinkElsewhereError, LinkExpiredError
from farmlink.people.values import Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

PHONE: Final = "farmlink_phone"
"""Which device answered by a link: the link is its own from then on."""
YEAR_S: Final = 365 * 24 * 3600
OPEN_TO: Final = role(Role.FARMER, Role.PLANNER, Role.ADMIN)
BROKEN: Final = (LinkBrokenError, LinkExpiredError, LinkHolderGoneError)
MOVED_ON: Final = marked("The question had moved on.")
COUNT: Final = marked("Say a number from {least} to {most}.")
STALE: Final = (AnsweredOtherwiseError, QuestionWithdrawnError, QuestionLapsedError, LinkElsewhereError)
"""Nothing is wrong with the answer; the question has moved on, and its page says how it stands."""


class AnswerForm(msgspec.Struct, frozen=True):
    """Yes, a part or no; `amount` in what the farm counts, only with a part; `phone` is a UUID that the phone keeps."""

    reply: Reply
    key: UUID
    amount: Annotated[str, msgspec.Meta(max_length=12, pattern="^[0-9]*$")] = ""
    reason: DeclineReason = DeclineReason.OTHER
    phone: UUID | None = None

    def once(self) -> UUID:
        """One key per form and what is said in it, so that an answer put right after a refusal is a new one."""
        return uuid5(self.key, f"{self.reply}|{self.amount}|{self.reason}")

    def value(self, step: int) -> Answer:
        """The answer in base units."""
        if self.reply is not Reply.REDUCED:
            return Answer(self.reply, reason=None if self.reply is Reply.ACCEPTED else self.reason)
        return Answer(self.reply, int(self.amount or 0) * step, self.reason)


class LinkPages(Controller):
    """The page behind the link of a message: looking does nothing, and no password is asked for."""

    path = "/answers/{token:str}"
    opt = open_to(anyone)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def question(self, request: Asked, store: ActingStore, language: Language, token: FromPath[str]) -> Response[Any]:
        """Show what a farm is asked, or what became of it."""
        try:
            asked = store.read(queries.request_by_link, token)
        except BROKEN as refusal:
            return _broken(request, language, refusal)
        return _shown(request, store, language, f"/answers/{token}", asked)

    @post("", opt=taken_by(anyone), sync_to_thread=True)
    def answer(
        self, request: Asked, store: ActingStore, language: Language, token: FromPath[str], data: Sent
    ) -> Response[Any]:
        """Take the answer; the first device that gives one keeps the link."""
        address = f"/answers/{token}"
        try:
            asked = store.read(queries.request_by_link, token)
        except BROKEN as refusal:
            return _broken(request, language, refusal)
        try:
            form = read(data, AnswerForm)
            carried = request.cookies.get(cookie_name(PHONE, secure=is_secure(request)))
            phone = str(form.phone or carried or form.key)
            given = form.value(store.read(told, asked).goods.step)
            answered = store.once(form.once(), commands.answer_by_link, token, phone, given)
        except RefusedError as refusal:
            return _refused(request, store, language, address, asked, data, refusal)
        response = _taken(request, store, language, address, answered)
        keep(response, request, PHONE, phone, YEAR_S)
        return response


class QuestionPages(Controller):
    """The same screen for a farmer who is signed in."""

    path = "/farm/questions/{request_id:uuid}"
    opt = open_to(OPEN_TO)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def question(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, request_id: FromPath[UUID]
    ) -> Response[Any]:
        """Show one question, or what became of it."""
        asked = store.read(queries.request_for, principal, RequestId(request_id))
        return _shown(request, store, language, f"/farm/questions/{request_id}", asked)

    @post("", opt=taken_by(OPEN_TO), sync_to_thread=True)
    def answer(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        request_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Take the answer."""
        address = f"/farm/questions/{request_id}"
        asked = store.read(queries.request_for, principal, RequestId(request_id))
        try:
            form = read(data, AnswerForm)
            given = form.value(store.read(told, asked).goods.step)
            answered = store.once(form.once(), commands.answer, asked.id, given, principal.person_id)
        except RefusedError as refusal:
            return _refused(request, store, language, address, asked, data, refusal)
        return _taken(request, store, language, address, answered)


def _taken(request: Asked, store: Store, language: str, address: str, answered: RequestView) -> Response[Any]:
    """Lead back to the page; a script that sends what was kept on the phone is told what it needs to show."""
    assert answered.answered_at is not None  # it was just answered
    said, _, _ = STATES[RequestState(answered.state)]
    zone = store.read(told, answered).cycle.time_zone
    return taken(request, language, address, said, answered.answered_at, zone)


def _refused(
    request: Asked,
    store: Store,
    language: str,
    address: str,
    asked: RequestView,
    data: dict[str, Any],
    refusal: RefusedError,
) -> Response[Any]:
    """Say on the page itself why an answer was not taken, and how the question stands."""
    now, status = store.read(queries.request, asked.id), status_of(type(refusal))
    if isinstance(refusal, PartOutOfRangeError):
        one = store.read(told, now)
        refusal = FieldsError([Fault("amount", refusal.code, COUNT, {"least": str(one.least), "most": str(one.most)})])
    if scripted(request) and isinstance(refusal, STALE):
        stands = store.read(_words, store.read(told, now), language)["state"]
        detail = f"{render(MOVED_ON, language)} {stands}".strip()
        return Response({"code": refusal.code, "detail": detail}, status_code=status)
    if scripted(request):
        raise refusal
    if isinstance(refusal, STALE):
        return _shown(request, store, language, address, now, Filled(status=status), late=True)
    return _shown(request, store, language, address, now, refilled(data, refusal, language))


def _broken(request: Asked, language: str, refusal: RefusedError) -> Response[Any]:
    """Say what to do instead with a link that leads nowhere any more."""
    if scripted(request):
        raise refusal
    said = render_refusal(refusal, language)
    return page("farm/broken_link.html", request, status=status_of(type(refusal)), said=said)


def _shown(  # what the screen is made from
    request: Asked,
    store: Store,
    language: str,
    address: str,
    asked: RequestView,
    form: Filled | None = None,
    *,
    late: bool = False,
) -> Response[Any]:
    one = store.read(told, asked)
    words = store.read(_words, one, language)
    form = form or blank()
    return page(
        "farm/question.html",
        request,
        status=form.status,
        one=one,
        form=form,
        address=address,
        late=late,
        reasons=REASONS,
        currency=one.cycle.currency,
        zone=one.cycle.time_zone,
        **words,
    )


def _words(tx: Transaction, one: Told, language: str) -> dict[str, Any]:
    """The words of the question's message, and of how it stands."""
    asked, zone = one.asked, one.cycle.time_zone
    facts = notify.asked_facts(tx, asked, language)
    said, tone, drawn = STATES[RequestState(asked.state)]
    if asked.on_behalf:
        said = TEXTS[Kind.ANSWERED_FOR][1]
    elif asked.standing:
        said = STANDING_SAID
    elif asked.state == RequestState.OPEN and not one.takes_answer:
        said, tone, drawn = STATES[RequestState.LAPSED]
    title, question, state = (render(text, language, facts, zone) for text in (*TEXTS[Kind.QUESTION][:2], said))
    return {"title": title, "question": question, "state": state, "tone": tone, "drawn_icon": drawn}
