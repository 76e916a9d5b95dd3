"""Roll-call lists out of a chat: what can be named in them, and what each line was read as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.errors import Fact
from farmlink.network.values import PointId
from farmlink.orders.values.wanted import Order
from farmlink.people.values import PersonId

NeighbourName = NewType("NeighbourName", str)
"""A name as a list has it, in the one spelling by which two of them are the same."""


@dataclass(frozen=True, slots=True)
class OnSale:
    """A pack that a list may name: what its product and the pack are called in every language, and what it holds.

    All packs of one `stock` share what is `left` of it, in base units.
    """

    listing_id: ListingId
    names: tuple[str, ...]
    packs: tuple[str, ...]
    quantity: int
    weighed: bool
    stock: str
    left: int


@dataclass(frozen=True, slots=True)
class RollFault:
    """What is wrong with a line, as a catalogue text that says how to mend it."""

    message: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RollLine:
    """One line of a list as it was read: who, and so many packs of which listings; or what keeps it from being read."""

    text: str
    name: str = ""
    packs: Mapping[ListingId, int] = field(default_factory=dict)
    faults: tuple[RollFault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """What one neighbour wants who does not sign in, at a point, in a cycle."""

    cycle_id: CycleId
    point_id: PointId
    name: str
    packs: tuple[tuple[ListingId, int], ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody without a sign-in who has ordered at a point, and their standing order in a cycle."""

    person_id: PersonId
    name: str
    order: Order | None = None


class Step(StrEnum):
    """What a line of a list makes of an order: it is new, stands as it is, or is changed."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Rolled:
    """What became of one line of a list."""

    step: Step
    order: Order


@dataclass(frozen=True, slots=True)
class Sold:
    """How much was sold at a point, as it was ordered, and what it comes to at posted prices."""

    weight_g: int
    worth_minor: int
