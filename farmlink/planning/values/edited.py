"""A plan changed by hand: what was moved, and which rules that breaks."""

from dataclasses import dataclass
from uuid import UUID

from farmlink.planning.values.ids import PlanId


@dataclass(frozen=True, slots=True)
class Move:
    """Take the stop at a trip's position out of it and put it at a position of a trip; all count from 1."""

    trip: int
    position: int
    to_trip: int
    to_position: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a changed plan breaks, and at which trip and place, if at one."""

    rule: str
    trip: int | None
    place_id: UUID | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What makes a version another than the one with the id `base_id`, which was changed."""

    base_id: PlanId
    moves: list[Move]
    broken: list[Broken]
