"""Cash comes home: what leaders and drivers collected is handed over to the hub."""

from __future__ import annotations

from uuid import UUID

from farmlink.kernel.errors import MissingError
from farmlink.ledger import commands as ledger
from farmlink.ledger import queries as accounts
from farmlink.ledger.values import Account, AccountKind, EntryId
from farmlink.network import queries as network
from farmlink.network.values import HubId
from farmlink.settlement import rules
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def hand_over(tx: Transaction, key: UUID, hub_id: HubId, till_id: UUID, amount_minor: int) -> EntryId:
    """Keep that cash of a point, or of the hub's own drivers, is at the hub's bank now; once under each key."""
    hub = network.hub(tx, hub_id)
    if till_id not in {hub_id, *(point.id for point in network.points_of(tx, hub.region_id))}:
        raise MissingError(noun="point", id=till_id)
    till = Account(AccountKind.CASH, till_id, hub.currency)
    entry = rules.handed_over(key, till, hub_id, amount_minor)
    exclude(tx, till_id)
    if not accounts.by_key(tx, [entry.key]):
        rules.require_collected(till, accounts.balance(tx, till), amount_minor)
        tx.record("settlement.hand-over", till_id, amount_minor=amount_minor, hub_id=hub_id)
    return ledger.post(tx, entry)
