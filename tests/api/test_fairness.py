"""Everybody sees their own of the fairness ledger; planners see how far apart their region's parties are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import pytest

from farmlink.cycles import commands as cycles
from farmlink.demand import commands as demand
from farmlink.orders.values import CutShare
from farmlink.people.values import Role
from farmlink.policy.values import ShortageRule
from tests.farmlink.cycles.builders import COLLECT_ON, Market
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.orders.reckoning import reckoned
from tests.farmlink.orders.test_gifts_share_as_one import declare, in_gifts

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Api

V1 = "/api/v1"


def finished(api: Api) -> Goods:
    """A cycle of which two thirds came in."""
    goods = Goods.closed(api.store, lots=(60_000,), bags=(20, 10)).confirmed()
    goods.receive(lambda view: view.allocated * 2 // 3)
    goods.share()
    goods.hand_out_point()
    goods.finish()
    goods.relay()
    return goods


def items(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_a_consumer_sees_what_they_ordered_and_got_beside_the_equal_share_and_nobody_elses(api: Api) -> None:
    goods = finished(api)
    mine, theirs = (items(api.as_(order.consumer_id).get(f"{V1}/people/me/fairness")) for order in goods.orders)
    assert [(one["wanted_minor"], one["equal_minor"], one["got_minor"], one["owed_minor"]) for one in mine] == [
        (6_000, 4_000, 3_900, 100)
    ]
    assert [one["owed_minor"] for one in theirs] == [-100]
    assert items(api.as_role(Role.CONSUMER).get(f"{V1}/people/me/fairness")) == []


def test_a_farm_sees_what_it_offered_and_sold_and_other_farmers_find_no_farm(api: Api) -> None:
    goods = finished(api)
    asked = goods.asked(None)[0]
    address = f"{V1}/farms/{asked.farm_id}/fairness"
    house = api.as_(api.person(Role.PLANNER, goods.market.hub.organisation_id))
    (seen,) = items(house.get(address))
    assert (seen["wanted_minor"], seen["got_minor"], seen["owed_minor"]) == (10_000, 4_000, 0)
    elsewhere = goods.market.country.farm("Elsewhere").organisation_id
    assert api.as_(api.person(Role.FARMER, elsewhere)).get(address).status_code == 404


def test_a_planner_sees_the_spread_of_their_region_and_no_other(api: Api) -> None:
    goods = finished(api)
    address = f"{V1}/regions/{goods.market.country.region.id}/fairness"
    until = {"until": (COLLECT_ON + timedelta(days=1)).isoformat()}
    told = api.as_(api.person(Role.PLANNER, goods.market.hub.organisation_id)).get(address, params=until).json()
    assert (told["consumers"]["parties"], told["farms"]["parties"]) == (2, 1)
    assert told["consumers"]["most_owed_ppm"] == 100 * 1_000_000 // 6_000
    today = api.as_role(Role.PLANNER).get(address).json()
    assert today["consumers"]["parties"] == 0
    stranger = api.as_(api.person(Role.PLANNER, goods.market.country.farm("Far").organisation_id))
    assert stranger.get(address, params=until).status_code == 404


def test_whoever_ordered_sees_by_which_rule_and_seed_what_came_in_was_shared(api: Api) -> None:
    goods = finished(api)
    order = goods.orders[0]
    address = f"{V1}/cycles/{goods.cycle_id}/dispatch/shares"
    (batch,) = items(api.as_(order.consumer_id).get(address))
    assert (batch["rule"], batch["planned"], batch["came"]) == ("pro-rata", 30_000, 20_000)
    assert batch["seed"] == f"{goods.cycle_id}/{batch['batch_id']}"
    claims = {claim["line_id"]: claim for claim in batch["claims"]}
    assert (claims[str(order.lines[0].id)]["due"], claims[str(order.lines[0].id)]["reason"]) == (13_000, "not-received")
    assert api.as_role(Role.CONSUMER).get(address).status_code == 404


@pytest.mark.parametrize("rule", list(ShortageRule))
def test_whoever_ordered_reckons_what_was_cut_at_the_cut_off_again_from_the_answer_alone(
    api: Api, rule: ShortageRule
) -> None:
    market = Market.founded(api.store)
    declare(market, rule)
    cycle = market.draft()
    bags, crates = market.list_apples(cycle.id, case_packs=6)
    api.store.run(cycles.open_cycle, cycle.id)
    address = f"{V1}/cycles/{cycle.id}/dispatch/cuts"
    gifts = in_gifts(market, cycle.id, bags, 3)
    other = market.place(cycle.id, {bags: 5, crates: 7})
    mine = api.as_(other.consumer_id)
    assert items(mine.get(address)) == []

    api.store.run(demand.close, cycle.id)

    shares = msgspec.convert(items(mine.get(address)), list[CutShare])
    assert [share.id for share in shares] == sorted([bags, crates])
    for share in shares:
        assert share.rule is rule
        assert reckoned(share) == {claim.line_id: claim.got for claim in share.claims}
    lines = {claim.line_id for share in shares for claim in share.claims}
    assert lines == {line.id for order in (*gifts, other) for line in order.lines}
    first = mine.get(address, params={"limit": 1}).json()
    rest = items(mine.get(address, params={"limit": 1, "after": first["next"]}))
    assert [UUID(one["id"]) for one in (*first["items"], *rest)] == [share.id for share in shares]
    planner = api.as_(api.person(Role.PLANNER, market.hub.organisation_id))
    assert items(planner.get(address)) == items(mine.get(address))
    assert api.as_role(Role.CONSUMER).get(address).status_code == 404


def test_the_shop_shows_the_best_value_first_and_says_why_in_both_languages(api: Api) -> None:
    goods = Goods.opened(api.store, lots=(60_000,))
    listed = items(api.client().get(f"{V1}/cycles/{goods.cycle_id}/listings"))
    assert [one["price_minor_per_1000"] for one in listed] == [250, 300]
    first, second = (one["rank"] for one in listed)
    assert (first["position"], second["position"], first["version"]) == (1, 2, 1)
    assert set(listed[0]["why"]) == {"en", "zh-CN"}
    paged = items(api.client().get(f"{V1}/cycles/{goods.cycle_id}/listings", params={"limit": 1}))
    assert [one["id"] for one in paged] == [listed[0]["id"]]


def test_who_is_cut_reads_why_in_both_languages(api: Api) -> None:
    goods = finished(api)
    order = goods.orders[0]
    (line,) = items(api.as_(order.consumer_id).get(f"{V1}/orders/{order.id}/hand-out"))
    assert (line["due"], line["reason"], line["end_reason"], line["end_why"]) == (13_000, "not-received", None, None)
    assert line["why"] == {"en": "Less came in than the farms had promised.", "zh-CN": "到货少于农场承诺的数量。"}
