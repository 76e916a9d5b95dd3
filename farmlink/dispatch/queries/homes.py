"""To which doors orders go: known to who brings them, until they are handed out."""

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.dispatch.queries.hands import doors
from farmlink.dispatch.rules import require_on_the_way
from farmlink.dispatch.values import HomeDelivery
from farmlink.kernel.page import Page, Paging, page
from farmlink.network import queries as network
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId
from farmlink.people import queries as people
from farmlink.people.values import Principal
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

ENDED = """
SELECT order_id FROM hand_out WHERE cycle_id = :cycle AND place_id IN (SELECT unnest(CAST(:homes AS uuid[])))
GROUP BY order_id HAVING bool_and(ended_at IS NOT NULL)
"""


def home_deliveries(tx: Transaction, principal: Principal, cycle_id: CycleId, paging: Paging) -> Page[HomeDelivery]:
    """Orders that somebody is still to bring to a home; an address that was forgotten is left out."""
    require_on_the_way(cycles.cycle(tx, cycle_id).stage)
    own = doors(tx, principal, cycle_id, orders.ordered_homes(tx, cycle_id))
    ended = [OrderId(order_id) for order_id in tx.execute(ENDED, {"cycle": cycle_id, "homes": uuids(own)}).scalars()]
    found = orders.home_orders(tx, cycle_id, own, ended, paging)
    homes = [order.home_id for order in found]
    sites, addresses = network.homes_by_id(tx, homes), people.addresses(tx, homes)
    contacts = people.contacts(tx, [order.consumer_id for order in found])
    deliveries = [
        HomeDelivery(
            order_id=order.order_id,
            home_id=order.home_id,
            name=contacts[order.consumer_id].name,
            phone=contacts[order.consumer_id].phone,
            address=addresses.get(order.home_id),
            coordinates=sites[order.home_id].coordinates,
        )
        for order in found
    ]
    return page(deliveries, paging, lambda one: one.order_id)
