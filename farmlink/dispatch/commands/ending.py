"""A cycle to which nothing comes ends by itself."""

from farmlink.confirmations import commands as confirmations
from farmlink.cycles import queries as cycles
from farmlink.cycles.queries.due import past_collection
from farmlink.cycles.values import CycleId, Stage
from farmlink.dispatch import queries
from farmlink.dispatch.commands.finishing import finish
from farmlink.dispatch.commands.sharing import share
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def end_unserved(tx: Transaction, cycle_id: CycleId) -> bool:
    """Share and finish a cycle of which no farm sends anything, or nothing came, once its day of collection is over.

    Until then it can be planned again; what a farm has promised waits for somebody who counts it. A plan that sends
    nothing and that nobody published is published first: it asks nobody.
    """
    exclude(tx, cycle_id)
    if cycle_id not in past_collection(tx) or not queries.nothing_comes(tx, cycle_id):
        return False
    if cycles.cycle(tx, cycle_id).stage is Stage.PLANNED and (plan_id := queries.newest_plan(tx, cycle_id)):
        confirmations.publish(tx, plan_id)
    share(tx, cycle_id)
    return finish(tx, cycle_id)
