"""What was handed out has one worth: the hub's figures and what everybody is charged agree to the cent."""

from __future__ import annotations

import pytest

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import VariantDraft
from farmlink.cycles import commands as cycles
from farmlink.cycles.values import ListingTerms
from farmlink.network import commands as network
from farmlink.settlement import queries
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import Market
from tests.farmlink.settlement.builders import Ledgered

CUP_G = 400
PRICE = 331
"""102 cups cost 13,504.8 cents, half of them 6,752.4; half of 13,505 would be a cent more."""
CUPS = 102


@pytest.fixture
def cups(store: Store) -> Ledgered:
    """Two orders of so many cups, promised."""
    market = Market.founded(store, apples_g=0)
    store.run(network.add_vehicle, market.country.vehicle_draft(market.hub))
    market.lot(100_000)
    draft = VariantDraft(name={"en": "cup", "zh-CN": "杯"}, quantity=CUP_G, weight_g=CUP_G)
    cup = store.run(catalogue.add_variant, market.apples.id, draft)
    cycle = market.draft()
    terms = ListingTerms(
        cycle_id=cycle.id, product_id=market.apples.id, grade=4, variant_id=cup.id, price_minor_per_1000=PRICE
    )
    (listing,) = store.run(cycles.add_listings, [terms])
    store.run(cycles.open_cycle, cycle.id)
    season = Ledgered(market, cycle.id)
    season.orders += [market.place(cycle.id, {listing: CUPS}) for _ in range(2)]
    season.close()
    season.confirmed()
    return season


@pytest.mark.parametrize(("part", "worth_minor"), [(1, 13_505), (2, 6_752)])
def test_a_line_is_rounded_once_wherever_its_worth_is_told(cups: Ledgered, part: int, worth_minor: int) -> None:
    cups.handed_out(part)
    cups.settle()

    flow, charged = cups.flow(), [cups.store.read(queries.order_charge, order.id) for order in cups.orders]

    assert [one.goods_minor for one in charged] == [worth_minor, worth_minor]
    assert (flow.due_minor, flow.handed_out_minor) == (2 * worth_minor, 2 * worth_minor)
    assert flow.ordered_minor - sum(flow.short_minor.values()) == flow.handed_out_minor
