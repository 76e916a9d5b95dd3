"""From a door's order to a door's hand-out: planned by the real solver, brought by who may, and ended once."""

from __future__ import annotations

import pytest

from farmlink.confirmations import commands as confirmations
from farmlink.cycles.values import Stage
from farmlink.dispatch import queries, rules
from farmlink.dispatch.values import Handed, ShortReason
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Paging
from farmlink.network.values import HomeId
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import Membership, OrganisationId, OrganisationKind, PersonId, Principal, Role
from farmlink.planning import queries as plans
from farmlink.planning import work
from farmlink.planning.values import Budget
from farmlink.store.check import check
from farmlink.store.store import Store
from solver.check import check_problem
from tests.farmlink.cycles.builders import ELM_STREET, HOMES, NEAR_HUB
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import YES

QUICK = Budget(seed=3, iterations=5)


def as_(role: Role, organisation_id: OrganisationId, person_id: PersonId | None = None) -> Principal:
    """Somebody with one role in one house."""
    return Principal(person_id or PersonId(organisation_id), (Membership(role, organisation_id),))


def driver(goods: Goods) -> Principal:
    """Somebody who drives for the market's hub."""
    return as_(Role.DRIVER, goods.market.hub.organisation_id)


@pytest.fixture
def goods(store: Store) -> Goods:
    """An order of thirty bags at the point and one of twenty that is brought home, both promised."""
    goods = Goods.opened(store, homes=HOMES)
    goods.order(30)
    goods.order_home(20)
    goods.close()
    return goods.confirmed()


def test_one_order_goes_home_from_placing_to_the_last_hand(store: Store) -> None:
    goods = Goods.opened(store, (600_000, 600_000), homes=HOMES)
    goods.order(400)
    home = goods.order_home(200)
    goods.close()

    plan_id = work.plan_cycle(store, goods.cycle_id, "test", QUICK, publish=True)
    made = store.read(plans.get_plan, plan_id)
    assert (made.degraded, made.figures["fill_rate"]) == (False, 1.0)
    stops = [stop for route in store.read(plans.routes, plan_id) if route.phase == "delivery" for stop in route.stops]
    assert (home.place_id, 200_000) in {(stop.place_id, stop.weight_g) for stop in stops}
    store.run(confirmations.publish, plan_id)
    for asked in goods.asked():
        goods.answer(asked.id, YES)
    goods.receive()
    goods.share()
    for order in goods.orders:
        goods.hand_out(order)
    assert goods.finish()

    assert goods.stage() is Stage.DONE
    assert [goods.line(order).handed_out for order in goods.orders] == [400_000, 200_000]
    assert goods.flow().short_minor == {}
    assert check(store) == []


def test_a_home_is_a_stop_of_its_own_that_takes_a_knock_at_a_door(store: Store) -> None:
    goods = Goods.opened(store, homes=HOMES)
    goods.order(30)
    home = goods.order_home(20)
    goods.close()
    problem = goods.problem()
    check_problem(problem)
    row = list(problem.points.id).index(str(home.place_id))
    place = problem.points.place[row]
    assert (problem.places.latitude_e6[place], problem.places.longitude_e6[place]) == (
        round(NEAR_HUB.latitude_e6, -3),
        round(NEAR_HUB.longitude_e6, -3),
    )
    assert (problem.points.service_s[row], problem.points.service_s[1 - row]) == (240, 720)
    assert (problem.points.by_truck[row], problem.points.by_parcel[row]) == (True, True)
    assert problem.points.opens_s[row] == problem.points.opens_s[1 - row]


def test_who_brings_it_learns_to_whom_and_where_while_it_is_on_the_way(goods: Goods) -> None:
    [delivery] = goods.store.read(queries.home_deliveries, driver(goods), goods.cycle_id, Paging()).items
    home = goods.orders[1]
    assert (delivery.order_id, delivery.home_id, delivery.name) == (home.id, HomeId(home.place_id), "Ada")
    assert (delivery.address, delivery.coordinates, delivery.phone) == (ELM_STREET, NEAR_HUB, None)
    goods.receive()
    goods.share()
    goods.finish()
    with pytest.raises(rules.NotOnTheWayError):
        goods.store.read(queries.home_deliveries, driver(goods), goods.cycle_id, Paging())


def test_nobody_learns_addresses_before_every_farm_has_answered(store: Store) -> None:
    goods = Goods.opened(store, homes=HOMES)
    goods.order_home(20)
    goods.close()
    with pytest.raises(rules.NotOnTheWayError):
        store.read(queries.home_deliveries, driver(goods), goods.cycle_id, Paging())


def test_an_erased_persons_order_names_nobody_and_keeps_its_door_until_it_has_ended(goods: Goods) -> None:
    home = goods.orders[1]
    goods.store.run(people.erase_person, home.consumer_id)
    goods.relay()
    [delivery] = goods.store.read(queries.home_deliveries, driver(goods), goods.cycle_id, Paging()).items
    assert (delivery.name, delivery.phone, delivery.address, delivery.coordinates) == ("", None, ELM_STREET, NEAR_HUB)
    goods.receive()
    goods.share()
    goods.hand_out(home, [Handed(goods.line(home).line_id, 0, ShortReason.NOT_COLLECTED)])
    goods.hand_out(goods.orders[0])
    assert goods.finish()
    goods.relay()
    assert goods.store.read(persons.addresses, [HomeId(home.place_id)]) == {}
    assert check(goods.store) == []


@pytest.mark.parametrize("role", [Role.DOCK, Role.DRIVER, Role.PLANNER])
def test_who_loads_drives_or_plans_for_the_hub_hands_out_at_the_door(goods: Goods, role: Role) -> None:
    hand = as_(role, goods.market.hub.organisation_id)
    goods.store.read(queries.require_hands, hand, goods.orders[1].id)
    goods.store.read(queries.require_bringer, hand, goods.cycle_id)


def test_leaders_and_strangers_hand_nothing_out_at_a_door(goods: Goods) -> None:
    market = goods.market
    elsewhere = market.country.organisation(OrganisationKind.HUB, "Elsewhere")
    for stranger in (
        as_(Role.LEADER, market.point.organisation_id),
        as_(Role.DRIVER, elsewhere),
        as_(Role.DOCK, elsewhere),
        as_(Role.FARMER, market.hub.organisation_id),
    ):
        with pytest.raises(MissingError):
            goods.store.read(queries.require_hands, stranger, goods.orders[1].id)
        with pytest.raises(MissingError):
            goods.store.read(queries.require_bringer, stranger, goods.cycle_id)


def test_a_driver_hands_nothing_out_at_a_point(goods: Goods) -> None:
    with pytest.raises(MissingError):
        goods.store.read(queries.require_hands, as_(Role.DRIVER, goods.market.hub.organisation_id), goods.orders[0].id)


def test_a_whole_point_is_handed_out_without_the_homes(goods: Goods) -> None:
    goods.receive()
    goods.share()
    assert goods.hand_out_point() == 1
    assert [goods.line(order).handed_out for order in goods.orders] == [30_000, None]
