"""Collection, line haul and delivery of a draft, one after the other, and what could not be carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from solver.draft import Draft
from solver.instance import Instance
from solver.problem import Flags, Ints
from solver.routing.errands import PROMISED_MINOR, Task, collection, delivery, line_haul
from solver.routing.fleet import Fleet
from solver.routing.improve import Effort, best_trips
from solver.routing.known import Known
from solver.routing.pieces import pieces, whole
from solver.routing.timing import Timed
from solver.shards import Shards
from solver.solution import Phase


@dataclass(frozen=True, slots=True)
class Driven:
    """A task and the trips that do it."""

    phase: Phase
    task: Task
    trips: tuple[Timed, ...]

    def left_out(self) -> Ints:
        """Visits on no trip."""
        served = [v for trip in self.trips for v in trip.trip.visits]
        return np.setdiff1d(np.arange(len(self.task.errand)), np.array(served, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Transport:
    """All trips of a plan; `lost` is the quantity of each draft row that is not carried to the end, by phase."""

    driven: tuple[Driven, ...]
    lost: tuple[Ints, Ints, Ints]
    late_parcels: Ints
    parcel: Flags  # points by parcel: those of the draft, and those for which no truck trip was worth while

    def lost_in_all(self) -> Ints:
        """Quantity of each draft row that must go."""
        lost: Ints = np.maximum.reduce([*self.lost, self.late_parcels])
        return lost


@dataclass(frozen=True, slots=True)
class Budget:
    """Iterations for each errand, the seed, and trips to begin with."""

    iterations: int
    seed: int
    known: Known = field(default_factory=dict)
    settled: frozenset[Phase] = frozenset()  # whose known trips are only driven again


def transport(instance: Instance, draft: Draft, budget: Budget, shards: Shards) -> Transport:
    """Plan all trips; goods lost in one phase are not planned for in the next."""
    fleet, rhythm = Fleet(instance), instance.problem.rhythm
    rows = len(draft.lot)
    hubs = range(len(instance.problem.hubs.id))
    sources = draft.farm_hub[instance.problem.lots.farm[draft.lot]]
    targets = draft.point_hub[instance.problem.batches.point[draft.batch]]
    known = budget.known
    tasks = [
        collection(instance, draft, fleet, hub, known.get((Phase.COLLECTION, hub), ()))
        for hub in hubs
        if (sources == hub).any()
    ]
    collected = _drive(Phase.COLLECTION, tasks, fleet, budget, shards)
    lost_first = lost_rows(collected, rows)
    at_s = _arrivals(collected, rows)

    alive = _less(draft, lost_first)
    hauled: list[Driven] = []
    for hub, partner in _pairs(instance, alive, sources, targets, known):
        task = line_haul(instance, alive, fleet, hub, partner, at_s, known.get((Phase.LINE_HAUL, hub), ()))
        hauled += _drive(Phase.LINE_HAUL, [task], fleet, budget, shards)
    lost_between = lost_rows(hauled, rows)
    crossed_s = _arrivals(hauled, rows)
    inbound_s = np.where(sources == targets, at_s, crossed_s)

    alive = _less(alive, lost_between)
    by_parcel = alive.parcel[instance.problem.batches.point[alive.batch]]
    too_late = by_parcel & (inbound_s + rhythm.sort_s > rhythm.deliver_until_s)
    delivering = [
        delivery(instance, alive, fleet, hub, inbound_s, known.get((Phase.DELIVERY, hub), ()))
        for hub in hubs
        if (targets == hub).any()
    ]
    delivered = _drive(Phase.DELIVERY, delivering, fleet, budget, shards)
    lost_last, posted = lost_rows(delivered, rows), _posted(instance, delivered, rows)
    lost_last = np.where(posted, sum(part.task.stranded for part in delivered), lost_last)
    parcel = draft.parcel.copy()
    parcel[instance.problem.batches.point[draft.batch[posted]]] = True
    late = np.where(too_late, alive.quantity, 0)
    return Transport((*collected, *hauled, *delivered), (lost_first, lost_between, lost_last), late, parcel)


def _posted(instance: Instance, delivered: Sequence[Driven], rows: int) -> Flags:
    """Draft rows of visits that were left out because a parcel costs less, and can still be sent."""
    posted = np.zeros(rows, dtype=np.bool_)
    for part in delivered:
        task, out = part.task, part.left_out()
        cheaper = (task.parcel_minor < PROMISED_MINOR) & (task.errand.prize_minor == task.parcel_minor)
        in_time = task.errand.ready_s <= instance.problem.rhythm.deliver_until_s
        sent = np.intersect1d(out, np.flatnonzero(cheaper & in_time))
        posted[task.put_down.row[np.isin(task.put_down.visit, sent)]] = True
    return posted


def lost_rows(driven: Sequence[Driven], rows: int) -> Ints:
    """Quantity of each draft row on visits that no trip makes, or that no truck can carry."""
    lost = np.zeros(rows, dtype=np.int64)
    for part in driven:
        out = part.left_out()
        for cargo in (part.task.put_down, part.task.taken_on):
            mine = np.isin(cargo.visit, out)
            np.add.at(lost, cargo.row[mine], cargo.quantity[mine])
        lost += part.task.stranded
    return lost


def _drive(phase: Phase, tasks: list[Task], fleet: Fleet, budget: Budget, shards: Shards) -> list[Driven]:
    iterations = 0 if phase in budget.settled else budget.iterations
    # Trips that are only driven again are not cut: no piece has all the trucks of one.
    cut = [
        (task, piece)
        for task in tasks
        for piece in (pieces(task.errand) if iterations or not task.known else [whole(task.errand)])
    ]
    efforts = [
        Effort(piece.errand, iterations, budget.seed, task.known if len(piece.errand) == len(task.errand) else ())
        for task, piece in cut
    ]
    found: dict[int, list[Timed]] = {task.hub: [] for task in tasks}
    for (task, piece), part in zip(cut, shards.map(best_trips, efforts), strict=True):
        found[task.hub] += piece.whole(part)
    driven = []
    for task in tasks:
        trips = found[task.hub]
        fleet.use(task.errand.trucks, trips)
        driven.append(Driven(phase, task, tuple(trips)))
    return driven


def _arrivals(driven: Sequence[Driven], rows: int) -> Ints:
    """When the last of each draft row is at the hub to which this phase brings it."""
    at_s = np.zeros(rows, dtype=np.int64)
    for part in driven:
        for trip in part.trips:
            for visit, leave_s in zip(trip.trip.visits, trip.leave_s, strict=True):
                for cargo, there_s in ((part.task.put_down, leave_s), (part.task.taken_on, trip.return_s)):
                    mine = cargo.row[cargo.visit == visit]
                    at_s[mine] = np.maximum(at_s[mine], there_s)
    return at_s


def _less(draft: Draft, lost: Ints) -> Draft:
    return Draft(draft.farm_hub, draft.point_hub, draft.parcel, draft.lot, draft.batch, draft.quantity - lost)


def _pairs(instance: Instance, draft: Draft, sources: Ints, targets: Ints, known: Known) -> list[tuple[int, Ints]]:
    """For each hub that sends trucks to others: the other hub of each draft row that they carry, else -1.

    Two hubs' goods for each other go on the trucks of the hub with more to exchange in all, or as they are known to.
    """
    crossing = (sources != targets) & (draft.quantity > 0)
    weight_g = np.where(crossing, draft.quantity * instance.lot_weight_g[draft.lot], 0)
    hubs = len(instance.problem.hubs.id)
    exchanged = np.bincount(sources, weight_g, hubs) + np.bincount(targets, weight_g, hubs)
    exchanged[[len(rows) == 0 for rows in instance.hub_vehicles]] = -1
    leads = np.where(exchanged[sources] >= exchanged[targets], sources, targets)
    leads = np.where(exchanged[sources] == exchanged[targets], np.minimum(sources, targets), leads)
    for (phase, hub), trips in known.items():
        partners = [call.owner for trip in trips for call in trip.calls] if phase == Phase.LINE_HAUL else []
        either = ((sources == hub) & np.isin(targets, partners)) | ((targets == hub) & np.isin(sources, partners))
        leads = np.where(either, hub, leads)
    other = np.where(leads == sources, targets, sources)
    return [
        (hub, np.where(crossing & (leads == hub), other, -1))
        for hub in range(hubs)
        if (crossing & (leads == hub)).any()
    ]
