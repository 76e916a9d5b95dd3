"""The stand-in's own books: every intent, what is held and taken of it, and what went back."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import RLock
from typing import Literal

State = Literal["open", "held", "paid", "gone"]


class RefusedError(Exception):
    """What a provider refuses for good, with the code that it gives."""


@dataclass(frozen=True)
class Move:
    """Money that was taken, or went back when below zero, and when; `key` is the refund's own."""

    amount_minor: int
    at: float
    key: str = ""


@dataclass
class Intent:
    """What one payer is asked for; `number` is the merchant's own, `captures` counts how often money was taken."""

    provider: str
    reference: str
    number: str
    amount_minor: int
    currency: str
    webhook: str
    holds: bool
    state: State = "open"
    held_minor: int = 0
    captured_minor: int = 0
    refunds_minor: dict[str, int] = field(default_factory=dict)
    at: float = field(default_factory=time.time)
    asked_by: dict[str, str] = field(default_factory=dict)
    """What the merchant noted on a refund, by its key."""
    bounced: list[str] = field(default_factory=list)
    """Refunds that the payer's bank did not take, and that are the merchant's again."""
    stuck: list[str] = field(default_factory=list)
    """Refunds that the payer's bank did not take, and that wait at the provider for the merchant's word."""
    moves: list[Move] = field(default_factory=list)
    until: str = ""
    """How long the payer may take, as the merchant wrote it."""
    captures: int = 0

    @property
    def refunded_minor(self) -> int:
        """What went back of what was taken."""
        return sum(minor for key, minor in self.refunds_minor.items() if key not in self.bounced)

    def pay(self) -> None:
        """The payer authorises: a provider that holds holds, any other takes."""
        if self.state != "open":
            raise RefusedError("already_closed")
        if self.holds:
            self.state, self.held_minor = "held", self.amount_minor
        else:
            self._take(self.amount_minor)

    def capture(self, amount_minor: int) -> None:
        """Take a part of what is held and let go of the rest."""
        if self.state != "held":
            raise RefusedError("payment_intent_unexpected_state")
        if not 0 < amount_minor <= self.held_minor:
            raise RefusedError("amount_too_large")
        self._take(amount_minor)

    def close(self) -> None:
        """Nothing is held and nothing can be paid any more."""
        if self.state == "paid":
            raise RefusedError("ORDERPAID")
        if self.state == "gone":
            raise RefusedError("payment_intent_unexpected_state" if self.holds else "ORDER_CLOSED")
        self.state, self.held_minor = "gone", 0

    def refund(self, key: str, amount_minor: int) -> None:
        """Give a part back, once under each key."""
        if self.state != "paid":
            raise RefusedError("NOT_PAID")
        if self.refunds_minor.get(key, amount_minor) != amount_minor:
            raise RefusedError("KEY_REUSED")
        if key not in self.refunds_minor and not 0 < amount_minor <= self.captured_minor - self.refunded_minor:
            raise RefusedError("NOT_ENOUGH")
        if key not in self.refunds_minor:
            self.refunds_minor[key] = amount_minor
            self._moved(-amount_minor, key)

    def bounce(self) -> None:
        """The payer's bank sends every refund back; WeChat Pay keeps it until it is told what becomes of it."""
        self.stuck += [key for key in self.refunds_minor if key not in (*self.bounced, *self.stuck)]
        if self.provider != "wechat":
            self.recall()

    def reach(self) -> None:
        """What stuck reaches the payer in another way."""
        self.stuck.clear()

    def recall(self) -> None:
        """What stuck is the merchant's again."""
        for key in self.stuck:
            self.bounced.append(key)
            self._moved(self.refunds_minor[key], key)
        self.stuck.clear()

    def _moved(self, amount_minor: int, key: str = "") -> None:
        self.moves.append(Move(amount_minor, time.time(), key))

    def _take(self, amount_minor: int) -> None:
        self.state, self.held_minor = "paid", 0
        self.captured_minor += amount_minor
        self.captures += 1
        self._moved(amount_minor)


class Books:
    """All intents, by the provider and its reference; written to a file after every change."""

    def __init__(self, file: Path | None = None) -> None:
        self.lock = RLock()
        self.intents: dict[tuple[str, str], Intent] = {}
        self.replies: dict[str, tuple[int, str]] = {}
        """What was answered under each idempotency key."""
        self._file = file

    def open(self, intent: Intent) -> Intent:
        """Open an intent, or find the one that has its reference."""
        known = self.intents.setdefault((intent.provider, intent.reference), intent)
        if (known.amount_minor, known.currency) != (intent.amount_minor, intent.currency):
            raise RefusedError("OUT_TRADE_NO_USED")
        return known

    def find(self, provider: str, reference: str, missing: str) -> Intent:
        """An intent that must exist, else this code is answered."""
        if (provider, reference) not in self.intents:
            raise RefusedError(missing)
        return self.intents[provider, reference]

    def by_reference(self, reference: str) -> Intent:
        """An intent of whatever provider, as a payer knows it."""
        for intent in self.intents.values():
            if intent.reference == reference:
                return intent
        raise RefusedError("unknown")

    def moved(self, provider: str, since: float, until: float) -> list[tuple[Intent, Move]]:
        """What a provider took and gave back in that time, the newest first."""
        found = [
            (intent, move)
            for intent in self.intents.values()
            for move in intent.moves
            if intent.provider == provider and since <= move.at < until
        ]
        return sorted(found, key=lambda one: one[1].at, reverse=True)

    def told(self) -> list[dict[str, object]]:
        """The books as anybody may read them."""
        with self.lock:
            return [asdict(intent) | {"refunded_minor": intent.refunded_minor} for intent in self.intents.values()]

    def write(self) -> None:
        """Keep the books in their file."""
        if self._file is not None:
            part = self._file.with_suffix(".part")
            part.write_text(json.dumps(self.told(), indent=1))
            part.replace(self._file)
