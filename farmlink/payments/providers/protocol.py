"""What every provider does for us. Whatever else goes wrong than a refusal for good is asked for again later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from farmlink.payments.values import Method, Opened, Standing, Step


class RefusedForGoodError(Exception):
    """The provider answered, and no further attempt can change its answer."""


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

    def heard(self, headers: Mapping[str, str], body: bytes) -> UUID | None:
        """Of which payment a call speaks, by its raw body and the provider's signature; none of ours, it may be."""
        ...


def named(text: object) -> UUID | None:
    """A payment's id as we gave it to a provider; theirs may know others than ours."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
