"""A cycle to which nothing comes ends by itself."""

from farmlink.cycles.queries.due import past_collection
from farmlink.cycles.values import CycleId
from farmlink.dispatch import queries
from farmlink.dispatch.commands.finishing import finish
from farmlink.dispatch.commands.sharing import share
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def end_unserved(tx: Transaction, cycle_id: CycleId) -> bool:
    """Share and finish a cycle of which no farm sends anything, once its day of collection is over.

    Until then it can be planned again; what a farm has promised waits for somebody who counts it.
    """
    exclude(tx, cycle_id)
    if cycle_id not in past_collection(tx) or queries.receipts(tx, cycle_id):
        return False
    share(tx, cycle_id)
    return finish(tx, cycle_id)
