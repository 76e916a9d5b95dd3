from farmlink.cycles.rules.refusals import SoldOutError
from tests.farmlink.cycles.builders import Market


def test_one_bag_more_than_is_left_is_refused_and_the_last_one_is_sold(market: Market) -> None:
    cycle_id, bags, crates = market.open()
    market.place(cycle_id, {crates: 9, bags: 9})

    refusal = market.try_to_place(cycle_id, {bags: 2}).refusal

    assert isinstance(refusal, SoldOutError)
    assert refusal.facts["packs_left"] == 1
    assert market.place(cycle_id, {bags: 1}).total_minor == 300
