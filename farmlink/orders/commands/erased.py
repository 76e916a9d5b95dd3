"""People go: what is in no batch yet is let go, and homes that were left are forgotten when no order needs them."""

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId
from farmlink.kernel.events import Event
from farmlink.orders.commands.amend import cancel
from farmlink.orders.queries import needed_homes
from farmlink.orders.values import OrderId
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import PersonErased
from farmlink.store.transaction import Transaction


def cancel_of_erased(tx: Transaction, event: PersonErased) -> None:
    """Cancel what an erased person ordered before the cut-off; what is in a batch stands, for farms rely on it."""
    standing = "SELECT cycle_id, id FROM consumer_order WHERE consumer_id = :id AND state = 'placed' ORDER BY id"
    orders = [(OrderId(row.id), CycleId(row.cycle_id)) for row in tx.execute(standing, {"id": event.person_id})]
    taking = cycle_queries.taking_orders(tx, {cycle_id for _, cycle_id in orders})
    for cycle_id in taking:  # all cycles before anything in them, as orders are placed
        cycles.hold_open(tx, cycle_id, even_paused=True)
    for order_id, cycle_id in orders:
        if cycle_id in taking:
            cancel(tx, order_id)


def forget_left_homes(tx: Transaction, _event: Event | None = None) -> None:
    """Forget homes of the erased, and those left long ago, but for those to which something is still on its way."""
    left = persons.homes_to_forget(tx)
    people.forget_left_homes(tx, set(left) - needed_homes(tx, left))
