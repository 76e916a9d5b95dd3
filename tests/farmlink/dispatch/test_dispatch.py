import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.cycles.queries import listings
from farmlink.cycles.values import Stage
from farmlink.dispatch import commands, queries, rules
from farmlink.dispatch.values import Handed, ShortReason
from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import run_sql


@pytest.fixture
def goods(store: Store) -> Goods:
    """Fifty kilograms, promised, for an order of thirty and one of twenty."""
    return Goods.closed(store).confirmed()


def test_a_cycle_goes_from_the_count_to_the_last_hand(goods: Goods) -> None:
    assert goods.receive() == len(goods.receipts())
    assert goods.stage() is Stage.MOVING
    assert goods.share() == 2
    for order in goods.orders:
        goods.hand_out(order)
    assert goods.finish()
    flow = goods.flow()
    assert (flow.ordered_minor, flow.due_minor, flow.handed_out_minor, flow.short_minor) == (15_000, 15_000, 15_000, {})
    assert goods.stage() is Stage.DONE
    assert check(goods.store) == []


def test_nothing_is_counted_before_every_farm_has_answered(store: Store) -> None:
    with pytest.raises(rules.NotOnTheWayError):
        Goods.closed(store).planned().receive()


def test_a_cycle_without_a_plan_sends_nothing(store: Store) -> None:
    assert Goods.closed(store).receipts() == []


def test_counting_again_corrects_and_the_same_count_changes_nothing(goods: Goods) -> None:
    goods.receive(lambda _view: 0)
    assert goods.receive() == len(goods.receipts())
    assert goods.receive() == 0
    assert all(view.received == view.allocated for view in goods.receipts())


def test_nothing_is_counted_after_it_was_shared_out(goods: Goods) -> None:
    goods.receive()
    goods.share()
    with pytest.raises(rules.AlreadySharedError):
        goods.receive(lambda _view: 0)


def test_what_came_in_short_is_short_for_everybody_by_what_they_ordered(goods: Goods) -> None:
    goods.receive(lambda view: view.allocated // 2)
    goods.share()
    dues = [(goods.line(order).due, goods.line(order).reason) for order in goods.orders]
    assert dues == [(15_000, "not-received"), (10_000, "not-received")]
    assert goods.flow().short_minor == {"not-received": 7_500}


def test_what_was_never_planned_is_short_with_the_plans_own_reason(store: Store) -> None:
    goods = Goods.closed(store, lots=(50_000,), bags=(30, 20))
    run_sql(store, "UPDATE lot SET quantity = 25000, minimum = 0")
    goods.confirmed()
    goods.receive()
    goods.share()
    (reason,) = {short.reason for short in goods.shortfalls()}
    assert reason == "sold-out"
    assert [goods.line(order).reason for order in goods.orders] == [reason, reason]
    assert goods.flow().short_minor == {reason: 7_500}
    assert check(store) == []


def test_when_nobody_gets_anything_each_line_still_says_why_the_plan_sends_nothing(store: Store) -> None:
    goods = Goods.closed(store, lots=(50_000,), bags=(30, 20))
    run_sql(store, "UPDATE lot SET state = 'withdrawn'")
    goods.confirmed()
    assert goods.receipts() == []
    goods.share()
    goods.finish()
    (reason,) = {short.reason for short in goods.shortfalls()}
    assert [(goods.line(order).due, goods.line(order).reason) for order in goods.orders] == [(0, reason), (0, reason)]
    assert goods.flow().short_minor == {reason: 15_000}
    assert check(store) == []


def test_sharing_twice_changes_nothing(goods: Goods) -> None:
    goods.receive()
    assert (goods.share(), goods.share()) == (2, 0)


def test_nothing_is_shared_out_before_anything_was_counted(goods: Goods) -> None:
    with pytest.raises(rules.NothingCountedError):
        goods.share()
    assert goods.stage() is Stage.CONFIRMED
    assert goods.receive() == len(goods.receipts())


def test_goods_that_did_not_come_at_all_are_shared_as_not_received(goods: Goods) -> None:
    goods.receive(lambda _view: 0)
    assert goods.share() == 2
    assert goods.stage() is Stage.MOVING
    assert [goods.line(order).due for order in goods.orders] == [0, 0]


def test_an_order_is_handed_out_once_and_saying_so_again_changes_nothing(goods: Goods) -> None:
    goods.receive()
    goods.share()
    order = goods.orders[0]
    goods.hand_out(order)
    ended = goods.line(order)
    goods.hand_out(order)
    goods.hand_out(order, [Handed(ended.line_id, 30_000)])
    assert goods.line(order) == ended
    assert (ended.handed_out, ended.reason) == (30_000, None)


def test_a_line_that_ended_cannot_end_otherwise(goods: Goods) -> None:
    goods.receive(lambda _view: 0)
    goods.share()
    order = goods.orders[0]
    run_sql(goods.store, "UPDATE hand_out SET due = ordered, reason = NULL")
    line_id = goods.line(order).line_id
    goods.hand_out(order, [Handed(line_id, 10_000, ShortReason.SPOILED)])
    for said in (None, [Handed(line_id, 30_000)]):
        with pytest.raises(rules.HandedOutOtherwiseError):
            goods.hand_out(order, said)
    assert goods.line(order).end_reason == "spoiled"


def test_nothing_is_handed_out_before_it_was_shared(goods: Goods) -> None:
    with pytest.raises(rules.NotSharedError):
        goods.hand_out(goods.orders[0])


def test_a_line_of_another_order_does_not_exist_here(goods: Goods) -> None:
    goods.receive(lambda _view: 0)
    goods.share()
    for line_id in (goods.line(goods.orders[1]).line_id, OrderLineId(uuid7())):
        with pytest.raises(MissingError):
            goods.hand_out(goods.orders[0], [Handed(line_id, 0)])


def test_saying_nothing_of_any_line_ends_none(goods: Goods) -> None:
    goods.receive(lambda _view: 0)
    goods.share()
    goods.hand_out(goods.orders[0], [])
    assert goods.line(goods.orders[0]).ended_at is None


def test_what_nobody_fetched_was_not_collected(goods: Goods) -> None:
    goods.receive()
    goods.share()
    goods.hand_out(goods.orders[0])
    assert goods.finish()
    assert not goods.finish()
    left = goods.line(goods.orders[1])
    assert (left.handed_out, left.reason, left.end_reason) == (0, None, "not-collected")
    assert goods.flow().short_minor == {"not-collected": 6_000}


def test_what_came_short_and_what_was_not_fetched_keep_their_own_reasons(goods: Goods) -> None:
    goods.receive(lambda view: view.allocated // 2)
    goods.share()
    fetched = goods.line(goods.orders[1])
    goods.hand_out(goods.orders[1], [Handed(fetched.line_id, 6_000, ShortReason.SPOILED)])
    goods.finish()
    left = goods.line(goods.orders[0])
    assert (left.due, left.handed_out, left.reason, left.end_reason) == (15_000, 0, "not-received", "not-collected")
    assert goods.flow().short_minor == {"not-received": 7_500, "not-collected": 4_500, "spoiled": 1_200}
    assert check(goods.store) == []


def test_a_cycle_does_not_end_before_it_was_shared(goods: Goods) -> None:
    goods.receive()
    with pytest.raises(rules.NotSharedError):
        goods.finish()


def test_an_end_cannot_be_changed_even_by_hand(goods: Goods) -> None:
    goods.receive(lambda _view: 0)
    goods.share()
    goods.finish()
    with pytest.raises(DBAPIError, match="has ended"):
        run_sql(goods.store, "UPDATE hand_out SET handed_out = 0, end_reason = 'spoiled'")


def test_an_order_says_it_is_handed_out_when_its_last_line_is(store: Store) -> None:
    goods = Goods.opened(store)
    listed = {one.pack: one.id for one in store.read(listings, goods.cycle_id)}
    goods.orders.append(goods.market.place(goods.cycle_id, {listed[1000]: 10, listed[10_000]: 1}))
    goods.close()
    goods.confirmed()
    goods.receive()
    goods.share()
    first, last = store.read(queries.hand_outs, goods.orders[0].id)
    goods.hand_out(goods.orders[0], [Handed(first.line_id, first.due)])
    assert _told(goods) == 0
    goods.hand_out(goods.orders[0])
    assert _told(goods) == 1
    assert all(line.handed_out == line.due for line in store.read(queries.hand_outs, goods.orders[0].id))
    assert last.handed_out is None
    goods.hand_out(goods.orders[0])
    assert _told(goods) == 1


def _told(goods: Goods) -> int:
    said = "SELECT count(*) FROM outbox_event WHERE name = 'dispatch.handed-out.v1'"
    return goods.store.read(lambda tx: int(tx.execute(said).scalar_one()))


def test_a_whole_point_is_handed_out_at_once_but_for_those_who_still_wait(goods: Goods) -> None:
    goods.receive()
    goods.share()
    first, second = goods.orders
    with pytest.raises(rules.NotAtPointError):
        goods.store.run(commands.hand_out_point, goods.cycle_id, goods.market.point.id, [OrderId(uuid7())])
    assert goods.hand_out_point([second]) == 1
    assert (goods.line(first).handed_out, goods.line(second).handed_out) == (30_000, None)
    assert (goods.hand_out_point(), goods.hand_out_point()) == (1, 0)
    assert _told(goods) == 2


def test_a_point_hands_out_nothing_before_it_was_shared(goods: Goods) -> None:
    with pytest.raises(rules.NotSharedError):
        goods.hand_out_point()


def test_the_database_itself_takes_no_count_above_what_was_sent_nor_after_the_sharing(goods: Goods) -> None:
    goods.receive()
    with pytest.raises(DBAPIError, match="than was sent"):
        run_sql(goods.store, "UPDATE receipt SET received = received + 1")
    run_sql(goods.store, "UPDATE receipt SET received = received - 1")
    goods.share()
    with pytest.raises(DBAPIError, match="shared out"):
        run_sql(goods.store, "UPDATE receipt SET received = 0")
