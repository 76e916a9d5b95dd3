"""Refusals: what farmlink says no to, with a stable code and the facts a person needs to mend it."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

Fact = str | int | bool | UUID | date | datetime | list[str] | None


class RefusedError(Exception):
    """A request that the rules do not allow as things stand; `message` is the English catalogue entry of `code`."""

    code: ClassVar[str] = "refused"
    message: str = "This cannot be done."
    known: ClassVar[dict[str, type[RefusedError]]] = {}

    def __init__(self, **facts: Fact) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: {self.message.format_map(facts)}")

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            return  # a family such as `MissingError` of a later room that refines only its message
        taken = RefusedError.known.setdefault(cls.code, cls)
        if (taken.__module__, taken.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"refusal code {cls.code!r} belongs to {taken.__qualname__}")
        RefusedError.known[cls.code] = cls


class MissingError(RefusedError):
    """What was asked for does not exist, or not for this person: the answer is the same."""

    code = "missing"
    message = "There is no {noun} with this id."


class UnknownPersonError(RefusedError):
    """Nobody is signed in."""

    code = "sign-in-needed"
    message = "Sign in first."


class ForbiddenError(RefusedError):
    """The person is known and may know that this exists, but has no right to do it."""

    code = "forbidden"
    message = "Your roles do not allow this."


class StaleError(RefusedError):
    """Somebody else changed it in between."""

    code = "stale"
    message = "This was changed by somebody else. Load it again, then repeat your change."


class InvalidError(RefusedError):
    """A value that can never be right; `field` says where, `reason` says why and how to mend it."""

    code = "invalid"
    message = "{field}: {reason}"
