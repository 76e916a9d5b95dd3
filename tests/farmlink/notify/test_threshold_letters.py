"""What people are told when the cut-off judges thresholds: more time, that it comes and at which price, or an end."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, PriceStep, Unmet
from farmlink.demand import commands as demand
from farmlink.orders import commands as orders
from farmlink.orders.values import CancelReason
from farmlink.people.values import PersonId, Role
from farmlink.scheduler import REACTIONS
from farmlink.store.outbox import relay_due
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import Market
from tests.farmlink.notify.builders import PostOffice, body

STEPS = (PriceStep(5_000, 250),)


@pytest.fixture
def market(store: Store) -> Market:
    return Market.founded(store)


def close(market: Market, cycle_id: CycleId) -> None:
    market.close_in(cycle_id, -1)
    market.store.run(demand.close_due, cycle_id)


def said(post: PostOffice, kind: str) -> list[str]:
    """What became of the messages of one kind."""
    return [state for told, state in post.told() if told == kind]


def letter_about(post: PostOffice, words: str) -> EmailMessage:
    """The one letter whose subject has these words."""
    (found,) = [letter for letter in post.letters() if words in letter["Subject"]]
    return found


def planner(post: PostOffice, market: Market) -> PersonId:
    return post.person("planner@example.org", role=Role.PLANNER, organisation_id=market.hub.organisation_id)


def test_everybody_is_told_that_there_is_more_time_and_how_much_is_missing(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=5)
    planner(post, market)
    market.place(cycle_id, {bags: 3}, consumer_id=post.person())

    close(market, cycle_id)
    post.send()

    letter = letter_about(post, "ordering goes on until")
    assert "Too few people have joined so far, so the cut-off was put off once, as was declared." in body(letter)
    assert "In all $1.00 more must be ordered." in body(letter)
    assert "nobody pays anything" in body(letter)
    told = letter_about(post, "too few joined, ordering goes on")
    assert told["To"] == "planner@example.org"
    assert "$9.00 of $10.00 was ordered" in body(told)


def test_a_planner_who_gives_more_time_has_everybody_told(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, unmet=Unmet.PARTIAL)
    market.place(cycle_id, {bags: 3}, consumer_id=post.person(language="zh-CN"))
    cycle = market.cycle(cycle_id)
    market.store.run(cycles.extend, cycle_id, cycle.revision, cycle.closes_at + timedelta(days=3))

    post.send()

    letter = letter_about(post, "截单时间改为")
    assert "如仍未达到，将按公布的规则分配现有商品。" in body(letter)  # noqa: RUF001  # Chinese commas are wide
    assert "参团人数不足" not in body(letter)


def test_more_time_where_nothing_is_missing_is_just_more_time(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 3}, consumer_id=post.person())
    cycle = market.cycle(cycle_id)
    market.store.run(cycles.extend, cycle_id, cycle.revision, cycle.closes_at + timedelta(hours=5))

    post.send()

    said = body(letter_about(post, "ordering goes on until"))
    assert said.partition("\n\n")[2].startswith("You can do without letters of this kind: ")


def test_news_of_more_time_is_no_news_once_ordering_has_ended(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=5)
    market.place(cycle_id, {bags: 3}, consumer_id=post.person())
    planner(post, market)
    close(market, cycle_id)
    relay_due(post.store, REACTIONS)
    market.place(cycle_id, {bags: 1})
    close(market, cycle_id)

    post.send()

    assert (said(post, "cut-off-moved"), said(post, "too-few")) == (["outdated"], ["outdated"])


def test_whoever_ordered_is_told_once_that_it_comes_and_what_the_fallen_price_is(
    post: PostOffice, market: Market
) -> None:
    cycle = market.draft(threshold_minor=1_000)
    bags, _ = market.list_apples(cycle.id, threshold=4_000, price_steps=STEPS, price_minor_per_1000=300)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 6}, consumer_id=post.person())

    close(market, cycle.id)
    post.send()

    assert said(post, "order-stands") == ["sent"]
    letter = letter_about(post, "goes ahead")
    assert "Enough people have joined." in body(letter)
    assert "6 x Apples bag: so many joined that it costs $15.00 instead of $18.00." in body(letter)
    assert "What was held above that goes back to you at once." in body(letter)
    assert "You pay at most $15.00" in body(letter)


def test_whoever_ordered_what_too_few_wanted_is_told_that_what_is_there_is_shared(
    post: PostOffice, market: Market
) -> None:
    cycle = market.draft(threshold_minor=1_000, unmet=Unmet.PARTIAL)
    bags, _ = market.list_apples(cycle.id, threshold=4_000, unmet=Unmet.PARTIAL)
    market.store.run(cycles.open_cycle, cycle.id)
    planner(post, market)
    market.place(cycle.id, {bags: 3}, consumer_id=post.person())

    close(market, cycle.id)
    post.send()

    letter = letter_about(post, "goes ahead")
    assert "Fewer people joined than were needed." in body(letter)
    assert "Apples bag: less was ordered than is needed." in body(letter)
    assert letter_about(post, "what is there is shared")["To"] == "planner@example.org"


def test_planners_are_told_that_everybody_was_let_go(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000)
    planner(post, market)
    market.place(cycle_id, {bags: 3}, consumer_id=post.person())

    close(market, cycle_id)
    post.send()

    assert "Less than $10.00 was ordered" in body(letter_about(post, "everybody was let go"))
    assert said(post, "order-stands") == []


def test_planners_are_told_that_nobody_ordered_and_then_that_it_is_over(post: PostOffice, market: Market) -> None:
    cycle_id, _, _ = market.open(extension_hours=5)
    planner(post, market)
    for words in (
        ". As declared, the cut-off was put off once",
        ", so the cycle was cancelled. Nobody is charged.",
    ):
        close(market, cycle_id)
        post.send()

        assert f"Nothing that can be served was ordered{words}" in "".join(map(body, post.letters()))


@pytest.mark.parametrize(
    ("terms", "kept"),
    [
        ({}, []),  # there was no threshold, and there is no news
        ({"threshold_minor": 100}, ["sent"]),
    ],
)
def test_only_who_waited_for_something_is_told(
    post: PostOffice, market: Market, terms: dict[str, Any], kept: list[str]
) -> None:
    cycle_id, bags, _ = market.open(**terms)
    market.place(cycle_id, {bags: 3}, consumer_id=post.person())

    close(market, cycle_id)
    post.send()

    assert said(post, "order-stands") == kept


def test_whoever_is_told_what_was_dropped_is_not_told_twice_what_stands(post: PostOffice, market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft(threshold_minor=100)
    bags, _ = market.list_apples(cycle.id)
    few, _ = market.list_apples(cycle.id, grade=3, threshold=20_000)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 1, few: 1}, consumer_id=post.person())

    close(market, cycle.id)
    post.send()

    assert (said(post, "lines-dropped"), said(post, "order-stands")) == (["sent"], ["outdated"])


@pytest.mark.parametrize("settled", [False, True])
def test_news_of_a_served_order_is_no_news_once_the_cycle_is_over(
    post: PostOffice, market: Market, *, settled: bool
) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=100)
    market.place(cycle_id, {bags: 3}, consumer_id=post.person())
    close(market, cycle_id)
    relay_due(post.store, REACTIONS)
    if settled:
        market.store.run(cycles.end_thresholds, cycle_id, {(market.apples.id, 4)})
    else:
        market.store.run(orders.cancel_cycle, cycle_id, CancelReason.PLANNER)

    post.send()

    assert said(post, "order-stands") == ["outdated"]


def test_a_price_that_the_planner_lowered_is_told_to_whoever_ordered_before(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 6}, consumer_id=post.person())
    market.store.run(cycles.lower_price, cycle_id, bags, 250)

    close(market, cycle_id)
    post.send()

    letter = letter_about(post, "goes ahead")
    assert "6 x Apples bag: its price was lowered, so it costs $15.00 instead of $18.00." in body(letter)
    assert "What was held above that goes back to you at once." in body(letter)


def test_a_price_that_fell_twice_is_told_against_what_it_was_ordered_at(post: PostOffice, market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, price_steps=STEPS, price_minor_per_1000=300)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 6}, consumer_id=post.person())
    market.store.run(cycles.lower_price, cycle.id, bags, 290)

    close(market, cycle.id)
    post.send()

    assert "so many joined that it costs $15.00 instead of $18.00." in body(letter_about(post, "goes ahead"))


def test_planners_are_told_why_a_cycle_that_enough_joined_was_let_go(post: PostOffice, market: Market) -> None:
    cycle = market.draft(threshold_minor=600)
    bags, _ = market.list_apples(cycle.id, case_packs=6)
    market.store.run(cycles.open_cycle, cycle.id)
    planner(post, market)
    market.place(cycle.id, {bags: 4}, consumer_id=post.person())

    close(market, cycle.id)
    post.send()

    letter = letter_about(post, "no case was filled, everybody was let go")
    assert letter["To"] == "planner@example.org"
    assert "What was ordered fills no whole case, so the cycle was cancelled" in body(letter)


@pytest.mark.parametrize("settled", [True, False])
def test_planners_are_not_told_of_a_cycle_that_they_cancelled_or_that_came_to_its_end(
    post: PostOffice, market: Market, *, settled: bool
) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=100)
    planner(post, market)
    market.place(cycle_id, {bags: 3}, consumer_id=post.person())
    close(market, cycle_id)
    if settled:
        market.store.run(cycles.end_thresholds, cycle_id)
    else:
        market.store.run(orders.cancel_cycle, cycle_id, CancelReason.PLANNER)

    post.send()

    assert said(post, "too-few") == ["outdated"]
