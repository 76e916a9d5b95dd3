"""Letters about what the cut-off made of an order, and what a standing order could not order."""

from __future__ import annotations

from typing import Any

import pytest

from farmlink.cycles import commands as cycles
from farmlink.demand import commands as demand
from farmlink.orders import commands as orders
from farmlink.orders.values import Goods, Shortage, StandingLine, StandingTerms, WantedLine
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import Market
from tests.farmlink.notify.builders import PostOffice, body


@pytest.fixture
def market(store: Store) -> Market:
    return Market.founded(store)


def cut_off(market: Market, *orders_: tuple[Any, int, int | None], case_packs: int = 6) -> None:
    """Order bags that are bought in cases, and close."""
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=case_packs)
    market.store.run(cycles.open_cycle, cycle.id)
    for consumer_id, packs, most in orders_:
        market.place(cycle.id, [WantedLine(bags, packs, most)], consumer_id=consumer_id)
    market.store.run(demand.close, cycle.id)


def letter_about(post: PostOffice, subject: str) -> str:
    [found] = [one for one in post.letters() if subject in one["Subject"]]
    return body(found)


def test_before_the_cut_off_the_confirmation_says_what_may_come_and_what_that_costs_at_most(
    post: PostOffice, market: Market
) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, [WantedLine(bags, 3, 5)], consumer_id=post.person())

    post.send()

    said = body(post.only_letter())
    assert "3 x Apples bag, up to 5 if that fills a case: $9.00" in said
    assert "You pay at most $15.00" in said


def test_who_gets_more_because_it_fills_a_case_is_told(post: PostOffice, market: Market) -> None:
    cut_off(market, (post.person(), 3, 5), (market.person(), 2, None))

    post.send()

    said = letter_about(post, "changed at the cut-off")
    assert "you get more, as you said was welcome" in said
    assert "4 x Apples bag, 3 ordered: $12.00" in said
    assert "You pay at most $12.00" in said


def test_who_gets_less_because_a_case_is_not_full_is_told_why(post: PostOffice, market: Market) -> None:
    cut_off(market, (post.person(language="zh-CN"), 8, None))

    post.send()

    said = letter_about(post, "截单")
    assert "整箱" in said
    assert "6 份" in said


def test_who_agreed_to_something_else_is_told_that_it_comes_instead(post: PostOffice, market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=6)
    others, _ = market.list_apples(cycle.id, grade=3)
    market.store.run(cycles.open_cycle, cycle.id)
    wanted = WantedLine(bags, 8, None, Shortage.SWAP, (others,))
    market.place(cycle.id, [wanted], consumer_id=post.person())
    market.store.run(demand.close, cycle.id)

    post.send()

    said = letter_about(post, "changed at the cut-off")
    assert "Where you named something that may come instead, you get what was left of it." in said
    assert "6 x Apples bag, 8 ordered: $18.00" in said
    assert "2 x Apples bag, in the place of Apples bag: $6.00" in said
    assert "You pay at most $24.00" in said


def test_who_is_left_without_a_line_is_told_why_and_what_comes_instead(post: PostOffice, market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft()
    bags, crates = market.list_apples(cycle.id, case_packs=6)
    others, _ = market.list_apples(cycle.id, grade=3)
    market.store.run(cycles.open_cycle, cycle.id)
    wanted = [WantedLine(bags, 4, None, Shortage.SWAP, (others,)), WantedLine(crates, 7)]
    market.place(cycle.id, wanted, consumer_id=post.person())
    market.store.run(demand.close, cycle.id)

    post.send()

    said = letter_about(post, "Part of your order will not come")
    whole_cases = "It is bought in whole cases, and the last one did not fill up."
    assert f"Apples bag: {whole_cases} 4 x Apples bag comes instead." in said
    assert f"Apples crate, 6 instead of 7: {whole_cases}" in said
    assert "4 x Apples bag, in the place of Apples bag: $12.00" in said


def test_who_is_left_without_a_line_learns_in_one_letter_that_the_rest_is_cheaper(
    post: PostOffice, market: Market
) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=6)
    others, _ = market.list_apples(cycle.id, grade=3)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 4, others: 2}, consumer_id=post.person())
    market.store.run(cycles.lower_price, cycle.id, others, 250)
    market.store.run(demand.close, cycle.id)

    post.send()

    assert "2 x Apples bag: its price was lowered" in letter_about(post, "Part of your order will not come")
    assert [state for kind, state in post.told() if kind == "order-stands"] == ["outdated"]


def test_who_gets_nothing_because_no_case_is_full_is_told_that_the_order_is_gone(
    post: PostOffice, market: Market
) -> None:
    cut_off(market, (post.person(), 5, None), (market.person(), 6, None), case_packs=12)

    post.send()

    said = letter_about(post, "is cancelled")
    assert "too little was ordered to fill one" in said


def test_who_orders_again_and_again_is_told_what_was_left_out(post: PostOffice, market: Market) -> None:
    unsold = Goods(market.apples.id, 5, market.bag.id)
    lines = (StandingLine(Goods(market.apples.id, 4, market.bag.id), 3), StandingLine(unsold, 1))
    terms = StandingTerms(point_id=market.point.id, lines=lines)
    market.store.run(orders.make_standing, post.person(), terms)
    cycle_id, _, _ = market.open()

    market.store.run(orders.place_standing, cycle_id)
    post.send()

    assert "3 x Apples bag: $9.00" in letter_about(post, "Your order for Sep")
    said = letter_about(post, "not all of it was ordered")
    assert "Apples bag: it is not sold this time." in said
    assert "The rest was ordered." in said


def test_who_has_ordered_already_is_told_nothing_of_what_was_not_ordered_again(
    post: PostOffice, market: Market
) -> None:
    ada = post.person()
    lines = tuple(StandingLine(Goods(market.apples.id, grade, market.bag.id), 3) for grade in (4, 5))
    market.store.run(orders.make_standing, ada, StandingTerms(point_id=market.point.id, lines=lines))
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 1}, consumer_id=ada)

    market.store.run(orders.place_standing, cycle_id)
    post.send()

    assert post.only_letter()["Subject"].startswith("Your order for")
    assert [kind for kind, _ in post.states()] == ["order"]
