"""What may stand in an address: parameters by the names that were sent, lists page by page, nothing unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

from api.app import create_app
from api.description import described
from farmlink.people.values import Role
from tests.farmlink.planning.builders import Season

if TYPE_CHECKING:
    from tests.api.conftest import Api


def wrong(answer: httpx.Response) -> list[tuple[str, str]]:
    """Which fields a refusal names, each with its code."""
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/api/v1/vehicles", [("hub_id", "missing")]),
        ("/api/v1/vehicles?hub=7", [("hub_id", "missing"), ("hub", "unknown")]),
        ("/api/v1/vehicles?hub_id=7", [("hub_id", "form")]),
        ("/api/v1/lots?state=bogus", [("state", "choice")]),
        ("/api/v1/confirmations?state=bogus", [("state", "choice")]),
        ("/api/v1/lots?wanted=offered", [("wanted", "unknown")]),
        ("/api/v1/lots?limit=2&limit=3", [("limit", "repeated")]),
        ("/api/v1/lots?limit=0", [("limit", "range")]),
        ("/api/v1/lots?limit=201", [("limit", "range")]),
        ("/api/v1/lots?page=2", [("page", "unknown")]),
        ("/api/v1/policy/current?limit=2", [("limit", "unknown")]),
        ("/api/v1/people/me?x", [("x", "unknown")]),
    ],
)
def test_a_wrong_parameter_is_named_as_it_was_sent(api: Api, address: str, named: list[tuple[str, str]]) -> None:
    assert wrong(api.as_role(Role.PLANNER).get(address)) == named


def test_a_page_of_ours_takes_what_links_bring_along(api: Api) -> None:
    assert api.nobody.get("/sign-in?from=newsletter").status_code == 200


def lists() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address that answers with a list."""
    for path, item in described(create_app())["paths"].items():
        for method, operation in item.items():
            for answer in operation["responses"].values():
                content = answer.get("content", {}).get("application/json", {})
                if method == "get" and "Page" in str(content.get("schema", {}).get("$ref", "")):
                    yield path, operation


def test_no_answer_is_a_bare_list_and_every_list_is_asked_for_in_the_same_way() -> None:
    document = described(create_app())
    bare = [
        f"{method} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        for answer in operation["responses"].values()
        if answer.get("content", {}).get("application/json", {}).get("schema", {}).get("type") in {"array", "integer"}
    ]
    asked = {
        path: {one["name"] for one in operation["parameters"]} >= {"limit", "after"} for path, operation in lists()
    }

    assert bare == []
    assert len(asked) > 20
    assert [path for path, both in asked.items() if not both] == []


def test_every_list_of_a_plan_comes_page_by_page_whatever_it_is_ordered_by(api: Api) -> None:
    season = Season.closed(api.store, lots=(30_000, 30_000, 30_000)).planned()
    planner, plan = api.as_role(Role.PLANNER), season.asked()[0].plan_id
    cycle = f"/api/v1/cycles/{season.cycle_id}"
    parts = [f"/api/v1/plans/{plan}/{part}" for part in ("allocations", "routes", "standby", "explanations")]
    several = 0
    for address in (*parts, f"{cycle}/plans", f"{cycle}/runs", f"{cycle}/demand", f"{cycle}/dispatch/receipts"):
        whole = planner.get(address).json()["items"]
        pages, after = [], ""
        for _ in range(len(whole) or 1):
            page = planner.get(f"{address}?limit=1{after}").json()
            pages += page["items"]
            after = f"&after={page['next']}"
        assert (pages, page["next"]) == (whole, None), address
        several += len(whole) > 1
    assert several >= 4


def test_a_place_that_a_list_never_had_is_refused(api: Api) -> None:
    assert wrong(api.nobody.get(f"/api/v1/policy/versions?after={uuid4()}")) == [("after", "invalid")]
