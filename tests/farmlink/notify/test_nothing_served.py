"""A cycle to which nothing comes ends by itself: nobody waits for a person to say so, and every hold goes back."""

from __future__ import annotations

import threading
from email.message import EmailMessage

import pytest

from farmlink import scheduler
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Stage, ThresholdState
from farmlink.dispatch import commands as dispatch
from farmlink.people.values import Role
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.demand.purses import credit, held, pay
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.notify.builders import PostOffice, body
from tests.farmlink.planning.builders import run_sql

ANA, HUB = "ana@example.org", "hub@example.org"
FETCHED = "UPDATE order_cycle SET collect_on = current_date - {days}, hand_out_on = current_date + {handed_out}"


@pytest.fixture
def goods(post: PostOffice) -> Goods:
    """Thirty kilograms for Ana, paid from her credit; then the only farm withdraws, and the plan serves nothing."""
    season = Goods.opened(post.store, lots=[60_000])
    season.order(30)
    run_sql(post.store, "UPDATE person SET email = :email WHERE id = :id", email=ANA, id=season.orders[0].consumer_id)
    pay(post.store, season.orders[0])
    season.close()
    post.person(HUB, role=Role.PLANNER, organisation_id=season.market.hub.organisation_id)
    run_sql(post.store, "UPDATE lot SET state = 'withdrawn'")
    season.planned()
    post.send()
    return season


def days_after_collection(goods: Goods, days: int, handed_out: int = 1) -> Stage:
    """Let so many days pass since the trucks came, so many be left until the hand-out, and what is due be done."""
    run_sql(goods.store, FETCHED.format(days=days, handed_out=handed_out))
    for job in scheduler.JOBS:
        if job.name == "unserved":
            job.work(goods.store, stop=threading.Event())
    goods.relay()
    return goods.stage()


def letters_to(post: PostOffice, email: str) -> list[EmailMessage]:
    return [letter for letter in post.letters() if letter["To"] == email]


def test_a_cycle_to_which_nothing_comes_ends_by_itself_once_the_day_of_collection_is_over(
    post: PostOffice, goods: Goods
) -> None:
    (order,) = goods.orders
    assert (goods.stage(), held(goods.store, order)) == (Stage.CONFIRMED, 9_000)

    assert days_after_collection(goods, 2) is Stage.DONE

    assert (held(goods.store, order), credit(goods.store, order.consumer_id)) == (0, 9_000)
    assert goods.store.read(cycles.cycle, goods.cycle_id).threshold_state is ThresholdState.RELEASED
    assert (goods.line(order).due, goods.line(order).handed_out, goods.line(order).reason) == (0, 0, "no-supply")
    post.send()
    assert "Nothing of your order for" in body(letters_to(post, ANA)[-2])
    assert "No farm offers it this time." in body(letters_to(post, ANA)[-2])
    assert "Nothing is charged." in body(letters_to(post, ANA)[-1])
    assert check(goods.store) == []


def test_until_the_day_of_collection_is_over_the_cycle_can_be_planned_again(post: PostOffice, goods: Goods) -> None:
    assert "it ends by itself after the day of collection" in body(letters_to(post, HUB)[-1])
    goods.market.lot(60_000)
    goods.confirmed()

    assert days_after_collection(goods, 2) is Stage.CONFIRMED, "what a farm promised, somebody must count"
    assert held(goods.store, goods.orders[0]) == 9_000


def test_on_the_day_of_collection_itself_nothing_ends(goods: Goods) -> None:
    assert days_after_collection(goods, -1) is Stage.CONFIRMED
    assert not goods.store.run(dispatch.end_unserved, goods.cycle_id)


@pytest.fixture
def promised(post: PostOffice) -> Goods:
    """Thirty kilograms for Ana, paid from her credit, that a farm promised."""
    season = Goods.opened(post.store, lots=[60_000])
    season.order(30)
    pay(post.store, season.orders[0])
    season.close()
    return season.confirmed()


def test_what_nobody_published_because_it_serves_nothing_ends_by_itself_too(store: Store, post: PostOffice) -> None:
    goods = Goods.opened(store, lots=[60_000])
    order = goods.order(30)
    pay(store, order)
    goods.close()
    run_sql(store, "UPDATE lot SET state = 'withdrawn'")
    goods.plan()
    assert goods.stage() is Stage.PLANNED

    assert days_after_collection(goods, 2) is Stage.DONE

    assert (held(store, order), credit(store, order.consumer_id)) == (0, 9_000)
    assert check(store) == []


def test_a_plan_that_serves_somebody_and_that_nobody_published_waits_for_its_planner(store: Store) -> None:
    goods = Goods.closed(store)
    goods.plan()

    assert days_after_collection(goods, 2) is Stage.PLANNED


@pytest.mark.parametrize("shared", [False, True])
def test_a_cycle_of_which_nothing_came_ends_by_itself_though_it_was_counted(promised: Goods, *, shared: bool) -> None:
    (order,) = promised.orders
    promised.receive(lambda _: 0)
    if shared:
        promised.share()
    assert days_after_collection(promised, -1) is Stage.MOVING

    assert days_after_collection(promised, 4, handed_out=-2) is Stage.DONE

    assert (held(promised.store, order), credit(promised.store, order.consumer_id)) == (0, 9_000)
    assert check(promised.store) == []


def test_a_truck_that_is_late_may_come_as_long_as_it_can_be_handed_out(promised: Goods) -> None:
    (order,) = promised.orders
    promised.receive(lambda _: 0)

    assert days_after_collection(promised, 2, handed_out=1) is Stage.MOVING
    assert held(promised.store, order) == 9_000
    promised.receive(lambda view: view.allocated)
    assert days_after_collection(promised, 4, handed_out=-2) is Stage.MOVING


def test_what_was_shared_of_nothing_waits_for_nobody(promised: Goods) -> None:
    promised.receive(lambda _: 0)
    promised.share()

    assert days_after_collection(promised, 2, handed_out=1) is Stage.DONE


@pytest.mark.parametrize("shared", [False, True])
def test_a_cycle_of_which_something_came_waits_for_who_hands_it_out(promised: Goods, *, shared: bool) -> None:
    promised.receive(lambda view: view.allocated // 2)
    if shared:
        promised.share()

    assert days_after_collection(promised, 2) is Stage.MOVING


def test_ending_it_twice_changes_nothing(goods: Goods) -> None:
    days_after_collection(goods, 2)

    assert days_after_collection(goods, 2) is Stage.DONE
    assert not goods.store.run(dispatch.end_unserved, goods.cycle_id)
