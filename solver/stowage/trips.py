"""Rounds as trips: of a plan before, and of a draft with what each call takes on."""

from __future__ import annotations

from collections.abc import Sequence

from solver.draft import Draft
from solver.instance import Instance
from solver.routing.known import Call, Known, KnownTrip
from solver.solution import Phase
from solver.stowage.rounds import Round, Stowed


def rounds_of(known: Known) -> list[Round]:
    """The collection of known trips, hub by hub."""
    return [
        Round(trip.vehicle, tuple(call.owner for call in trip.calls))
        for (phase, _), trips in sorted(known.items())
        if phase == Phase.COLLECTION
        for trip in trips
    ]


def loaded(instance: Instance, draft: Draft, rounds: Sequence[Round], stowed: Stowed) -> Known:
    """The rounds with what each call takes on of the draft; calls that take nothing are not made."""
    problem = instance.problem
    waiting = dict(stowed.further)
    goods: dict[tuple[int, int], dict[tuple[int, int], int]] = {}  # of round and farm
    for lot, batch, quantity in zip(draft.lot.tolist(), draft.batch.tolist(), draft.quantity.tolist(), strict=True):
        left, farm = quantity, int(problem.lots.farm[lot])
        for row in [row for of, row in waiting if of == lot]:
            taken = min(left, waiting[lot, row])
            waiting[lot, row] -= taken
            left -= taken
            if taken:
                goods.setdefault((row, farm), {})[lot, batch] = taken
        if left:
            goods.setdefault((int(stowed.own[lot]), farm), {})[lot, batch] = left
    known = Known()
    for row, one in enumerate(rounds):
        calls = tuple(Call(farm, goods[row, farm]) for farm in one.farms if (row, farm) in goods)
        if calls:
            hub = int(problem.vehicles.hub[one.vehicle])
            known.setdefault((Phase.COLLECTION, hub), []).append(KnownTrip(one.vehicle, calls))
    return known
