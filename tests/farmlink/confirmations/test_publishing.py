import pytest

from farmlink.confirmations import queries
from farmlink.cycles.values import Stage
from farmlink.network import commands as network
from farmlink.planning import commands as planning
from farmlink.planning.queries import published_plan
from farmlink.planning.rules import NotPlannableError, PlanOutdatedError
from farmlink.planning.values import PinChange
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply import queries as lots
from farmlink.supply.values import LotChange
from tests.farmlink.planning.builders import NO, YES, Season, part, run_sql


def test_a_published_plan_holds_and_asks_each_farm_once_for_one_quantity(store: Store) -> None:
    season = Season.closed(store)
    plan_id = season.plan()
    published = season.publish(plan_id)
    taken = season.taken()
    assert (published.asked, published.kept, published.withdrawn, season.stage()) == (
        len(taken),
        0,
        0,
        Stage.CONFIRMING,
    )
    assert {asked.lot_id: asked.quantity for asked in season.asked()} == taken
    assert {lot_id: season.allocated(lot_id) for lot_id in taken} == taken


def test_publishing_twice_asks_and_takes_once(store: Store) -> None:
    season = Season.closed(store)
    plan_id = season.plan()
    season.publish(plan_id)
    assert season.publish(plan_id).asked == 0
    assert sum(season.allocated(lot_id) for lot_id in season.lots) == 50_000


def test_a_question_whose_quantity_did_not_change_is_not_asked_again(store: Store) -> None:
    season = Season.closed(store).planned()
    before = season.asked()
    published = season.publish(season.plan())
    assert (published.asked, published.kept) == (0, len(before))
    assert season.asked() == before


def test_a_question_whose_quantity_changed_is_withdrawn_and_asked_anew(store: Store) -> None:
    season = Season.closed(store, lots=(60_000,)).planned()
    (old,) = season.asked()
    store.run(planning.set_pins, season.cycle_id, [PinChange(season.lots[0], 0, 20_000)])
    published = season.publish(season.plan())
    assert (published.asked, published.kept, published.withdrawn) == (1, 0, 1)
    assert store.read(queries.request, old.id).state == "superseded"
    assert season.asked()[0].quantity == 20_000
    assert season.allocated(season.lots[0]) == 20_000


def test_a_plan_that_sends_nothing_is_confirmed_at_once(store: Store) -> None:
    season = Season.closed(store)
    run_sql(store, "UPDATE lot SET state = 'withdrawn'")
    published = season.publish(season.plan())
    assert (published.asked, season.stage()) == (0, Stage.CONFIRMED)


def test_a_lot_that_was_withdrawn_after_the_plan_was_made_outdates_it(store: Store) -> None:
    season = Season.closed(store)
    plan_id = season.plan()
    for lot_id in season.lots:
        store.run(supply.withdraw_lot, lot_id)
    with pytest.raises(PlanOutdatedError):
        season.publish(plan_id)
    assert (season.stage(), season.asked()) == (Stage.PLANNED, [])


def test_a_lot_that_another_cycle_took_meanwhile_outdates_the_plan(store: Store) -> None:
    season = Season.closed(store)
    plan_id = season.plan()
    store.run(supply.set_allocated, dict.fromkeys(season.lots, 59_000))
    with pytest.raises(PlanOutdatedError):
        season.publish(plan_id)
    assert store.read(published_plan, season.cycle_id) is None


def test_a_lot_that_its_farm_made_smaller_meanwhile_outdates_the_plan(store: Store) -> None:
    season = Season.closed(store, lots=(60_000,))
    plan_id = season.plan()
    lot = store.read(lots.lot, season.lots[0])
    smaller = LotChange(
        quantity=40_000,
        minimum=0,
        ask_minor_per_1000=lot.ask_minor_per_1000,
        daily_capacity=40_000,
        forecast_low=0,
        forecast_likely=40_000,
        forecast_high=40_000,
    )
    store.run(supply.change_lot, lot.id, smaller, lot.revision)
    with pytest.raises(PlanOutdatedError):
        season.publish(plan_id)


def test_a_plan_is_not_published_once_goods_move(store: Store) -> None:
    season = Season.closed(store).confirmed()
    late = season.plan()
    run_sql(store, "UPDATE order_cycle SET stage = 'moving'")
    with pytest.raises(NotPlannableError):
        season.publish(late)


def test_a_plan_made_to_be_looked_at_does_not_disturb_a_confirmed_cycle(store: Store) -> None:
    season = Season.closed(store).confirmed()
    season.plan()
    assert season.stage() is Stage.CONFIRMED


def test_a_re_plan_keeps_every_promise_and_asks_only_for_what_is_new(store: Store) -> None:
    season = Season.closed(store, lots=(30_000, 30_000, 60_000)).planned()
    asked = season.asked()
    for request in asked[:-1]:
        season.answer(request.id, YES)
    refused = season.answer(asked[-1].id, NO)
    season.publish(season.plan())
    taken = season.taken()
    assert all(taken[request.lot_id] >= request.quantity for request in asked[:-1])
    assert refused.lot_id not in taken
    assert {request.lot_id for request in season.asked()} <= set(season.lots) - {refused.lot_id}
    assert all(request.floor == season.pins().get(request.lot_id, (0, 0))[0] for request in season.asked())


def test_a_promise_is_the_floor_of_a_later_question_and_stands_when_that_is_declined(store: Store) -> None:
    season = Season.closed(store, lots=(30_000, 40_000), bags=(50,)).planned()
    first, second = sorted(season.asked(), key=lambda asked: asked.quantity)
    season.answer(second.id, part(second.quantity - 8_000))
    season.answer(first.id, YES)
    season.publish(season.plan())
    (more,) = season.asked()
    assert (more.lot_id, more.floor) == (first.lot_id, first.quantity)
    assert season.answer(more.id, NO).answered == first.quantity
    season.publish(season.plan())
    assert season.taken() == {first.lot_id: first.quantity, second.lot_id: second.quantity - 8_000}
    assert season.stage() is Stage.CONFIRMED


def test_two_cycles_may_ask_about_the_same_lot_on_the_same_day(store: Store) -> None:
    season = Season.closed(store, lots=(100_000,))
    store.run(network.add_vehicle, season.market.country.vehicle_draft(season.market.hub, "Reefer 2"))
    other_cycle, bags, _ = season.market.open()
    season.market.place(other_cycle, {bags: 10})
    season.planned()
    other = Season(season.market, other_cycle)
    other.close()
    other.planned()
    assert (season.asked()[0].quantity, other.asked()[0].quantity) == (50_000, 10_000)
    assert season.allocated(season.lots[0]) == 60_000
