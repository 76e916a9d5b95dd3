"""The shop's shelf follows the lots behind it, the farms' word and the policy that the cycle pinned."""

from __future__ import annotations

from datetime import timedelta

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId
from farmlink.fairness import queries
from farmlink.fairness.values import ShownListing
from farmlink.kernel.locale import CHINESE, ENGLISH
from farmlink.policy import commands as policy
from farmlink.policy.values import PolicyDocument, Ranking
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply import queries as lots
from tests.farmlink.cycles.builders import COLLECT_ON, Market
from tests.farmlink.planning.builders import run_sql


def shelf(market: Market, cycle_id: CycleId) -> list[ShownListing]:
    return market.store.read(queries.shelf, cycle_id)


def test_the_cheaper_pack_of_the_same_apples_stands_first_and_says_why(store: Store) -> None:
    market = Market.founded(store)
    cycle_id, bags, crates = market.open()
    first, second = shelf(market, cycle_id)
    assert ([first.id, second.id], [first.rank.position, second.rank.position]) == ([crates, bags], [1, 2])
    assert second.rank.price_ppm == 250 * 1_000_000 // 300
    assert first.why[ENGLISH].startswith("Number 1 of 2, most of all for its price for the grade. Of 100 points each")
    assert "主要因为同等级价格优惠" in first.why[CHINESE]


def test_the_facts_are_those_of_the_lots_that_would_serve_it(store: Store) -> None:
    market = Market.founded(store)
    market.lot(300_000)
    farm_id = store.read(lots.lot, market.lots[1]).farm_id
    store.run(supply.remember_answers, [(farm_id, False)] * 20)
    cycle_id, *_ = market.open()
    parts = shelf(market, cycle_id)[0].rank
    assert parts.kept_promises_ppm == (100 * 950_000 + 300 * 475_000) // 400
    assert parts.freshness_ppm == 28 * 1_000_000 // 30
    assert 0 < parts.nearness_ppm <= 1_000_000


def test_a_lot_counts_for_the_best_grade_that_it_can_serve(store: Store) -> None:
    market = Market.founded(store, apples_g=0)
    market.lot(50_000, grade=5)
    market.lot(50_000, grade=3)
    cycle = market.draft()
    market.list_apples(cycle.id)
    kept = {store.read(lots.lot, lot_id).grade: store.read(lots.lot, lot_id).farm_id for lot_id in market.lots}
    store.run(supply.remember_answers, [(kept[3], False)] * 20)
    assert {one.rank.kept_promises_ppm for one in shelf(market, cycle.id)} == {950_000}


def test_what_no_lot_stands_behind_stands_there_with_its_price(store: Store) -> None:
    market = Market.founded(store)
    cycle_id, *_ = market.open()
    run_sql(store, "UPDATE lot SET state = 'failed'")
    assert {(one.rank.freshness_ppm, one.rank.nearness_ppm) for one in shelf(market, cycle_id)} == {(0, 0)}


def test_lots_of_another_day_and_of_farms_that_are_not_approved_are_not_behind_it(store: Store) -> None:
    market = Market.founded(store)
    farm_id = store.read(lots.lot, market.lots[0]).farm_id
    later = COLLECT_ON + timedelta(days=90)
    other_day, *_ = market.open(collect_on=later, hand_out_on=later)
    today, *_ = market.open()
    assert {one.rank.kept_promises_ppm for one in shelf(market, other_day)} == {0}
    run_sql(store, "UPDATE farm SET state = 'suspended' WHERE id = :id", id=farm_id)
    assert {one.rank.kept_promises_ppm for one in shelf(market, today)} == {0}


def test_an_open_cycle_keeps_the_weights_it_pinned_and_a_draft_follows_the_newest(store: Store) -> None:
    market = Market.founded(store)
    opened, *_ = market.open()
    draft = market.draft()
    market.list_apples(draft.id)
    weights = Ranking(0, 1_000_000, 0, 0)
    store.run(policy.publish_version, PolicyDocument(ranking=weights), "voted", 1)
    assert [one.rank.score_ppm == one.rank.freshness_ppm for one in shelf(market, opened)] == [False, False]
    assert [one.rank.score_ppm == one.rank.freshness_ppm for one in shelf(market, draft.id)] == [True, True]
    store.run(cycles.open_cycle, draft.id)
    assert {one.why[ENGLISH].split(". ")[0] for one in shelf(market, draft.id)} == {
        "Number 1 of 2, most of all because it is fresh",
        "Number 2 of 2, most of all because it is fresh",
    }


def test_a_cycle_that_sells_nothing_has_an_empty_shelf(store: Store) -> None:
    market = Market.founded(store)
    assert shelf(market, market.draft().id) == []
