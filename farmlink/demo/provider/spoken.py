"""What comes in and goes out: requests, answers and calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

JSON = "application/json"


@dataclass(frozen=True)
class Asked:
    """One request, as it came over the wire; `target` is the path with its query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: str

    @property
    def path(self) -> str:
        """The path alone."""
        return self.target.partition("?")[0]


@dataclass(frozen=True)
class Answer:
    """What is answered."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    packed: bytes | None = None
    """A file, in place of a text."""

    @classmethod
    def of(cls, status: int, said: object) -> Answer:
        """An answer in JSON."""
        return cls(status, json.dumps(said))


@dataclass(frozen=True)
class Call:
    """What the provider tells the merchant by itself."""

    address: str
    headers: Mapping[str, str]
    body: str
