"""To which doors orders go: known to who brings them, as long as they are on the way."""

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.dispatch.rules import require_on_the_way
from farmlink.dispatch.values import HomeDelivery
from farmlink.kernel.page import Page, Paging, page
from farmlink.network import queries as network
from farmlink.orders import queries as orders
from farmlink.people import queries as people
from farmlink.store.transaction import Transaction


def home_deliveries(tx: Transaction, cycle_id: CycleId, paging: Paging) -> Page[HomeDelivery]:
    """Orders of a cycle that are brought home; an address that was forgotten is left out."""
    require_on_the_way(cycles.cycle(tx, cycle_id).stage)
    found = orders.home_orders(tx, cycle_id, paging)
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
