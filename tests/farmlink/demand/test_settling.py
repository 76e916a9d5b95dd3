from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import VariantDraft
from farmlink.cycles import commands as cycles
from farmlink.cycles.values import ListingTerms, PriceStep
from farmlink.demand import commands
from farmlink.orders import queries as orders
from tests.farmlink.cycles.builders import Market


def test_half_a_cent_of_a_settled_price_goes_up(market: Market) -> None:
    sack = VariantDraft(name={"en": "sack", "zh-CN": "包"}, quantity=1500, weight_g=1500)
    variant = market.store.run(catalogue.add_variant, market.apples.id, sack)
    cycle = market.draft()
    terms = ListingTerms(
        cycle_id=cycle.id,
        product_id=market.apples.id,
        grade=4,
        variant_id=variant.id,
        price_minor_per_1000=300,
        price_steps=(PriceStep(1500, 251),),
    )
    sacks = market.store.run(cycles.add_listings, [terms])[0]
    market.store.run(cycles.open_cycle, cycle.id)
    order = market.place(cycle.id, {sacks: 1})

    market.store.run(commands.close, cycle.id)

    assert market.store.read(orders.order, order.id).total_minor == 377  # 376.5


def test_a_price_that_falls_for_everybody_is_on_record(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, price_minor_per_1000=300, price_steps=(PriceStep(2000, 250),))
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 3})

    market.store.run(commands.close, cycle.id)

    settled = "SELECT subject, facts FROM audit_entry WHERE action = 'cycle.settle-prices'"
    (deed,) = market.store.read(lambda tx: tx.execute(settled).all())
    assert tuple(deed) == (cycle.id, {"lines": 1})
