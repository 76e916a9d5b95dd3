"""Whose points these are, and which of their cycles is meant: others' points do not exist for a leader."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, Stage
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.queries.leading import led, points_owned_by
from farmlink.network.values import PointCard
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction

LOOKED_BACK: Final = timedelta(days=28)
"""So long after its hand-out a cycle is still there to be paid and to have crates returned."""
ON_SALE: Final = frozenset({Stage.OPEN})
ENDED: Final = frozenset({Stage.DONE})


@dataclass(frozen=True, slots=True)
class AtPoint:
    """A point, the cycles that hand out there, and the one that a page is about."""

    point: PointCard
    cycles: Sequence[Cycle]
    cycle: Cycle | None
    zone: str
    currency: str


def at_point(
    tx: Transaction,
    principal: Principal,
    point_id: UUID,
    cycle_id: UUID | None = None,
    *,
    wanted: Collection[Stage] = (),
) -> AtPoint:
    """A point with its cycles: the one that is asked for, else the first in one of the wanted stages, else the next."""
    return of_point(tx, led(tx, principal, point_id), cycle_id, wanted=wanted)


def of_point(
    tx: Transaction, point: PointCard, cycle_id: UUID | None = None, *, wanted: Collection[Stage] = ()
) -> AtPoint:
    """The cycles of a point, whoever asks."""
    region = network.region(tx, point.region_id)
    found = cycles.handing_out_at(tx, point.id, (tx.now - LOOKED_BACK).date())
    chosen = next((one for one in found if one.id == cycle_id), None)
    if cycle_id is not None and chosen is None:
        raise MissingError(noun="order cycle", id=cycle_id)
    chosen = chosen or next((one for one in found if one.stage in wanted), None)
    chosen = chosen or next((one for one in found if one.stage not in ENDED), None) or (found[-1] if found else None)
    zone = chosen.time_zone if chosen else region.time_zone
    return AtPoint(point, found, chosen, zone, region.currency)


def led_points(tx: Transaction, principal: Principal) -> list[PointCard]:
    """All points that somebody leads."""
    return points_owned_by(tx, principal.organisations(Role.LEADER))
