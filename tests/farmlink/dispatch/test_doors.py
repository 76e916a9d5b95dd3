"""Whose hands learn which door: those of the trucks that stop there, as long as something is still to be brought."""

from __future__ import annotations

import pytest

from farmlink.dispatch import queries
from farmlink.dispatch.rules import doors_of
from farmlink.dispatch.values import Handed, ShortReason
from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.network.values import HomeId, HubState, VehicleId
from farmlink.people.values import Membership, OrganisationId, PersonId, Principal, Role
from farmlink.planning import queries as plans
from farmlink.store.store import Store
from solver.codec import problem_from_bytes
from tests.farmlink.cycles.builders import HOMES, NEAR_HUB
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import force_sql

ELM, OAK = HomeId(uuid7()), HomeId(uuid7())
VAN, TRUCK = VehicleId(uuid7()), VehicleId(uuid7())
BRINGERS = pytest.mark.parametrize("role", [Role.DOCK, Role.DRIVER])


def as_(role: Role, organisation_id: OrganisationId) -> Principal:
    """Somebody with one role in one house."""
    return Principal(PersonId(organisation_id), (Membership(role, organisation_id),))


def doors(goods: Goods, principal: Principal) -> list[HomeId]:
    found = goods.store.read(queries.home_deliveries, principal, goods.cycle_id, Paging())
    return [one.home_id for one in found.items]


@pytest.fixture
def goods(store: Store) -> Goods:
    """An order at the point and two that are brought home, planned and promised."""
    goods = Goods.opened(store, homes=HOMES)
    goods.order(30)
    goods.order_home(20)
    goods.order_home(10)
    goods.close()
    return goods.confirmed()


def test_a_truck_learns_the_doors_at_which_it_stops_and_no_other() -> None:
    stops = {ELM: {VAN}, OAK: {TRUCK}}
    assert doors_of({ELM, OAK}, stops, {VAN}, {ELM, OAK}) == {ELM}
    assert doors_of({ELM, OAK}, stops, set(), {ELM, OAK}) == set()
    assert doors_of({ELM}, {OAK: {VAN}}, {VAN}, ()) == set()


def test_what_no_truck_brings_is_known_where_its_parcel_is_made_up() -> None:
    stops = {ELM: {TRUCK}}
    assert doors_of({ELM, OAK}, stops, {VAN}, {OAK}) == {OAK}
    assert doors_of({ELM, OAK}, stops, {VAN}, {ELM}) == set()


@BRINGERS
def test_who_brings_it_learns_a_door_until_it_is_handed_out(goods: Goods, role: Role) -> None:
    hand = as_(role, goods.market.hub.organisation_id)
    _, first, second = goods.orders
    assert doors(goods, hand) == [first.place_id, second.place_id]
    goods.receive()
    goods.share()
    assert doors(goods, hand) == [first.place_id, second.place_id]
    goods.hand_out(first)
    assert doors(goods, hand) == [second.place_id]
    goods.hand_out(second, [Handed(goods.line(second).line_id, 0, ShortReason.NOT_COLLECTED)])
    assert doors(goods, hand) == doors(goods, as_(Role.PLANNER, goods.market.hub.organisation_id)) == []
    goods.store.read(queries.require_hands, hand, first.id)  # what is said again is judged by the line, not refused


@BRINGERS
def test_a_hub_through_which_nothing_of_the_plan_goes_learns_no_door(goods: Goods, role: Role) -> None:
    beside = as_(role, goods.market.country.hub("Beside").organisation_id)
    assert doors(goods, beside) == []
    for refused in (queries.require_bringer, queries.docked_receipts):
        with pytest.raises(MissingError):
            goods.store.read(refused, beside, goods.cycle_id)
    with pytest.raises(MissingError):
        goods.store.read(queries.require_hands, beside, goods.orders[1].id)


def test_a_parcel_is_known_at_the_hub_that_it_leaves_and_at_no_other(goods: Goods) -> None:
    near, far = goods.market.hub, goods.market.country.hub("Far")
    _, first, second = goods.orders
    for statement in (
        "DELETE FROM plan_stop WHERE place_id = ANY(CAST(:homes AS uuid[]))",
        "INSERT INTO plan_hub (plan_id, hub_id, intake_g) SELECT plan_id, :far, 1 FROM published_plan",
        "UPDATE allocation SET delivering_hub_id = :far FROM batch WHERE batch.id = batch_id AND place_id = :first",
    ):
        named = {"homes": f"{{{first.place_id},{second.place_id}}}", "far": far.id, "first": first.place_id}
        force_sql(goods.store, statement, **{name: value for name, value in named.items() if f":{name}" in statement})
    assert doors(goods, as_(Role.DOCK, near.organisation_id)) == [second.place_id]
    assert doors(goods, as_(Role.DOCK, far.organisation_id)) == [first.place_id]


@BRINGERS
@pytest.mark.parametrize("state", [HubState.CANDIDATE, HubState.CLOSED])
def test_a_hub_that_does_not_work_is_nobodys_way_in(goods: Goods, role: Role, state: HubState) -> None:
    hub = goods.market.hub
    force_sql(goods.store, "UPDATE hub SET state = :state WHERE id = :id", state=state.value, id=hub.id)
    hand = as_(role, hub.organisation_id)
    for refused in (queries.require_bringer, queries.docked_receipts):
        with pytest.raises(MissingError):
            goods.store.read(refused, hand, goods.cycle_id)
    with pytest.raises(MissingError):
        goods.store.read(queries.require_hands, hand, goods.orders[1].id)
    assert doors(goods, hand) == []


def test_before_a_plan_is_published_only_its_planner_knows_the_doors(store: Store) -> None:
    goods = Goods.opened(store, homes=HOMES)
    order = goods.order_home(20)
    goods.close()
    house = goods.market.hub.organisation_id
    goods.store.read(queries.require_hands, as_(Role.PLANNER, house), order.id)
    with pytest.raises(MissingError):
        goods.store.read(queries.require_hands, as_(Role.DRIVER, house), order.id)


def test_a_plan_that_is_kept_for_ever_leads_to_nobodys_door(goods: Goods) -> None:
    plan_id = goods.store.read(plans.published_plan, goods.cycle_id)
    assert plan_id is not None
    problem = problem_from_bytes(goods.store.read(plans.blobs, plan_id)[0])
    rows = [list(problem.points.id).index(str(order.place_id)) for order in goods.orders[1:]]
    places = problem.points.place[rows]
    known = set(
        zip(problem.places.latitude_e6[places].tolist(), problem.places.longitude_e6[places].tolist(), strict=True)
    )
    assert known == {(42_963_000, -85_668_000)}, "a hundred metres of the street, not the house"
    assert (NEAR_HUB.latitude_e6, NEAR_HUB.longitude_e6) not in known
