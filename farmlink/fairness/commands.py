"""Writing the fairness ledger, once for a cycle and for ever; and closing a cycle by what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import insert

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.demand import commands as demand
from farmlink.demand.values import Closing
from farmlink.fairness import queries, rules
from farmlink.fairness.tables import COLUMN, FairShare
from farmlink.fairness.values import Party, Share, Tally
from farmlink.kernel.ids import uuid7
from farmlink.orders import queries as orders
from farmlink.people.values import PersonId
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def close(tx: Transaction, cycle_id: CycleId) -> Closing:
    """Close an open cycle now; where whole cases cut somebody, what the ledger owes everybody weighs."""
    exclude(tx, cycle_id)  # who orders a moment before the cut-off is owed as much as anybody
    return demand.close(tx, cycle_id, _owed_ppm(tx, cycle_id))


def close_due(tx: Transaction, cycle_id: CycleId) -> Closing:
    """Close a cycle like that if its cut-off has come by the database's clock."""
    exclude(tx, cycle_id)
    return demand.close_due(tx, cycle_id, _owed_ppm(tx, cycle_id))


def record(tx: Transaction, cycle_id: CycleId, consumers: Iterable[Tally], farms: Iterable[Tally]) -> int:
    """Write what everybody wanted and got in a cycle beside the equal share; twice changes nothing. The new rows."""
    exclude(tx, cycle_id)
    if queries.is_recorded(tx, cycle_id):
        return 0
    found = {Party.CONSUMERS: rules.shares(consumers), Party.FARMS: rules.shares(farms)}
    rows = sum(_write(tx, cycle_id, party, shares) for party, shares in found.items())
    tx.record("fairness.record", cycle_id, **{party.value: len(shares) for party, shares in found.items()})
    return rows


def _owed_ppm(tx: Transaction, cycle_id: CycleId) -> dict[PersonId, int]:
    cycle = cycles.cycle(tx, cycle_id)
    return queries.owed_ppm(tx, cycle.region_id, cycle.collect_on, orders.ordered_in(tx, [cycle_id]))


def _write(tx: Transaction, cycle_id: CycleId, party: Party, shares: Sequence[Share]) -> int:
    cycle = cycles.cycle(tx, cycle_id)
    rows = [
        {
            "id": uuid7(),
            "cycle_id": cycle_id,
            "region_id": cycle.region_id,
            "collect_on": cycle.collect_on,
            COLUMN[party]: share.party_id,
            "wanted_minor": share.wanted_minor,
            "equal_minor": share.equal_minor,
            "got_minor": share.got_minor,
            "recorded_at": tx.now,
        }
        for share in shares
        if share.wanted_minor
    ]
    if rows:
        tx.session.connection().execute(insert(FairShare), rows)
    return len(rows)
