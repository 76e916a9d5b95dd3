"""What every provider does for us. Whatever else goes wrong than a refusal for good is asked for again later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from farmlink.payments.values import Back, Method, Moved, Opened, Standing, Step


class RefusedForGoodError(Exception):
    """The provider answered, and no further attempt can change its answer."""


class StuckError(Exception):
    """The provider keeps what was given back until we say there, by hand, where it is to go."""


class UnheardError(Exception):
    """A call that does not carry the provider's own signature."""


class Provider(Protocol):
    """One provider; a step's id is the key under which each of these has one effect, however often it is asked for."""

    @property
    def method(self) -> Method:
        """The method that it stands for; what it can do is said there."""
        ...

    @property
    def thanks(self) -> str:
        """What it wants to hear when its call was understood."""
        ...

    @property
    def hold_days(self) -> int | None:
        """For how many days it holds with our account there; none where nothing is held."""
        ...

    @property
    def books_days(self) -> int:
        """For how many days back it shows its books."""
        ...

    def open(self, step: Step) -> Opened:
        """Open an intent for what the payment asks, which the payer then authorises at the provider."""
        ...

    def look(self, step: Step) -> Standing:
        """How the intent stands now."""
        ...

    def capture(self, step: Step) -> None:
        """Take so much of what is held, and let go of the rest."""
        ...

    def call_off(self, step: Step) -> Standing:
        """See to it that nothing is held or can be paid any more; what was paid before that is told, and stays."""
        ...

    def give_back(self, step: Step) -> None:
        """Give so much of what was taken back to the payer."""
        ...

    def became_of(self, step: Step) -> Back:
        """Where the money is that was given back, for it may not reach the payer."""
        ...

    def moved(self, day: date) -> Sequence[Moved]:
        """What it took and gave back on a day of `BOOKS_ZONE`, by its own books."""
        ...

    def holding(self, since: date) -> Mapping[str, int]:
        """What it holds, by its own books, for the intents that were opened since; none where nothing is held."""
        ...

    def heard(self, headers: Mapping[str, str], body: bytes) -> UUID | None:
        """Of which payment a call speaks, by its raw body and the provider's signature; none of ours, it may be."""
        ...


def named(text: object) -> UUID | None:
    """A payment's id as we gave it to a provider; theirs may know others than ours."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
