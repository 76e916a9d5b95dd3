"""The season so far: what every farm has offered and sold in the region's confirmed cycles before this one."""

from collections.abc import Iterable

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId
from farmlink.fairness import queries as fairness
from farmlink.fairness.rules import SEASON
from farmlink.fairness.values import Party
from farmlink.network.values import FarmId
from farmlink.planning.values import FarmShare
from farmlink.store.transaction import Transaction

SHARES = """
SELECT f.farm_id, sum(f.offered_minor)::bigint AS offered_minor, sum(f.sold_minor)::bigint AS sold_minor
FROM plan_farm f JOIN published_plan p ON p.plan_id = f.plan_id
WHERE p.cycle_id = ANY(:cycles) GROUP BY f.farm_id
"""


def season_before(tx: Transaction, cycle: Cycle) -> dict[FarmId, FarmShare]:
    """Each farm's sums over half a year before the cycle collects; who offered nothing is not there.

    A cycle counts as soon as its farms have answered, by its plan; once it is finished, as the fairness ledger has it.
    What a farm took back is no offer of it.
    """
    counted = cycles.confirmed_between(tx, cycle.region_id, cycle.collect_on - SEASON, cycle.collect_on)
    planned = planned_shares(tx, set(counted) - fairness.recorded(tx, counted))
    kept = fairness.balances(tx, Party.FARMS, cycle.region_id, cycle.collect_on)
    sums = {farm_id: (share.offered_minor, share.sold_minor) for farm_id, share in planned.items()}
    for farm_id, balance in ((FarmId(party_id), balance) for party_id, balance in kept.items()):
        offered_minor, sold_minor = sums.get(farm_id, (0, 0))
        sums[farm_id] = (offered_minor + balance.wanted_minor, sold_minor + balance.got_minor)
    return {farm_id: FarmShare(farm_id, *both) for farm_id, both in sums.items()}


def planned_shares(tx: Transaction, cycle_ids: Iterable[CycleId]) -> dict[FarmId, FarmShare]:
    """What each farm offers and sells in the published plans of some cycles."""
    rows = tx.execute(SHARES, {"cycles": list(cycle_ids)})
    return {FarmId(row.farm_id): FarmShare(FarmId(row.farm_id), row.offered_minor, row.sold_minor) for row in rows}
