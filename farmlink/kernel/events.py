"""Events: past-tense facts that a room announces and later rooms act on."""

from __future__ import annotations

from typing import ClassVar


class Event:
    """Base of every event; subclasses are frozen dataclasses with a `name` such as `order.placed.v1`."""

    name: ClassVar[str]
    known: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Event.known[cls.name] = cls
