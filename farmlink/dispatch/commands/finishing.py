"""The end of a cycle, and what everybody wanted and got of it."""

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, Stage
from farmlink.dispatch import queries, rules
from farmlink.dispatch.commands.holding import hold_on_the_way
from farmlink.dispatch.values import CycleFinished, ShortReason
from farmlink.fairness import commands as fairness
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction

FINISH = """
UPDATE hand_out SET handed_out = 0, ended_at = :now, end_reason = CASE WHEN due > 0 THEN :reason END
WHERE cycle_id = :cycle AND ended_at IS NULL
"""


def finish(tx: Transaction, cycle_id: CycleId) -> bool:
    """End a cycle: what is still due was not collected. Twice changes nothing."""
    exclude(tx, cycle_id)
    if cycle_queries.cycle(tx, cycle_id).stage is Stage.DONE:
        return False
    hold_on_the_way(tx, cycle_id)
    if not queries.is_shared(tx, cycle_id):
        raise rules.NotSharedError(cycle_id=cycle_id)
    tx.execute(FINISH, {"now": tx.now, "cycle": cycle_id, "reason": ShortReason.NOT_COLLECTED.value})
    tx.session.expire_all()
    cycles.move(tx, cycle_id, Stage.DONE)
    tx.announce(CycleFinished(cycle_id))
    tx.record("dispatch.finish", cycle_id)
    return True


def book_shares(tx: Transaction, event: CycleFinished) -> int:
    """Write into the fairness ledger what consumers and farms wanted and got of a finished cycle; once."""
    consumers = queries.consumer_tallies(tx, event.cycle_id)
    return fairness.record(tx, event.cycle_id, consumers, queries.farm_tallies(tx, event.cycle_id))
