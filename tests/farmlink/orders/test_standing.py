"""Standing orders: ordered once in each cycle that opens, with rests, and told of what could not be had."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import InvalidError, MissingError, StaleError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.network.values import PlaceId
from farmlink.orders import commands, queries
from farmlink.orders.queries import standing as standing_queries
from farmlink.orders.rules.standing import StandingEndedError
from farmlink.orders.values import (
    Goods,
    LeftOut,
    Missed,
    Order,
    Shortage,
    StandingId,
    StandingLine,
    StandingOrder,
    StandingState,
    StandingTerms,
    Turn,
)
from farmlink.people import commands as people
from farmlink.people.values import PersonId
from farmlink.scheduler import tick
from farmlink.store.check import check
from tests.farmlink.cycles.builders import COLLECT_ON, HOMES, Market
from tests.farmlink.orders.rush import at_once


def bags_of(market: Market, grade: int = 4) -> Goods:
    return Goods(market.apples.id, grade, market.bag.id)


def terms(market: Market, packs: int = 3, **said: Any) -> StandingTerms:
    known: dict[str, Any] = {"point_id": market.point.id, "lines": (StandingLine(bags_of(market), packs),)}
    return StandingTerms(**known | said)


def make(market: Market, consumer_id: PersonId | None = None, **said: Any) -> StandingOrder:
    return market.store.run(commands.make_standing, consumer_id or market.person(), terms(market, **said))


def placed(market: Market, cycle_id: CycleId) -> list[Order]:
    """What is ordered in a cycle once everything has happened that happens by itself."""
    tick(market.store)
    return market.store.read(queries.orders, Paging(), cycle_id=cycle_id).items


def turns(market: Market, standing: StandingOrder) -> list[Turn]:
    return market.store.read(standing_queries.turns, Paging(), standing.id).items


def test_what_stands_is_ordered_once_in_every_cycle_that_opens(market: Market) -> None:
    standing = make(market)
    first, bags, _ = market.open()

    (order,) = placed(market, first)
    assert placed(market, first) == [order]
    second, _, _ = market.open()
    (again,) = placed(market, second)

    assert (order.consumer_id, order.place_id) == (standing.consumer_id, PlaceId(market.point.id))
    assert [(line.listing_id, line.packs) for line in order.lines] == [(bags, 3)]
    assert [turn.order_id for turn in turns(market, standing)] == [order.id, again.id]
    assert check(market.store) == []


def test_a_cycle_that_was_open_before_is_not_ordered_from(market: Market) -> None:
    before, _, _ = market.open()
    make(market)

    assert placed(market, before) == []


def test_every_second_cycle_is_every_second_cycle(market: Market) -> None:
    standing = make(market, every=2)
    ordered = [bool(placed(market, market.open()[0])) for _ in range(4)]

    assert ordered == [True, False, True, False]
    assert [turn.order_id is not None for turn in turns(market, standing)] == ordered
    assert all(not turn.left_out for turn in turns(market, standing))


def test_who_rests_is_not_ordered_for_until_they_go_on(market: Market) -> None:
    standing = make(market)
    market.store.run(commands.pause_standing, standing.id)
    resting, _, _ = market.open()
    assert placed(market, resting) == []

    market.store.run(commands.resume_standing, standing.id)

    assert placed(market, resting) == [], "it goes on with the next cycle"
    assert len(placed(market, market.open()[0])) == 1


def test_who_rests_until_a_day_gets_what_is_handed_out_from_then_on(market: Market) -> None:
    hand_out_on = COLLECT_ON + timedelta(days=1)
    later, same = make(market), make(market)
    market.store.run(commands.pause_standing, later.id, hand_out_on + timedelta(days=1))
    market.store.run(commands.pause_standing, same.id, hand_out_on)

    cycle_id, _, _ = market.open()

    assert [order.consumer_id for order in placed(market, cycle_id)] == [same.consumer_id]


def test_what_has_ended_orders_nothing_and_stays_so(market: Market) -> None:
    standing = make(market)
    ended = market.store.run(commands.end_standing, standing.id)
    assert market.store.run(commands.end_standing, standing.id) == ended
    assert ended.state is StandingState.ENDED

    assert placed(market, market.open()[0]) == []
    for change in (
        lambda tx: commands.resume_standing(tx, standing.id),
        lambda tx: commands.pause_standing(tx, standing.id),
        lambda tx: commands.change_standing(tx, standing.id, ended.revision, terms(market)),
    ):
        with pytest.raises(StandingEndedError):
            market.store.run(change)


def test_resting_and_going_on_twice_change_nothing(market: Market) -> None:
    standing = make(market)
    assert market.store.run(commands.resume_standing, standing.id) == standing

    resting = market.store.run(commands.pause_standing, standing.id)
    assert market.store.run(commands.pause_standing, standing.id) == resting
    with pytest.raises(InvalidError):
        market.store.run(commands.pause_standing, standing.id, date(2020, 1, 1))


def test_what_is_not_sold_and_what_is_not_left_is_told_and_the_rest_is_ordered(market: Market) -> None:
    market.lot(50_000, grade=3)
    unsold, dear = Goods(market.apples.id, 5, market.bag.id), Goods(market.apples.id, 3, market.crate.id)
    lines = (StandingLine(bags_of(market), 3), StandingLine(unsold, 1), StandingLine(dear, 6))
    standing = make(market, lines=lines)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id)
    market.list_apples(cycle.id, grade=3)
    market.store.run(cycles.open_cycle, cycle.id)

    (order,) = placed(market, cycle.id)

    assert [line.listing_id for line in order.lines] == [bags]
    (turn,) = turns(market, standing)
    assert turn.left_out == (Missed(unsold, LeftOut.NOT_SOLD), Missed(dear, LeftOut.SOLD_OUT))
    assert turn.refused is None


def test_nothing_is_ordered_where_nothing_of_it_is_sold(market: Market) -> None:
    standing = make(market, lines=(StandingLine(bags_of(market, grade=5), 3),))

    assert placed(market, market.open()[0]) == []
    (turn,) = turns(market, standing)
    assert (turn.order_id, [one.reason for one in turn.left_out]) == (None, [LeftOut.NOT_SOLD])


def test_who_ordered_already_keeps_that_order(market: Market) -> None:
    ada = market.person()
    standing = make(market, ada)
    cycle_id, bags, _ = market.open()
    own = market.place(cycle_id, {bags: 1}, consumer_id=ada)

    assert placed(market, cycle_id) == [own]
    (turn,) = turns(market, standing)
    assert turn.refused == "order-exists"


def test_what_comes_below_the_minimum_once_something_is_left_out_is_not_ordered(market: Market) -> None:
    standing = make(market, packs=2)

    assert placed(market, market.open(minimum_order_minor=900)[0]) == []
    (turn,) = turns(market, standing)
    assert turn.refused == "below-minimum"


def test_tolerance_and_preferences_go_along_as_far_as_the_cycle_sells_them(market: Market) -> None:
    better, crates = bags_of(market, grade=5), Goods(market.apples.id, 4, market.crate.id)
    swap = StandingLine(bags_of(market), 3, 5, Shortage.SWAP, (better, crates))
    lost = StandingLine(crates, 1, None, Shortage.SWAP, (better,))
    make(market, lines=(swap, lost))
    cycle_id, bags, sold_crates = market.open()

    (order,) = placed(market, cycle_id)

    said = {line.listing_id: (line.most_packs, line.shortage, line.substitutes) for line in order.lines}
    assert said == {bags: (5, Shortage.SWAP, (sold_crates,)), sold_crates: (None, Shortage.LESS, ())}


def test_only_cycles_that_hand_out_there_are_ordered_from(market: Market) -> None:
    far = market.country.point("Far")
    standing = make(market, point_id=far.id)

    assert placed(market, market.open(point_ids=(market.point.id,))[0]) == []
    assert turns(market, standing) == []
    assert len(placed(market, market.open()[0])) == 1


def test_of_a_hub_only_its_own_cycles_count_and_private_ones_are_for_who_was_invited(market: Market) -> None:
    other = market.country.hub("Other hub")
    make(market, hub_id=other.id)

    assert placed(market, market.open()[0]) == []
    assert placed(market, market.open(hub_id=other.id, private=True)[0]) == []
    assert len(placed(market, market.open(hub_id=other.id)[0])) == 1


def test_many_homes_are_found_in_as_many_statements_as_few(market: Market) -> None:
    sent: list[str] = []
    asked: list[int] = []
    for persons in (1, 6):
        for _ in range(persons):
            consumer = market.person()
            market.home(consumer)
            make(market, consumer, packs=10, point_id=None)
        cycle_id, _, _ = market.open(homes=HOMES)
        sent.clear()
        event.listen(market.store.engine, "before_cursor_execute", note := lambda _c, _k, said, *_: sent.append(said))
        market.store.run(commands.place_standing, cycle_id)
        event.remove(market.store.engine, "before_cursor_execute", note)
        asked.append(len([said for said in sent if "home_address" in said]))

    assert asked == [1, 1]


def test_what_stands_can_be_brought_home_to_wherever_that_is(market: Market) -> None:
    ada = market.person()
    market.home(ada)
    standing = make(market, ada, packs=10, point_id=None)
    moved = market.home(ada)

    (order,) = placed(market, market.open(homes=HOMES)[0])
    assert (order.at_home, order.place_id) == (True, PlaceId(moved.id))

    market.store.run(people.leave_home, ada)
    assert placed(market, market.open(homes=HOMES)[0]) == []
    assert turns(market, standing)[-1].refused == "missing"


def test_a_paused_cycle_is_ordered_from_when_it_goes_on(market: Market) -> None:
    make(market)
    cycle_id, _, _ = market.open()
    market.store.run(cycles.pause, cycle_id)
    assert placed(market, cycle_id) == []

    market.store.run(cycles.resume, cycle_id)
    assert len(placed(market, cycle_id)) == 1


def test_with_who_is_erased_what_they_ordered_again_and_again_ends(market: Market) -> None:
    standing = make(market)
    market.store.run(people.erase_person, standing.consumer_id)
    tick(market.store)

    assert placed(market, market.open()[0]) == []
    ended = market.store.read(standing_queries.standing_order, standing.id, standing.consumer_id)
    assert ended.state is StandingState.ENDED


def test_a_change_counts_from_the_next_cycle_and_not_for_a_stale_device(market: Market) -> None:
    standing = make(market)
    changed = market.store.run(commands.change_standing, standing.id, 1, terms(market, packs=4))

    assert (changed.lines[0].packs, changed.revision) == (4, 2)
    with pytest.raises(StaleError):
        market.store.run(commands.change_standing, standing.id, 1, terms(market))
    assert placed(market, market.open()[0])[0].lines[0].packs == 4


def test_somebody_elses_standing_order_does_not_exist(market: Market) -> None:
    standing, bob = make(market), market.person()

    for key in (standing.id, StandingId(uuid7())):
        with pytest.raises(MissingError):
            market.store.read(standing_queries.standing_order, key, bob)
    assert market.store.read(standing_queries.standing_orders, Paging(), bob).items == []
    assert market.store.read(standing_queries.standing_orders, Paging(), standing.consumer_id).items == [standing]


def test_two_schedulers_that_look_at_once_order_once(market: Market) -> None:
    standing = make(market)
    cycle_id, _, _ = market.open()

    done = at_once([lambda: market.store.run(commands.place_standing, cycle_id)] * 4)

    assert sorted(done) == [0, 0, 0, 1]
    assert len(turns(market, standing)) == len(placed(market, cycle_id)) == 1
