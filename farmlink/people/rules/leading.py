"""Who leads a pick-up point together, and who may leave it."""

from __future__ import annotations

from collections.abc import Collection

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.people.values import PersonId


class LastLeaderError(RefusedError):
    """A point that nobody leads hands nothing out."""

    code = "last-leader"
    message = marked(
        "Nobody else who can sign in leads this point. Share it with somebody and wait until they have signed in, or"
        " ask a planner to take it over."
    )


def require_another(leaders: Collection[PersonId], leaving: PersonId) -> None:
    """Somebody else is left who leads; `leaders` are those who can sign in."""
    if not set(leaders) - {leaving}:
        raise LastLeaderError
