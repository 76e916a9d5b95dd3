"""The season so far: what every farm has offered and sold in the region's confirmed cycles before this one."""

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle
from farmlink.network.values import FarmId
from farmlink.planning import rules
from farmlink.planning.values import FarmShare
from farmlink.store.transaction import Transaction

SHARES = """
SELECT f.farm_id, sum(f.offered_minor)::bigint AS offered_minor, sum(f.sold_minor)::bigint AS sold_minor
FROM plan_farm f JOIN published_plan p ON p.plan_id = f.plan_id
WHERE p.cycle_id = ANY(:cycles) GROUP BY f.farm_id
"""


def season_before(tx: Transaction, cycle: Cycle) -> dict[FarmId, FarmShare]:
    """Each farm's sums over half a year before the cycle collects; who offered nothing is not there.

    A cycle counts as soon as its farms have answered; what one of them took back is no offer of it.
    """
    counted = cycles.confirmed_between(tx, cycle.region_id, cycle.collect_on - rules.SEASON, cycle.collect_on)
    rows = tx.execute(SHARES, {"cycles": counted})
    return {FarmId(row.farm_id): FarmShare(FarmId(row.farm_id), row.offered_minor, row.sold_minor) for row in rows}
