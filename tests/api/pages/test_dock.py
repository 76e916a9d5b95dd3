"""The dock: lots lorry by lorry, counted as typed, shared out once, and the end of the cycle."""

from __future__ import annotations

import httpx
import pytest

from api.pages.lead.typed import as_typed, base_units
from farmlink.cycles.values import Stage
from farmlink.kernel.errors import InvalidError
from farmlink.network import commands as network
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.api.pages.pointing import dock_of
from tests.farmlink.counted import counted
from tests.farmlink.planning.builders import force_sql
from tests.farmlink.settlement.builders import Ledgered


@pytest.fixture
def season(api: Api) -> Ledgered:
    return Ledgered.on_the_way(api.store)


@pytest.fixture
def dock(api: Api, season: Ledgered) -> httpx.Client:
    return dock_of(api, season)


def page_of(season: Ledgered) -> str:
    return f"/dock/cycles/{season.cycle_id}"


def fields(season: Ledgered) -> list[str]:
    hub = season.market.hub.id
    return [f"lot-{lot_id}-{hub}" for lot_id in sorted({view.lot_id for view in season.receipts()})]


def test_a_dock_sees_what_comes_and_by_which_lorry(season: Ledgered, dock: httpx.Client) -> None:
    run_soon(season)
    shown = dock.get("/dock").text
    assert page_of(season) in shown
    counted = dock.get(page_of(season)).text
    for said in ("Reefer 1", "Apples", "Sent", "0 of "):
        assert said in counted


def run_soon(season: Ledgered) -> None:
    """Bring the cycle near: the dock shows what comes within weeks."""
    force_sql(season.store, "UPDATE order_cycle SET collect_on = current_date, hand_out_on = current_date + 1")


def test_counts_are_kept_as_typed_and_what_cannot_be_right_stays(season: Ledgered, dock: httpx.Client) -> None:
    page, (first, second) = page_of(season), fields(season)
    refused = send(dock, page, page, **{first: "10,5", second: "9999"}, do="typed")
    assert refused.status_code == 422
    assert 'value="9999"' in refused.text
    assert "More than was sent" in refused.text
    assert sum(view.received or 0 for view in season.receipts()) == 10_500
    nonsense = send(dock, page, page, **{first: "10.5", second: "many"}, do="typed")
    assert (nonsense.status_code, "Write a weight such as" in nonsense.text) == (422, True)
    done = send(dock, page, page, **{first: "12 kg"}, do="as-sent")
    assert done.status_code == 200
    assert all(view.received is not None for view in season.receipts())
    assert "Everything is counted." in done.text


def test_sharing_out_and_ending_are_done_once(season: Ledgered, dock: httpx.Client) -> None:
    page = page_of(season)
    send(dock, page, page, do="as-sent")
    shared = send(dock, page, f"{page}/share")
    assert "is shared out" in shared.text
    late = dock.post(page, data={"csrf": word(shared), fields(season)[0]: "1"})
    assert (late.status_code, "shared out to the orders already" in late.text) == (409, True)
    ended = send(dock, page, f"{page}/finish")
    assert ended.status_code == 200
    assert season.stage() is Stage.DONE


def test_nothing_is_shared_before_anything_is_counted(season: Ledgered, dock: httpx.Client) -> None:
    page = page_of(season)
    refused = dock.post(f"{page}/share", data={"csrf": word(dock.get(page))})
    assert (refused.status_code, "Count what came in first" in refused.text) == (409, True)


def test_a_cycle_without_a_plan_brings_nothing_yet_and_a_draft_does_not_exist(api: Api) -> None:
    season = Ledgered.closed(api.store)
    dock = dock_of(api, season)
    assert "No plan brings anything of this cycle" in dock.get(page_of(season)).text
    draft = season.market.draft()
    assert dock.get(f"/dock/cycles/{draft.id}").status_code == 404


def test_a_cycle_that_is_only_planned_can_be_looked_at(api: Api) -> None:
    season = Ledgered.closed(api.store).planned()
    dock = dock_of(api, season)
    assert "Counting begins when every farm has answered" in dock.get(page_of(season)).text


def test_other_hubs_cycles_do_not_exist(api: Api, season: Ledgered) -> None:
    stranger, _ = browser_of(api, Role.DOCK)
    assert "Nothing is on its way" in stranger.get("/dock").text
    assert stranger.get(page_of(season)).status_code == 404
    assert browser_of(api, Role.LEADER)[0].get("/dock").status_code == 403
    assert dock_of(api, season, "zh-CN").get(page_of(season)).text.count("清点收货")


def test_only_lorries_that_bring_ones_own_lots_are_seen(api: Api, season: Ledgered, dock: httpx.Client) -> None:
    run_soon(season)
    assert "1 lorry" in dock.get("/dock").text
    sister = season.market.country.hub("Sister")
    force_sql(api.store, "UPDATE allocation SET collecting_hub_id = :hub", hub=sister.id)
    force_sql(api.store, "UPDATE vehicle SET hub_id = :hub", hub=sister.id)
    shown = dock.get("/dock").text
    assert (page_of(season) in shown, "1 lorry" in shown) == (True, False)
    assert "1 lorry" in browser_of(api, Role.DOCK, sister.organisation_id)[0].get("/dock").text


def test_of_a_farm_that_two_hubs_fetch_from_each_dock_sees_its_own_lorry(
    api: Api, season: Ledgered, dock: httpx.Client
) -> None:
    sister = season.market.country.hub("Sister")
    second = api.store.run(network.add_vehicle, season.market.country.vehicle_draft(sister, "Reefer 2"))
    view, _ = season.receipts()
    force_sql(
        api.store, "UPDATE allocation SET collecting_hub_id = :h WHERE id = :a", h=sister.id, a=view.allocation_id
    )
    force_sql(api.store, LATER_TRIP, truck=second.id)

    own, other = dock, browser_of(api, Role.DOCK, sister.organisation_id)[0]
    shown = [client.get(page_of(season)).text for client in (own, other)]

    assert [("Reefer 1" in one, "Reefer 2" in one) for one in shown] == [(True, False), (False, True)]


def test_many_cycles_at_the_dock_take_as_many_statements_as_one(api: Api, season: Ledgered, dock: httpx.Client) -> None:
    run_soon(season)
    with counted(api.store) as few:
        dock.get("/dock")
    for _ in range(2):
        more = Ledgered(season.market, season.market.open()[0])
        more.order(5)
        more.close()
        more.confirmed()
    run_soon(season)
    with counted(api.store) as many:
        shown = dock.get("/dock").text

    assert shown.count("lots counted</p>") == 3
    assert len(many) == len(few) < 20


LATER_TRIP = """
WITH trip AS (
  INSERT INTO plan_route (id, plan_id, number, phase, vehicle_id, depart_at, return_at, distance_m)
  SELECT gen_random_uuid(), plan_id, number + 100, phase, :truck, depart_at, return_at + interval '3 hours', distance_m
  FROM plan_route WHERE phase = 'collection' RETURNING id
)
INSERT INTO plan_stop (route_id, position, place_id, arrive_at, start_at, leave_at, weight_g)
SELECT trip.id, position, place_id, arrive_at, start_at, leave_at, plan_stop.weight_g
FROM trip, plan_stop JOIN plan_route ON plan_route.id = route_id WHERE phase = 'collection'
"""
"""Another hub's lorry goes the same way and is back later."""


def word(shown: httpx.Response) -> str:
    return shown.text.partition('name="csrf" value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("typed", "unit", "units"),
    [
        ("23.5", "gram", 23_500),
        ("23,5 kg", "gram", 23_500),
        ("５００克", "gram", 500),
        ("3 斤", "gram", 1_500),
        ("2 lb", "gram", 907),
        ("24", "piece", 24),
        ("24.0", "piece", 24),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, unit: str, units: int) -> None:
    assert base_units(typed, unit) == units


@pytest.mark.parametrize(
    ("typed", "unit"),
    [("many", "gram"), ("-1", "gram"), ("2.5", "piece"), ("2 kg", "piece"), ("9" * 12 + " kg", "gram")],
)
def test_what_is_no_number_is_refused(typed: str, unit: str) -> None:
    with pytest.raises(InvalidError):
        base_units(typed, unit)


@pytest.mark.parametrize(("typed", "said"), [("1,250", "Write 1250 or 1.250: a comma"), ("1，250 kg", "1250 or 1.250")])  # noqa: RUF001  # as phones write it
def test_a_comma_that_can_mean_both_is_asked_about_at_its_field(
    season: Ledgered, dock: httpx.Client, typed: str, said: str
) -> None:
    page, (first, second) = page_of(season), fields(season)
    refused = send(dock, page, page, **{first: typed, second: "0,500"}, do="typed")
    assert (refused.status_code, said in refused.text, f'value="{typed}"' in refused.text) == (422, True, True)
    assert f'id="{first}-fault"' in refused.text
    assert sum(view.received or 0 for view in season.receipts()) == 500


def test_a_quantity_is_written_as_it_would_be_typed() -> None:
    assert [as_typed(None, "gram"), as_typed(23_500, "gram"), as_typed(24, "piece"), as_typed(20_000, "gram")] == [
        "",
        "23.5",
        "24",
        "20",
    ]
