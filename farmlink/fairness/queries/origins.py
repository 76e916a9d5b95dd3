"""Where what a cycle sells would come from: the farms whose lots stand behind each of its goods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from farmlink.cycles.values import Cycle, Listing
from farmlink.fairness.values import Origin
from farmlink.network import queries as network
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import OfferedBy


def origins(tx: Transaction, cycle: Cycle, listings: Iterable[Listing]) -> dict[tuple[UUID, int], Origin]:
    """The farms behind each product and grade; as on the shelf, a lot counts once, for the best grade it can serve.

    Which of them will send it is not known before it is planned. What nobody offers is left out.
    """
    sold: dict[UUID, set[int]] = defaultdict(set)
    for listing in listings:
        sold[listing.product_id].add(listing.grade)
    backed: dict[tuple[UUID, int], list[OfferedBy]] = defaultdict(list)
    for one in supply.offered_by(tx, cycle.collect_on, network.approved_farms(tx, cycle.region_id), sold):
        best = max((grade for grade in sold[one.product_id] if grade <= one.grade), default=None)
        if best is not None and one.quantity > 0:
            backed[one.product_id, best].append(one)
    return {goods: _origin(offers) for goods, offers in backed.items()}


def _origin(offers: list[OfferedBy]) -> Origin:
    quantities: dict[UUID, int] = defaultdict(int)
    for one in offers:
        quantities[one.farm_id] += one.quantity
    return Origin(
        farms=quantities,
        harvest_from=min(one.harvest_from for one in offers),
        harvest_until=max(one.harvest_until for one in offers),
    )
