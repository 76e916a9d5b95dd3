"""The cut-off fills cases or lets the last one go; stock, places, totals and messages follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, ListingId, ListingTerms
from farmlink.demand import commands as demand
from farmlink.orders import commands, queries
from farmlink.orders.values import CancelReason, Order, OrderState, Shortage, WantedLine
from farmlink.payments import commands as payments
from farmlink.payments import queries as paid
from farmlink.payments.values import Method
from farmlink.policy import commands as policy
from farmlink.policy.values import FIRST, PolicyDocument, ShortageRule
from farmlink.store.check import check
from tests.farmlink.cycles.builders import BAG_G, Market


def open_cased(market: Market, case_packs: int = 6, **changed: Any) -> tuple[CycleId, ListingId]:
    """Open a cycle that sells bags of apples in cases."""
    cycle = market.draft(**changed)
    bags, _ = market.list_apples(cycle.id, case_packs=case_packs)
    market.store.run(cycles.open_cycle, cycle.id)
    return cycle.id, bags


def order(
    market: Market, cycle_id: CycleId, bags: ListingId, packs: int, most: int | None = None, **said: Any
) -> Order:
    return market.place(cycle_id, [WantedLine(bags, packs, most, **said)])


def stands(market: Market, placed: Order) -> Order:
    return market.store.read(queries.order, placed.id)


def announced(market: Market, name: str) -> list[dict[str, Any]]:
    found = "SELECT payload FROM outbox_event WHERE name = :name ORDER BY id"
    return market.store.read(lambda tx: list(tx.execute(found, {"name": name}).scalars()))


def test_who_welcomes_up_to_five_gets_what_fills_the_case(market: Market) -> None:
    cycle_id, bags = open_cased(market)
    ada, bob = order(market, cycle_id, bags, 3, 5), order(market, cycle_id, bags, 2)

    assert market.store.run(commands.fill_cases, cycle_id) == 1

    (line,) = stands(market, ada).lines
    assert (line.packs, line.wanted_packs, line.most_packs, line.reason) == (4, 3, 5, None)
    assert (line.quantity, line.weight_g, line.total_minor) == (4 * BAG_G, 4 * BAG_G, 1_200)
    assert stands(market, ada).total_minor == 1_200
    assert stands(market, bob) == bob
    assert market.listing(cycle_id, bags).ordered == 6 * BAG_G
    assert [event["order_id"] for event in announced(market, "order.adjusted.v1")] == [str(ada.id)]
    assert check(market.store) == []


def test_the_last_case_that_nobody_fills_falls_away_with_its_reason(market: Market) -> None:
    cycle_id, bags = open_cased(market)
    ada, bob = order(market, cycle_id, bags, 5), order(market, cycle_id, bags, 3)

    assert market.store.run(commands.fill_cases, cycle_id) == 2

    lines = [line for one in (ada, bob) for line in stands(market, one).lines]
    assert sum(line.packs for line in lines) == 6
    assert [(line.wanted_packs, line.reason) for line in lines] == [
        (5, CancelReason.CASE_NOT_FULL),
        (3, CancelReason.CASE_NOT_FULL),
    ]
    assert market.listing(cycle_id, bags).ordered == 6 * BAG_G
    assert check(market.store) == []


def test_an_order_that_is_left_with_nothing_is_cancelled_and_told_and_its_place_is_free(market: Market) -> None:
    cycle_id, bags = open_cased(market, delivery_fee_minor=200)
    only = order(market, cycle_id, bags, 4)

    market.store.run(commands.fill_cases, cycle_id)

    gone = stands(market, only)
    assert (gone.state, gone.reason) == (OrderState.CANCELLED, CancelReason.CASE_NOT_FULL)
    assert [(line.state, line.reason, line.packs) for line in gone.lines] == [
        (OrderState.CANCELLED, CancelReason.CASE_NOT_FULL, 4)
    ]
    assert market.listing(cycle_id, bags).ordered == 0
    assert [event["reason"] for event in announced(market, "order.cancelled.v1")] == ["case-not-full"]
    assert check(market.store) == []


def test_the_rest_of_an_order_stands_when_one_line_of_it_falls_away(market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft()
    loose, _ = market.list_apples(cycle.id)
    bags, _ = market.list_apples(cycle.id, grade=3, case_packs=6)
    market.store.run(cycles.open_cycle, cycle.id)
    both = market.place(cycle.id, {loose: 2, bags: 3})

    market.store.run(commands.fill_cases, cycle.id)

    left = stands(market, both)
    assert (left.state, left.total_minor) == (OrderState.PLACED, 600)
    assert {(line.listing_id, line.state) for line in left.lines} == {
        (loose, OrderState.PLACED),
        (bags, OrderState.CANCELLED),
    }
    assert [event["reason"] for event in announced(market, "order.line-dropped.v1")] == ["case-not-full"]
    assert announced(market, "order.adjusted.v1") == []
    assert check(market.store) == []


def test_who_wants_all_or_nothing_is_not_cut_for_a_case(market: Market) -> None:
    cycle_id, bags = open_cased(market)
    whole = order(market, cycle_id, bags, 5, shortage=Shortage.CANCEL)
    other = order(market, cycle_id, bags, 3, 6)

    market.store.run(commands.fill_cases, cycle_id)

    assert stands(market, whole).state is OrderState.CANCELLED
    assert stands(market, other).lines[0].packs == 6
    assert check(market.store) == []


def test_more_than_the_point_can_hold_is_not_filled_up(market: Market) -> None:
    small = market.point_with(capacity_g=5 * BAG_G)
    cycle_id, bags = open_cased(market)
    market.place(cycle_id, [WantedLine(bags, 4, 6)], place_id=small.id)
    near = order(market, cycle_id, bags, 1)

    market.store.run(commands.fill_cases, cycle_id)

    assert stands(market, near).lines[0].packs == 1
    assert market.listing(cycle_id, bags).ordered == 6 * BAG_G
    assert check(market.store) == []


def test_the_rule_is_that_of_the_policy_that_the_cycle_pinned(market: Market) -> None:
    lottery = PolicyDocument(shortage_rule=ShortageRule.LOTTERY)
    market.store.run(policy.publish_version, lottery, "a lot is drawn", FIRST.version)
    cycle_id, bags = open_cased(market)
    placed = [order(market, cycle_id, bags, 5) for _ in range(4)]

    market.store.run(commands.fill_cases, cycle_id)

    # Pro rata would leave 5, 5, 4 and 4; who is drawn last bears the whole cut of two.
    assert sorted(line.packs for one in placed for line in stands(market, one).lines) == [3, 5, 5, 5]


def test_whom_the_ledger_owes_is_not_cut_when_it_goes_by_turns(market: Market) -> None:
    turns = PolicyDocument(shortage_rule=ShortageRule.ROTATION)
    market.store.run(policy.publish_version, turns, "everybody in turn", FIRST.version)
    cycle_id, bags = open_cased(market)
    placed = [order(market, cycle_id, bags, 2) for _ in range(4)]
    owed = placed[2]

    market.store.run(commands.fill_cases, cycle_id, {owed.consumer_id: 100_000})

    kept = [stands(market, one).lines[0].packs for one in placed]
    assert (sum(kept), kept[2]) == (6, 2)


def test_what_is_not_bought_in_cases_and_what_is_whole_stays_as_it_is(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 5})
    assert market.store.run(commands.fill_cases, cycle_id) == 0

    cased, bags = open_cased(market)
    order(market, cased, bags, 6, 9)
    assert market.store.run(commands.fill_cases, cased) == 0
    assert announced(market, "order.adjusted.v1") == []


def test_filling_twice_changes_nothing_the_second_time(market: Market) -> None:
    cycle_id, bags = open_cased(market)
    ada = order(market, cycle_id, bags, 3, 8)
    market.store.run(commands.fill_cases, cycle_id)
    once = stands(market, ada)

    assert market.store.run(commands.fill_cases, cycle_id) == 0
    assert stands(market, ada) == once


def test_what_was_held_for_a_case_that_was_whole_without_it_goes_back(market: Market) -> None:
    cycle_id, bags = open_cased(market)
    ada = order(market, cycle_id, bags, 6, 9)
    market.store.run(payments.top_up, uuid4(), ada.consumer_id, 10_000, ada.currency)
    assert market.store.run(commands.checkout, ada.id, Method.CREDIT, uuid4()).held_minor == 2_700

    market.store.run(demand.close, cycle_id)

    assert market.store.read(paid.payment, ada.id).held_minor == 1_800


def test_what_is_held_for_a_case_stays_held_until_the_case_is_filled(market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=5)
    few, _ = market.list_apples(cycle.id, grade=3, threshold=20_000)
    market.store.run(cycles.open_cycle, cycle.id)
    ada = market.place(cycle.id, [WantedLine(bags, 3, 5), WantedLine(few, 1)])
    market.store.run(payments.top_up, uuid4(), ada.consumer_id, 10_000, ada.currency)
    market.store.run(commands.checkout, ada.id, Method.CREDIT, uuid4())

    market.store.run(demand.close, cycle.id)

    assert market.store.read(paid.payment, ada.id).held_minor == stands(market, ada).total_minor == 1_500


def test_what_a_cut_order_costs_less_goes_back_and_of_one_that_is_gone_all_of_it(market: Market) -> None:
    cycle_id, bags = open_cased(market)
    cut, gone = order(market, cycle_id, bags, 8), order(market, cycle_id, bags, 3, shortage=Shortage.CANCEL)
    for one in (cut, gone):
        market.store.run(payments.top_up, uuid4(), one.consumer_id, 10_000, one.currency)
        market.store.run(commands.checkout, one.id, Method.CREDIT, uuid4())

    market.store.run(demand.close, cycle_id)

    held = [market.store.read(paid.payment, one.id).held_minor for one in (cut, gone)]
    assert held == [stands(market, cut).total_minor, 0]
    assert stands(market, gone).state is OrderState.CANCELLED
    assert stands(market, cut).total_minor == 1_800


def test_setting_what_is_set_already_changes_nothing(market: Market) -> None:
    cycle_id, bags = open_cased(market)
    (line,) = order(market, cycle_id, bags, 6).lines

    assert market.store.run(commands.set_packs, cycle_id, {line.id: 6}, CancelReason.NOT_ENOUGH) == 0
    assert announced(market, "order.adjusted.v1") == []


def test_who_agreed_to_something_else_gets_what_is_left_of_it(market: Market) -> None:
    market.lot(2_000, grade=3)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=6)
    others, _ = market.list_apples(cycle.id, grade=3)
    market.store.run(cycles.open_cycle, cycle.id)
    placed = order(market, cycle.id, bags, 4, shortage=Shortage.SWAP, substitutes=(others,))

    market.store.run(commands.fill_cases, cycle.id)

    left = stands(market, placed)
    assert (left.state, left.total_minor) == (OrderState.PLACED, 600)
    assert {(line.listing_id, line.packs, line.state) for line in left.lines} == {
        (bags, 4, OrderState.CANCELLED),
        (others, 2, OrderState.PLACED),
    }
    assert [market.listing(cycle.id, one).ordered for one in (bags, others)] == [0, 2_000]
    assert check(market.store) == []
    closed = market.store.run(demand.close, cycle.id)
    assert (closed.orders, closed.batches, closed.worth_minor) == (1, 1, 600)


def test_what_is_left_in_other_packs_of_the_same_can_be_agreed_to(market: Market) -> None:
    cycle = market.draft()
    terms = ListingTerms(
        cycle_id=cycle.id,
        product_id=market.apples.id,
        grade=4,
        variant_id=market.bag.id,
        price_minor_per_1000=300,
        case_packs=12,
    )
    loose = replace(terms, variant_id=market.crate.id, price_minor_per_1000=250, case_packs=1)
    bags, crates = market.store.run(cycles.add_listings, [terms, loose])
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {crates: 7})
    placed = order(market, cycle.id, bags, 22, shortage=Shortage.SWAP, substitutes=(crates,))

    market.store.run(commands.fill_cases, cycle.id)

    assert {line.listing_id: line.packs for line in stands(market, placed).lines} == {bags: 12, crates: 1}
    assert market.listing(cycle.id, bags).left == 100_000 - 70_000 - 12_000 - 10_000
    assert check(market.store) == []
