"""Trucks that planners hold places to: kept by the next plan, given up when they are gone or changed by hand."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from farmlink.network import commands as network
from farmlink.planning import commands, queries
from farmlink.planning.queries.snapshot import holding
from farmlink.planning.rules import NothingToHoldError
from farmlink.planning.values import HoldKind, Move, PlanId
from farmlink.planning.work.edited import keep
from farmlink.store.store import Store
from tests.farmlink.planning.builders import Season, run_sql


def codes(season: Season) -> list[str]:
    return [one.code for one in season.snapshot().held]


@pytest.fixture
def vans(store: Store) -> Season:
    """Two farms and two vans, each of which holds the goods of one."""
    season = Season.closed(store, lots=(60_000, 60_000), bags=(60, 50))
    van = season.market.country.vehicle_draft(season.market.hub, "Van")
    season.store.run(network.add_vehicle, replace(van, weight_g=70_000))
    cheap = "UPDATE vehicle SET weight_g = 70000, fixed_minor = 0, minor_per_km = 1, minor_per_hour = 1"
    run_sql(season.store, cheap)
    return season


def fetching(season: Season, plan_id: PlanId) -> dict[UUID, UUID]:
    """The truck that fetches at each farm."""
    routes = season.store.read(queries.routes, plan_id)
    return {stop.place_id: route.vehicle_id for route in routes if route.phase == "collection" for stop in route.stops}


def test_a_farm_keeps_the_truck_that_it_is_held_to(vans: Season) -> None:
    """Held to the other truck, as a version has it that was changed by hand: both farms change trucks."""
    base = vans.plan()
    first = fetching(vans, base)
    swapped = keep(vans.store, uuid4(), base, [Move(1, 1, 2, 1), Move(2, 2, 1, 1)])
    other = fetching(vans, swapped)
    for farm in other:
        vans.store.run(commands.hold_stop, swapped, "collection", farm)
    again = vans.plan()

    assert first != other
    assert fetching(vans, again) == other
    assert [one.code for one in vans.store.read(queries.get_plan, again).held] == ["kept", "kept"]


def test_who_changes_a_plan_by_hand_may_take_a_held_stop_from_its_truck(vans: Season) -> None:
    vans.store.run(commands.hold_route, vans.plan(), 1)
    vans.store.run(commands.hold_route, vans.plan(), 2)
    held = vans.plan()
    by_hand = vans.store.read(queries.get_plan, keep(vans.store, uuid4(), held, [Move(1, 1, 2, 1), Move(2, 2, 1, 1)]))

    assert [one.code for one in vans.store.read(queries.get_plan, held).held] == ["kept", "kept"]
    assert [one.code for one in by_hand.held] == ["by-hand", "by-hand"]
    assert by_hand.may_hold


def test_all_places_of_a_trip_are_held_at_once_and_let_go_at_once(vans: Season) -> None:
    base = vans.plan()
    held = vans.store.run(commands.hold_route, base, 1)
    seen = vans.store.read(queries.holds, vans.cycle_id)
    vans.store.run(commands.release, held)

    assert [(one.kind, one.phase, one.vehicle_id) for one in seen] == [
        (HoldKind.STOP, "collection", fetching(vans, base)[seen[0].place_id])
    ]
    assert vans.store.read(queries.holds, vans.cycle_id) == []


def test_a_truck_that_is_out_of_service_is_no_longer_held_to(vans: Season) -> None:
    base = vans.plan()
    farm, truck = next(iter(fetching(vans, base).items()))
    vans.store.run(commands.hold_stop, base, "collection", farm)
    run_sql(vans.store, "UPDATE vehicle SET in_service = false WHERE id = :truck", truck=truck)

    assert codes(vans) == ["gone"]


@pytest.mark.parametrize(("phase", "number"), [("line-haul", 99), ("delivery", 0)])
def test_what_no_truck_does_alone_is_nothing_to_hold_to(vans: Season, phase: str, number: int) -> None:
    base = vans.plan()
    with pytest.raises(NothingToHoldError):
        vans.store.run(commands.hold_stop, base, phase, uuid4())
    with pytest.raises(NothingToHoldError):
        vans.store.run(commands.hold_route, base, number)


def test_a_point_that_two_trucks_serve_is_nobodys_alone(vans: Season) -> None:
    """The point's 110 kg come with both vans, a trip each."""
    base = vans.plan()
    trips = [route for route in vans.store.read(queries.routes, base) if route.phase == "delivery"]

    assert len({trip.vehicle_id for trip in trips}) == 2
    with pytest.raises(NothingToHoldError):
        vans.store.run(commands.hold_route, base, trips[0].number)


def test_no_more_trucks_are_held_to_than_a_search_can_mind(vans: Season, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "MOST_HELD", 1)
    base = vans.plan()
    for farm in fetching(vans, base):
        vans.store.run(commands.hold_stop, base, "collection", farm)

    assert codes(vans) == ["kept", "too-many"]
