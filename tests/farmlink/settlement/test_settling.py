from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.ledger.values import AccountKind
from farmlink.orders import commands as orders
from farmlink.orders.values import CancelReason
from farmlink.payments.values import State
from farmlink.planning import queries as planning
from farmlink.settlement import queries, rules
from farmlink.settlement.values import Item
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.planning.builders import force_sql, run_sql
from tests.farmlink.settlement.builders import Ledgered, under

EVERYBODYS = (AccountKind.HUB, AccountKind.CARRIAGE, AccountKind.SPREAD, AccountKind.RELIEF, AccountKind.TAX)


@pytest.fixture
def season(store: Store) -> Ledgered:
    """Fifty kilograms, for an order of thirty and one of twenty; leaders earn three per cent."""
    under(store, leader_commission_ppm=30_000)
    return Ledgered.done(store)


def test_everybody_is_charged_what_they_got_and_all_of_it_goes_somewhere(season: Ledgered) -> None:
    settled = season.settle()

    assert (settled.orders, settled.charged_minor) == (2, 15_000)
    assert [season.charge(order).total_minor for order in season.orders] == [9_000, 6_000]
    leader = -season.on(AccountKind.COMMISSION, season.market.point.id)
    assert leader == 450
    assert sum(map(season.hub, EVERYBODYS)) + season.earned() + leader == 15_000
    assert check(season.store) == []


def test_farms_get_their_ask_and_small_ones_half_of_their_commission(season: Ledgered) -> None:
    season.settle()
    relief = -season.hub(AccountKind.RELIEF)
    assert (season.earned() - relief, relief) == (10_000, 375)
    items = {line.item for farm in season.farms() for line in season.statement(farm, AccountKind.FARM)}
    assert items == {Item.GOODS, Item.RELIEF}


def test_carriage_is_what_the_plans_transport_costs(season: Ledgered) -> None:
    season.settle()
    plan_id = season.store.read(planning.published_plan, season.cycle_id)
    assert plan_id is not None
    cost = season.store.read(planning.get_plan, plan_id).figures["cost_minor"]
    transport = sum(cost[part] for part in ("collection", "line_haul", "delivery", "parcel"))
    assert season.hub(AccountKind.CARRIAGE) == transport > 0


def test_a_statement_adds_up_to_what_stands_on_the_account(season: Ledgered) -> None:
    season.settle()
    for farm in season.farms():
        lines = season.statement(farm, AccountKind.FARM)
        assert sum(line.amount_minor for line in lines) == -season.on(AccountKind.FARM, farm)
    (goods, _) = season.store.read(queries.statement_sums, season.farms()[0], [AccountKind.FARM], season.cycle_id)
    assert (goods.item, goods.lines) == (
        Item.GOODS,
        len([one for one in season.statement(season.farms()[0], AccountKind.FARM) if one.item is Item.GOODS]),
    )


def test_settling_twice_changes_nothing(season: Ledgered) -> None:
    first = season.settle()
    assert season.settle() == first
    assert season.on(AccountKind.COMMISSION, season.market.point.id) == -450


def test_a_cycle_is_settled_by_itself_when_it_is_finished(season: Ledgered) -> None:
    season.relay()
    assert season.charge(season.orders[0]).total_minor == 9_000
    kinds = season.store.run(lambda tx: tx.execute("SELECT kind FROM message").scalars().all())
    assert list(kinds).count("final-price") == 2


def test_nobody_is_charged_before_the_cycle_is_done(store: Store) -> None:
    season = Ledgered.on_the_way(store)
    with pytest.raises(rules.CycleNotDoneError):
        season.settle()


def test_what_did_not_come_is_not_charged_and_goes_back_out_of_the_hold(store: Store) -> None:
    season = Ledgered.on_the_way(store)
    thirty = season.orders[0]
    season.check_out(thirty, 10_000)
    season.handed_out(part=2)
    season.settle()

    payment = season.payment(thirty)
    assert (payment.state, payment.charged_minor, payment.captured_minor) == (State.CAPTURED, 4_500, 4_500)
    assert season.on(AccountKind.CREDIT, thirty.consumer_id) == -5_500
    assert season.on(AccountKind.RECEIVABLE, thirty.consumer_id) == 0
    assert season.payment(season.orders[1]).state is State.DUE
    assert check(store) == []


def test_what_nobody_fetched_is_not_charged_and_its_farm_is_paid(store: Store) -> None:
    season = Ledgered.on_the_way(store)
    season.check_out(season.orders[1], 6_000)
    season.receive()
    season.share()
    season.hand_out_point(waiting=[season.orders[1]])
    season.finish()
    season.settle()

    assert season.charge(season.orders[1]).total_minor == 0
    assert season.payment(season.orders[1]).state is State.RELEASED
    assert season.on(AccountKind.CREDIT, season.orders[1].consumer_id) == -6_000
    goods = [
        one for farm in season.farms() for one in season.statement(farm, AccountKind.FARM) if one.item is Item.GOODS
    ]
    assert sum(one.amount_minor for one in goods) == 10_000
    assert check(store) == []


def test_an_order_of_which_nothing_came_leaves_no_entry(store: Store) -> None:
    season = Ledgered.on_the_way(store)
    season.receive(lambda _: 0)
    season.share()
    season.over()
    assert season.settle().charged_minor == 0
    assert season.charge(season.orders[0]).total_minor == 0
    assert check(store) == []


def test_what_filled_no_pack_is_paid_to_its_farm(store: Store) -> None:
    season = Ledgered.on_the_way(store, lots=(60_000,), bags=(30,))
    season.receive(lambda view: view.allocated - 500)
    season.share()
    season.over()
    season.settle()

    (left,) = [one for one in season.statement(season.farms()[0], AccountKind.FARM) if one.line_id is None]
    assert (left.item, left.quantity, left.amount_minor) == (Item.GOODS, 500, 100)
    assert season.charge(season.orders[0]).total_minor == 29 * 300
    assert check(store) == []


def test_an_order_that_was_cancelled_is_not_charged(store: Store) -> None:
    season = Ledgered.opened(store)
    for packs in (30, 20):
        season.order(packs)
    season.store.run(orders.cancel, season.orders[1].id, CancelReason.CONSUMER)
    season.close()
    season.confirmed()
    season.handed_out()
    assert season.settle().orders == 1
    assert check(store) == []


def test_a_cycle_is_settled_under_the_charges_that_it_pinned(store: Store) -> None:
    under(store, crate_deposit_minor=400, crate_g=20_000, order_fee_minor=50)
    season = Ledgered.done(store)
    season.settle()

    charges = [season.charge(order) for order in season.orders]
    assert [(one.deposit_minor, one.crates, one.total_minor) for one in charges] == [(800, 2, 9_800), (400, 1, 6_400)]
    assert season.on(AccountKind.DEPOSIT, season.orders[0].consumer_id) == -800
    assert season.on(AccountKind.COMMISSION, season.market.point.id) == 0
    assert check(store) == []


def test_a_delivery_fee_is_charged_with_what_it_brings(store: Store) -> None:
    season = Ledgered.closed(store, delivery_fee_minor=300).confirmed()
    season.handed_out()
    season.settle()
    assert [season.charge(order).delivery_minor for order in season.orders] == [300, 300]
    assert check(store) == []


def test_tax_is_kept_by_itself(store: Store) -> None:
    season = Ledgered.opened(store)
    run_sql(store, "UPDATE listing SET tax_ppm = 70000")
    season.order(10)
    season.close()
    season.confirmed()
    season.handed_out()
    season.settle()
    assert season.hub(AccountKind.TAX) == 196
    assert check(store) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE order_charge SET total_minor = 0, goods_minor = 0",
        "DELETE FROM statement_line",
        "DELETE FROM settled_cycle",
        "UPDATE order_cycle SET stage = 'moving'",
    ],
)
def test_a_settled_cycle_is_never_opened_again(season: Ledgered, statement: str) -> None:
    settled = season.settle()
    with pytest.raises(DBAPIError):
        run_sql(season.store, statement)
    assert season.store.read(queries.settled, season.cycle_id) == settled


def test_the_database_settles_no_cycle_that_is_under_way(store: Store) -> None:
    season = Ledgered.on_the_way(store)
    statement = f"INSERT INTO settled_cycle VALUES ('{season.cycle_id}', 0, 0, 'USD', now())"
    with pytest.raises(DBAPIError, match="not done"):
        run_sql(store, statement)


def test_a_cycle_of_which_nothing_was_ordered_comes_to_nothing(store: Store) -> None:
    season = Ledgered.opened(store)
    force_sql(store, "UPDATE order_cycle SET stage = 'done', closed_at = now(), threshold_state = 'released'")
    settled = season.settle()
    assert (settled.orders, settled.charged_minor) == (0, 0)
    assert store.read(queries.carriage_minor, season.cycle_id) == 0
