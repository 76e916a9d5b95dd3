"""What planners hold to, in the solver's columns; what has lost its sense, or fits nobody's promises, is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np

from farmlink.cycles.values import CycleId
from farmlink.planning.queries.holds import holds
from farmlink.planning.queries.plans import allocated_lots
from farmlink.planning.values import HeldTo, HoldKind, HoldView
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from solver.cost import by_row, lot_most
from solver.instance import Instance
from solver.problem import MOST_HELD, Holds, Ints, Pins, Problem
from solver.solution import Phase

KEPT: Final = "kept"
GONE: Final = "gone"
"""The farm offers its lots no longer, the place is nobody's, or the truck is not there."""
PROMISED: Final = "promised-otherwise"
SMALLER: Final = "lot-smaller"
TOO_MUCH: Final = "too-much"
"""With what else is held or promised it is more than is ordered."""
TOO_MANY: Final = "too-many"
"""So many trucks of a hub as are held to already are all that a search can mind."""
PHASES: Final = {"collection": Phase.COLLECTION, "delivery": Phase.DELIVERY}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A hold, and for a farm what each of its lots sent in the version that it is held to."""

    hold: HoldView
    sent: Mapping[UUID, int]


def wanted(tx: Transaction, cycle_id: CycleId) -> list[Wanted]:
    """What planners hold to in a cycle, with the quantities of the versions it was taken from."""
    found = holds(tx, cycle_id)
    farms = [hold for hold in found if hold.kind is HoldKind.FARM]
    taken = {plan: allocated_lots(tx, plan) for plan in {hold.plan_id for hold in farms}}
    lots = supply.lots_by_id(tx, sorted({one.lot_id for rows in taken.values() for one in rows}))

    def sent(hold: HoldView) -> dict[UUID, int]:
        rows = taken[hold.plan_id] if hold.kind is HoldKind.FARM else ()
        return {one.lot_id: one.quantity for one in rows if lots[one.lot_id].farm_id == hold.place_id}

    return [Wanted(hold, sent(hold)) for hold in found]


def held_to(problem: Problem, asked: Sequence[Wanted]) -> tuple[Problem, list[HeldTo]]:
    """The problem that keeps what is held to, one after the other as far as they fit, and what became of each."""
    said = []
    for one in asked:
        problem, code = _farm(problem, one) if one.hold.kind is HoldKind.FARM else _stop(problem, one.hold)
        hold = one.hold
        said.append(HeldTo(hold.kind, hold.phase, hold.place_id, hold.vehicle_id, code))
    return problem, said


def _farm(problem: Problem, one: Wanted) -> tuple[Problem, str]:
    """A farm's lots between the limits of what they sent, all of them or none."""
    lots, ground = problem.lots, Instance(problem)
    sent = {str(lot): quantity for lot, quantity in one.sent.items()}
    mine = np.flatnonzero(problem.farms.id[lots.farm] == str(one.hold.place_id))
    if not set(sent) <= set(lots.id[mine].tolist()):
        return problem, GONE
    exactly = np.array([sent.get(str(key), 0) for key in lots.id[mine]], dtype=np.int64)
    if (exactly > lot_most(problem)[mine]).any():
        return problem, SMALLER
    if ((exactly < ground.at_least[mine]) | (exactly > ground.at_most[mine])).any():
        return problem, PROMISED
    pinned = replace(problem, pins=_pins(problem.pins, mine, exactly))
    return (pinned, KEPT) if _fits(pinned) else (problem, TOO_MUCH)


def _stop(problem: Problem, hold: HoldView) -> tuple[Problem, str]:
    """A farm or a point with its truck, wherever both are still there."""
    phase = PHASES[hold.phase]
    table = problem.farms if phase is Phase.COLLECTION else problem.points
    at = np.flatnonzero(table.id == str(hold.place_id))
    truck = np.flatnonzero(problem.vehicles.id == str(hold.vehicle_id))
    if not len(at) or not len(truck):
        return problem, GONE
    held, row = problem.holds, (int(phase), int(at[0]), int(truck[0]))
    columns = zip((held.phase, held.calls_at, held.vehicle), row, strict=True)
    longer = replace(problem, holds=Holds(*(np.append(column, number) for column, number in columns)))
    hubs = problem.vehicles.hub[np.unique(longer.holds.vehicle)]
    return (problem, TOO_MANY) if np.bincount(hubs).max() > MOST_HELD else (longer, KEPT)


def _pins(pins: Pins, lots: Ints, exactly: Ints) -> Pins:
    others = ~np.isin(pins.lot, lots)
    lot = np.concatenate([pins.lot[others], lots])
    order = np.argsort(lot, kind="stable")
    return Pins(
        lot[order],
        np.concatenate([pins.at_least[others], exactly])[order],
        np.concatenate([pins.at_most[others], exactly])[order],
    )


def _fits(problem: Problem) -> bool:
    """Tell whether what must be sent of a product up to each grade is no more than is ordered up to that grade."""
    lots, batches, products = problem.lots, problem.batches, len(problem.products.id)
    least = Instance(problem).at_least
    for grade in np.unique(lots.grade).tolist():
        low, asked = lots.grade <= grade, batches.grade <= grade
        must = by_row(lots.product[low], least[low], products)
        if (must > by_row(batches.product[asked], batches.quantity[asked], products)).any():
            return False
    return True
