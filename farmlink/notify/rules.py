"""What messages say, in the reader's language, and when a failed one is tried again: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from farmlink.catalogue.rules import amount
from farmlink.catalogue.values import BaseUnit
from farmlink.kernel.locale import marked, render
from farmlink.notify.values import Kind, Letters, State
from farmlink.people.values import Principal, Role
from farmlink.policy.rules.reasons import SENTENCES
from farmlink.policy.values.reasons import CutReason

ARROWS: Final = {
    State.WAITING.value: frozenset({state.value for state in State} - {State.WAITING.value}),
    **{state.value: frozenset[str]() for state in State if state is not State.WAITING},
}
MOST_ATTEMPTS: Final = 48
"""With the longest wait between them they span a day and a half: a mail server's bad weekend night."""
LONGEST_WAIT_S: Final = 3600

LETTERS_OF: Final[Mapping[Kind, Letters]] = {
    Kind.ORDER: Letters.ORDERS,
    Kind.ORDER_STANDS: Letters.PRICES,
    Kind.CUT_OFF_MOVED: Letters.PRICES,
    Kind.STANDING: Letters.STANDING_ORDERS,
    Kind.CREDITED: Letters.MONEY_BACK,
    Kind.REFUND_CREDITED: Letters.MONEY_BACK,
    Kind.STANDBY: Letters.FARM,
    Kind.QUESTION_WITHDRAWN: Letters.FARM,
    Kind.ANSWER_SOON: Letters.REMINDERS,
    Kind.TOO_FEW: Letters.CYCLES,
    Kind.HARVEST_FAILED: Letters.CYCLES,
    Kind.PLAN_DEGRADED: Letters.CYCLES,
    Kind.NOTHING_SERVED: Letters.CYCLES,
    Kind.BOOKS_DIFFER: Letters.PLATFORM,
    Kind.JOBS_FAILING: Letters.PLATFORM,
}
"""What may be done without. Nothing that takes an order or money away, binds a farm or opens an account is here."""
CONCERN: Final[Mapping[Letters, Role]] = {
    Letters.FARM: Role.FARMER,
    Letters.REMINDERS: Role.FARMER,
    Letters.CYCLES: Role.PLANNER,
    Letters.PLATFORM: Role.ADMIN,
}
"""Whom letters concern; the others concern everybody, for everybody may order."""
ENDED_BY: Final = timedelta(days=366)
"""So long the way out at a letter's foot leads somewhere."""
FOOT: Final = marked("You can do without letters of this kind: {link}")

Text = tuple[str, ...]
"""The subject, then the paragraphs."""

TEXTS: Final[Mapping[Kind, Text]] = {
    Kind.REGISTRATION: (
        marked("Your account at farmlink"),
        marked("Somebody, probably you, asked for an account with this address. Open it here within {hours} hours:"),
        "{link}",
        marked("If it was not you, do nothing: without this link there will be no account."),
    ),
    Kind.KNOWN_ADDRESS: (
        marked("You have an account at farmlink already"),
        marked(
            "Somebody, probably you, asked for an account with this address, which has one already."
            " Sign in here, or ask there for a new password:"
        ),
        "{link}",
    ),
    Kind.PASSWORD_RESET: (
        marked("A new password for farmlink"),
        marked("Somebody, probably you, asked for a new password. Choose it here within {hours} hours:"),
        "{link}",
        marked("If it was not you, do nothing: your password stays as it is."),
    ),
    Kind.SIGN_IN_CODE: (
        marked("Your code for farmlink"),
        marked("Your code is {code}. Type it where you asked for it, within {minutes} minutes of asking."),
        marked("If it was not you, do nothing, and give the code to nobody: without it nobody can sign in."),
    ),
    Kind.INVITATION: (
        marked("You can order at farmlink"),
        marked(
            "Somebody who runs order cycles at farmlink added you, so that you can order there."
            " Choose your password here within {days} days:"
        ),
        "{link}",
        marked("Later, ask for a new password at {sign_in}. If you do not want to order, do nothing."),
    ),
    Kind.LINES_DROPPED: (
        marked("Part of your order will not come"),
        marked("This was left out of your order:"),
        marked("This is what stands:"),
        "{confirmation}",
    ),
    Kind.SHORTAGE: (
        marked("Your order for {day}: not all of it will come"),
        marked("The farms have answered. This will be missing from your order for {day}:"),
        "{lines}",
        marked("You pay only for what you get."),
    ),
    Kind.QUESTION: (
        marked("{product} for {day}: please answer by {due_at}"),
        marked("Can {farm} send {quantity} of {product} ({grade}) on {day}?"),
        marked("{floor} of it is what you promised already."),
        marked("Please say yes, a part or no here by {due_at}:"),
        "{link}",
    ),
    Kind.ANSWERED_FOR: (
        marked("{product} for {day}: the planner answered for you"),
        marked("The planner answered for {farm}: it sends {promised} of {quantity} of {product} on {day}."),
        marked(
            "If that is not what you said, answer yourself here by {due_at};"
            " your own answer counts as far as the plan still asks:"
        ),
        "{link}",
        marked("After that, call the planner."),
    ),
    Kind.QUESTION_WITHDRAWN: (
        marked("{product} for {day}: no answer needed any more"),
        marked("The plan has changed. {farm} is no longer asked for {quantity} of {product} on {day}."),
        marked("If a newer question has come, answer that one."),
    ),
    Kind.STANDBY: (
        marked("{product} for {day}: you are on standby"),
        marked(
            "You are on standby for {quantity} of {product} on {day}; we ask only if others cannot send theirs."
            " You need not answer."
        ),
    ),
    Kind.HARVEST_FAILED: (
        marked("Failed harvest: {product} of {farm}"),
        marked("{farm} reports that its {quantity} of {product} will not come."),
        marked("Every cycle that counted on it is planned again."),
    ),
    Kind.PLAN_DEGRADED: (
        marked("An unfinished plan for {day}"),
        marked("The planner's program did not finish for {hub}, {day}. The best plan that there is will be used."),
        marked("Look it over, and plan again if you can wait."),
    ),
    Kind.NOTHING_SERVED: (
        marked("{hub}, {day}: nothing can be served"),
        marked("No farm has a question open any more, and nothing of what was ordered at {hub} for {day} will come:"),
        "{reasons}",
        marked("Everybody who ordered is told. If you can find goods or trucks, plan the cycle again."),
        marked(
            "If not, it ends by itself after the day of collection: nobody is charged, and all that is held goes back."
        ),
    ),
}
NOTHING_COMES: Final[Text] = (
    marked("Your order for {day} cannot be served"),
    marked("The farms have answered. Nothing of your order for {day} will come:"),
    "{lines}",
    marked("Nothing is charged."),
)
COMES_AFTER_ALL: Final[Text] = (
    marked("Your order for {day} comes in full after all"),
    marked("What would have been missing was found: everything that you ordered for {day} comes."),
)
SHORT_LINE: Final = marked("{name}: at most {foreseen} of {ordered} will come, so {missing} will be missing. {why}")
NO_LINE: Final = marked("{name}: none of {ordered} will come. {why}")
PROMISED: Final = marked("{floor} of it is what you promised already.")
SILENT_YES: Final = marked("If you do not answer, it counts as yes, as your farm chose.")
SILENT_NO: Final = marked("If you do not answer, it counts as no.")
COUNTED_YES: Final[Text] = (
    marked("{product} for {day}: counted as yes"),
    marked("No answer came by {due_at}. As your farm chose, that counts as yes: {farm} sends {quantity} of {product}."),
)
COUNTED_NO: Final[Text] = (
    marked("{product} for {day}: counted as no"),
    marked("No answer came by {due_at}, so {quantity} of {product} are planned without {farm}."),
    marked("Call the planner if you can still send it."),
)
APPROVED: Final[Text] = (
    marked("Welcome: {organisation} is approved"),
    marked("Your application for {organisation} is approved. Sign in here to begin:"),
    "{link}",
)
DECLINED: Final[Text] = (
    marked("Your application for {organisation}"),
    marked("Your application for {organisation} was not approved: {why}"),
)


def write(text: Text, language: str, facts: Mapping[str, object], zone: str = "UTC") -> tuple[str, str]:
    """Write subject and body; whatever the facts hold, the subject is one line."""
    subject, *paragraphs = (render(part, language, facts, zone) for part in text)
    return " ".join(subject.split()), "\n\n".join(paragraphs) + "\n"


def offered(principal: Principal) -> tuple[Letters, ...]:
    """The groups of letters that somebody may get, and may do without."""
    platform = principal.serves_platform(Role.ADMIN)
    return tuple(
        letters
        for letters in Letters
        if letters not in CONCERN or (platform if letters is Letters.PLATFORM else principal.has(CONCERN[letters]))
    )


def foot(body: str, language: str, link: str) -> str:
    """The body of a letter that may be done without, with the way out below it."""
    return f"{body}\n{render(FOOT, language, {'link': link})}\n"


def question(*, promised: bool, silent_yes: bool) -> Text:
    """What a farm is asked, and what its silence would mean; what it promised before is named only if there is any."""
    asked = tuple(part for part in TEXTS[Kind.QUESTION] if promised or part != PROMISED)
    return (*asked, SILENT_YES if silent_yes else SILENT_NO)


def shortage(*, comes: bool, short: bool) -> Text:
    """What a consumer is told of an order of which something comes or not, and something is short or not."""
    if not short:
        return COMES_AFTER_ALL
    return TEXTS[Kind.SHORTAGE] if comes else NOTHING_COMES


def short_line(name: str, ordered: int, foreseen: int, reason: str, unit: BaseUnit, language: str) -> str:
    """What comes of a line at most, what is missing, and why."""
    written = {"ordered": ordered, "foreseen": foreseen, "missing": ordered - foreseen}
    facts = {word: amount(quantity, unit, language) for word, quantity in written.items()}
    why = render(why_short(reason), language)
    return render(SHORT_LINE if foreseen else NO_LINE, language, {"name": name, "why": why} | facts)


def why_short(reason: str) -> str:
    """The sentence for a reason's code."""
    return SENTENCES[CutReason(reason)]


def named(names: Mapping[str, str], language: str) -> str:
    """A product's name as the reader's language has it, else in English."""
    return names.get(language, names["en"])


def wait_after(attempts: int) -> timedelta | None:
    """How long a message waits after so many failures; nothing when it is given up."""
    return None if attempts >= MOST_ATTEMPTS else timedelta(seconds=min(LONGEST_WAIT_S, 2**attempts))
