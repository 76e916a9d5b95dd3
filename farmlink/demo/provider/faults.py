"""What goes wrong on the way, by a seed: replies are lost or late after the deed, calls come twice and out of order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Faults:
    """How likely each fault is, from 0 to 1."""

    seed: int = 0
    lose: float = 0
    """The deed is done, and the connection breaks before the answer."""
    late: float = 0
    """The deed is done, and the answer takes `late_s`."""
    busy: float = 0
    """Nothing is done, and the answer is that the provider is busy."""
    twice: float = 0
    """A call is made twice."""
    shuffle: float = 0
    """Calls that wait are made in another order."""
    forget: float = 0
    """Stripe has forgotten the idempotency keys that came before, as it does after a day."""
    bounce: float = 0
    """A refund of Stripe's fails: the payer's bank does not take it."""
    stick: float = 0
    """A refund of WeChat Pay's sticks there: the payer's card cannot take it, and the merchant has to act."""
    stuck: float = 0
    """WeChat Pay and Alipay refuse to close a payment."""
    unscanned: float = 0
    """Alipay knows a code only once somebody has paid by it, and cannot cancel it before."""
    late_s: float = 1.0
    _dice: random.Random = field(init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311  # a seed makes faults repeatable, and guards no secret

    @classmethod
    def read(cls, written: str, seed: int) -> Faults:
        """Read `lose=0.2,twice=1`."""
        named = {name: number for name, _, number in (part.partition("=") for part in written.split(",") if part)}
        unknown = named.keys() - {one.name for one in fields(cls) if one.init and one.name != "seed"}
        if unknown:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        faults = cls(seed)
        for name, number in named.items():
            setattr(faults, name, _likelihood(name, number))
        return faults

    def strikes(self, likelihood: float) -> bool:
        """Throw the dice for what may happen at all."""
        with self._lock:
            return likelihood > 0 and self._dice.random() < likelihood

    def ordered(self, calls: Sequence[T]) -> list[T]:
        """Calls in the order in which they are made, each once or twice."""
        made = [call for call in calls for _ in range(1 + self.strikes(self.twice))]
        if self.strikes(self.shuffle):
            with self._lock:
                self._dice.shuffle(made)
        return made


def _likelihood(name: str, written: str) -> float:
    """A number from 0 to 1, or so many seconds."""
    try:
        number = float(written)
    except ValueError:
        number = -1.0
    if not 0 <= number <= (60 if name == "late_s" else 1):
        raise ValueError(f"{name}={written}: write a number from 0 to 1, late_s up to 60")
    return number
