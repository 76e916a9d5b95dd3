"""Every cut that was made at the cut-off can be reckoned again by anybody, from what is kept of it alone."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, ListingId, Unmet
from farmlink.demand import commands as demand
from farmlink.kernel.page import Paging
from farmlink.orders import queries
from farmlink.orders.values import CutKind, CutShare, Order, OrderState, Shortage, WantedLine
from farmlink.people.values import PersonId
from farmlink.policy.values import ShortageRule
from farmlink.store.check import check
from farmlink.supply import commands as supply
from tests.farmlink.cycles.builders import BAG_G, Market
from tests.farmlink.orders.reckoning import reckoned
from tests.farmlink.orders.test_gifts_share_as_one import declare, in_gifts

ANY_RULE = pytest.mark.parametrize("rule", list(ShortageRule))


def kept(market: Market, cycle_id: CycleId) -> list[CutShare]:
    return market.store.read(queries.cut_shares, cycle_id, Paging()).items


def stands(market: Market, *placed: Order) -> dict[object, int]:
    """What each line has, in base units; of one that is gone, nothing."""
    lines = [line for one in placed for line in market.store.read(queries.order, one.id).lines]
    return {line.id: line.quantity if line.state is OrderState.PLACED else 0 for line in lines}


def some_of_all_kinds(market: Market, cycle_id: CycleId, bags: ListingId) -> list[Order]:
    """Orders for oneself and for others, of some and of all or nothing, and of more if that fills a case."""
    wishes = [(7, None, Shortage.LESS), (9, None, Shortage.CANCEL), (4, 6, Shortage.LESS), (5, None, Shortage.CANCEL)]
    return [
        *in_gifts(market, cycle_id, bags, 3),
        *(market.place(cycle_id, [WantedLine(bags, packs, most, wish)]) for packs, most, wish in wishes),
    ]


@ANY_RULE
@pytest.mark.parametrize("case_packs", [8, 10, 21])
def test_cases_that_were_cut_or_filled(market: Market, rule: ShortageRule, case_packs: int) -> None:
    declare(market, rule)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=case_packs)
    market.store.run(cycles.open_cycle, cycle.id)
    placed = some_of_all_kinds(market, cycle.id, bags)
    owed: dict[PersonId, int] = {placed[0].consumer_id: 1_000, placed[-1].consumer_id: -1_000}

    market.store.run(demand.close, cycle.id, owed)

    (share,) = kept(market, cycle.id)
    assert (share.kind, share.id, share.rule) == (CutKind.CASE, bags, rule)
    assert share.case_quantity == case_packs * BAG_G
    assert share.seed == f"{market.cycle(cycle.id).cut_seed}/{bags}"
    assert reckoned(share) == {claim.line_id: claim.got for claim in share.claims} == stands(market, *placed)
    assert {claim.balance_ppm for claim in share.claims} == {1_000, 0, -1_000}
    assert check(market.store) == []


@ANY_RULE
def test_what_came_in_part_over_packs_of_two_sizes(market: Market, rule: ShortageRule) -> None:
    declare(market, rule)
    cycle = market.draft()
    bags, crates = market.list_apples(cycle.id, threshold=90_000, unmet=Unmet.PARTIAL)
    market.lot(31_500)
    market.store.run(cycles.open_cycle, cycle.id)
    ada = market.person("Ada")
    placed = [
        market.place(cycle.id, {bags: 4, crates: 1}, consumer_id=ada),
        *some_of_all_kinds(market, cycle.id, bags),
        market.place(cycle.id, {crates: 2}),
    ]
    market.store.run(supply.withdraw_lot, market.lots[0])

    market.store.run(demand.close, cycle.id)

    (share,) = kept(market, cycle.id)
    assert (share.kind, share.rule, share.available) == (CutKind.PARTIAL, rule, 31_500)
    assert reckoned(share) == {claim.line_id: claim.got for claim in share.claims} == stands(market, *placed)
    assert 0 < sum(claim.got for claim in share.claims) <= 31_500
    assert check(market.store) == []


def test_all_lines_of_one_person_and_no_others_are_said_to_be_one_persons(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=13)
    market.store.run(cycles.open_cycle, cycle.id)
    gifts, other = in_gifts(market, cycle.id, bags, 9), market.place(cycle.id, {bags: 10})

    market.store.run(demand.close, cycle.id)

    (share,) = kept(market, cycle.id)
    whose = {claim.line_id: claim.whose for claim in share.claims}
    ours = [one.lines[0].id for one in gifts]
    assert {whose[line_id] for line_id in ours} == {min(ours)}
    assert whose[other.lines[0].id] == other.lines[0].id


@pytest.mark.parametrize(
    "change", ["UPDATE cut_claim SET got = 0", "DELETE FROM cut_claim", "UPDATE cut_share SET seed = 'another'"]
)
def test_nobody_changes_what_was_claimed_afterwards(market: Market, change: str) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=13)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 20})
    market.store.run(demand.close, cycle.id)

    with pytest.raises(DBAPIError, match="never changed"):
        market.store.run(lambda tx: tx.execute(change))


def test_where_nothing_was_cut_nothing_is_kept(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=5)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 10})

    market.store.run(demand.close, cycle.id)

    assert kept(market, cycle.id) == []


def test_many_claims_are_kept_in_as_many_statements_as_few(market: Market) -> None:
    sent: list[str] = []
    asked: list[int] = []
    for gifts in (2, 12):
        cycle = market.draft()
        bags, _ = market.list_apples(cycle.id, case_packs=gifts)
        market.store.run(cycles.open_cycle, cycle.id)
        in_gifts(market, cycle.id, bags, gifts)
        event.listen(market.store.engine, "before_cursor_execute", note := lambda _c, _k, said, *_: sent.append(said))
        market.store.run(demand.close, cycle.id)
        event.remove(market.store.engine, "before_cursor_execute", note)
        asked.append(len([said for said in sent if "cut_" in said and "INSERT" in said]))
        sent.clear()
        (share,) = kept(market, cycle.id)
        assert len(share.claims) == gifts + 1

    assert asked == [2, 2]
