"""One-time codes: how they are reckoned, typed and refused; and what a sign-in remembers of its browser."""

from __future__ import annotations

import hmac
import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from farmlink.kernel.errors import InvalidError, RefusedError, UnknownPersonError
from farmlink.kernel.locale import marked
from farmlink.people.rules import FAILURES_COUNT_FOR, TooManyFailuresError

CODE_LASTS: Final = timedelta(minutes=10)
CODE_TRIES: Final = 5
CODE_DIGITS: Final = 8
WRONG_PER_NETWORK: Final = 100
"""Wrong codes and passwords over all addresses, in the time for which they count; a market's one address is many."""
BROWSERS: Final = {
    "Edge": "Edg",
    "Opera": "OPR/",
    "Samsung Internet": "SamsungBrowser",
    "WeChat": "MicroMessenger",
    "Firefox": "Firefox|FxiOS",
    "Chrome": "Chrome|CriOS",
    "Safari": "Safari",
}
"""Browsers name those that they are like: whoever names a particular one is that."""
SYSTEMS: Final = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac": "Macintosh",
    "Linux": "Linux|X11",
}


class WrongCodeError(UnknownPersonError):
    """The code is not the one that was sent, or nothing was sent: the answer is the same."""

    code = "wrong-code"
    message = "This is not the code of the newest letter. Look again; after {most} tries a new one is needed."


class CodeSpentError(RefusedError):
    """The code was used, is too old, was tried too often, or was asked for in another browser."""

    code = "code-spent"
    message = "This code is used up, too old, or was asked for in another browser. Ask for a new one here."


def code_of(secret: bytes, code_id: UUID) -> str:
    """The eight digits of one wish to sign in: reckoned from its id whenever they are needed, and kept nowhere."""
    number = int.from_bytes(hmac.digest(secret, b"code:" + code_id.bytes, "sha256"))
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def clean_code(typed: str) -> str:
    """A code as it is compared, in whatever digits and groups it was typed; what cannot be one is no try."""
    kept = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", kept):
        raise InvalidError(field="code", reason=marked("Give the eight digits of the letter."))
    return kept


def same_code(secret: bytes, code_id: UUID, typed: str) -> bool:
    """Tell whether these are the digits that were sent."""
    return hmac.compare_digest(code_of(secret, code_id), typed)


def check_guesses(wrong: Sequence[datetime], now: datetime) -> None:
    """Refuse where enough was wrong lately, whatever the addresses; names moments, the newest first."""
    if len(wrong) >= WRONG_PER_NETWORK:
        free_in_s = max(1, math.ceil((wrong[WRONG_PER_NETWORK - 1] + FAILURES_COUNT_FOR - now).total_seconds()))
        raise TooManyFailuresError(minutes=-(-free_in_s // 60), retry_after_s=free_in_s)


def browser_of(user_agent: str) -> str:
    """Roughly which browser on which system; empty when it is neither that anybody would recognise."""
    named = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(name for name in named if name)


def _first(known: dict[str, str], user_agent: str) -> str:
    return next((name for name, sign in known.items() if re.search(sign, user_agent)), "")
