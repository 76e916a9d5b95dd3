"""What a planner asks: what if it were otherwise."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import RegionId
from farmlink.planning import rules
from farmlink.planning.queries.runs import unanswered
from farmlink.planning.tables import WhatIf
from farmlink.planning.values import Assumptions, RunId
from farmlink.store import locks
from farmlink.store.transaction import Transaction


def suppose(tx: Transaction, cycle_id: CycleId, assumptions: Assumptions) -> RunId:
    """Ask for a plan of other inputs, which never holds; the next tick starts the run of this id.

    Two questions are two runs, however alike they are.
    """
    rules.require_supposed(assumptions)
    locks.exclude(tx, cycle_id)
    cycle = cycles.cycle(tx, cycle_id)
    rules.require_plannable(cycle.stage)
    _require_here(tx, cycle.region_id, assumptions)
    rules.require_few(unanswered(tx, cycle_id))
    asked = tx.add(
        WhatIf(
            cycle_id=cycle_id,
            seed=rules.ANY_SEED if assumptions.seed is None else assumptions.seed,
            assumptions=msgspec.to_builtins(assumptions),
            asked_at=tx.execute("SELECT clock_timestamp()").scalar_one(),
        )
    )
    tx.record("planning.suppose", asked.id, cycle_id=cycle_id)
    return RunId(asked.id)


def _require_here(tx: Transaction, region_id: RegionId, assumptions: Assumptions) -> None:
    """Refuse to leave out what the region does not have."""
    hubs = [hub.id for hub in network.hubs_of(tx, region_id)]
    known = (
        ("farm", assumptions.without_farms, [farm.id for farm in network.farms_of(tx, region_id)]),
        ("vehicle", assumptions.without_vehicles, [truck.id for truck in network.vehicles_of(tx, hubs)]),
    )
    for noun, left_out, here in known:
        for key in _strangers(left_out, here):
            raise MissingError(noun=noun, id=key)


def _strangers(named: Iterable[UUID], here: Iterable[UUID]) -> list[UUID]:
    return sorted(set(named).difference(here))
