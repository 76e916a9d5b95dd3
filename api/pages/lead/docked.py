"""What comes in at a dock hand's hubs, cycle by cycle: so many lorries, so many lots, so many of them counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle
from farmlink.dispatch.queries.docks import counted_in, shared_among
from farmlink.dispatch.rules import ON_THE_WAY
from farmlink.network import queries as network
from farmlink.network.values import HubCard, HubState
from farmlink.people.values import Principal, Role
from farmlink.planning.queries.docks import fetched_by, lots_into, published_plans
from farmlink.store.transaction import Transaction

BACK: Final = timedelta(days=21)
AHEAD: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Docked:
    """A cycle that comes in, or one's own hub's; `back_at` is when each lorry is back, the first first."""

    cycle: Cycle
    back_at: Sequence[datetime]
    lots: int
    counted: int
    shared: bool
    own: bool

    @property
    def takes_counts(self) -> bool:
        """Tell whether anything can be counted now."""
        return self.cycle.stage in ON_THE_WAY and not self.shared


@dataclass(frozen=True, slots=True)
class Dock:
    """A dock hand's hubs and what comes in there."""

    hubs: Sequence[HubCard]
    cycles: Sequence[Docked]


def docked(tx: Transaction, principal: Principal) -> Dock:
    """Everything that comes in at somebody's hubs, the soonest first: read for all cycles together."""
    hubs = network.kept_by(tx, principal.organisations(Role.DOCK))
    open_hubs = {hub.id for hub in hubs if hub.state is HubState.OPEN}
    since, until = tx.now.date() - BACK, tx.now.date() + AHEAD
    regions = sorted({hub.region_id for hub in hubs})
    near = [cycle for region_id in regions for cycle in cycles.under_way(tx, region_id, since, until)]
    keys = [cycle.id for cycle in near]
    plans = published_plans(tx, keys)
    lots = lots_into(tx, plans.values(), open_hubs)
    lorries = fetched_by(tx, plans.values(), [one.id for one in network.vehicles_of(tx, open_hubs)])
    counted, shared = counted_in(tx, keys), shared_among(tx, keys)

    def one(cycle: Cycle) -> Docked:
        plan_id, own = plans.get(cycle.id), cycle.hub_id in open_hubs
        coming = list(lots[plan_id].values()) if plan_id in lots else []
        back_at = lorries.get(plan_id, []) if plan_id is not None and coming else []
        done = sum(counted.issuperset(allocations) for allocations in coming)
        return Docked(cycle, back_at, len(coming), done, cycle.id in shared, own)

    found = [docked for docked in map(one, near) if docked.lots or docked.own]
    return Dock(hubs, sorted(found, key=lambda docked: (docked.cycle.collect_on, docked.cycle.id)))
