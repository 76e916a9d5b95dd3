from typing import Any
from uuid import uuid4

import httpx
import pytest

from farmlink.people.values import Role
from tests.api.conftest import Api, once

APPLES: dict[str, Any] = {
    "code": "apples",
    "name": {"en": "Apples", "zh-CN": "苹果"},
    "family": "fruit",
    "volume_ml_per_1000": 1600,
    "shelf_days": 30,
    "cold_classes": ["chilled"],
}
BAG = {"name": {"en": "Bag", "zh-CN": "袋"}, "quantity": 2300, "weight_g": 2350}


@pytest.fixture
def planner(api: Api) -> httpx.Client:
    return api.as_role(Role.PLANNER)


def test_a_planner_s_product_is_seen_by_everybody(api: Api, planner: httpx.Client) -> None:
    made = planner.post("/api/v1/products", json=APPLES, headers=once())
    assert (made.status_code, made.headers["etag"], len(made.json()["grades"])) == (201, '"1"', 5)
    bag = planner.post(f"/api/v1/products/{made.json()['id']}/variants", json=BAG, headers=once()).json()
    seen = api.nobody.get(f"/api/v1/products/{made.json()['id']}").json()
    assert (seen["name"]["zh-CN"], seen["variants"]) == ("苹果", [bag])
    assert api.nobody.get(f"/api/v1/variants/{bag['id']}").json() == bag


def test_the_same_key_makes_one_product(planner: httpx.Client) -> None:
    key = once()
    first = planner.post("/api/v1/products", json=APPLES, headers=key)
    assert planner.post("/api/v1/products", json=APPLES, headers=key).json() == first.json()
    again = planner.post("/api/v1/products", json=APPLES, headers=once())
    assert (again.status_code, again.json()["code"]) == (409, "product-code-taken")


def test_the_second_of_two_editors_gets_412(planner: httpx.Client) -> None:
    made = planner.post("/api/v1/products", json=APPLES, headers=once()).json()
    bag = planner.post(f"/api/v1/products/{made['id']}/variants", json=BAG, headers=once()).json()
    for path, body in ((f"/api/v1/products/{made['id']}", APPLES), (f"/api/v1/variants/{bag['id']}", BAG)):
        assert planner.put(path, json=body, headers={"If-Match": '"1"'}).headers["etag"] == '"2"'
        assert planner.put(path, json=body, headers={"If-Match": '"1"'}).status_code == 412


def test_products_are_found_in_the_reader_s_language(api: Api, planner: httpx.Client) -> None:
    planner.post("/api/v1/products", json=APPLES, headers=once())
    found = api.nobody.get("/api/v1/products", params={"named": "苹"}, headers={"accept-language": "zh-CN"}).json()
    assert [product["code"] for product in found["items"]] == ["apples"]
    assert api.nobody.get("/api/v1/products", params={"named": "苹"}).json()["items"] == []


def test_eggs_by_the_piece_say_what_one_weighs_and_their_tray_weighs_about_thirty(planner: httpx.Client) -> None:
    eggs = APPLES | {"code": "eggs", "base_unit": "piece"}
    unsaid = planner.post("/api/v1/products", json=eggs, headers=once())
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "unit-weight-missing")
    assert unsaid.json()["errors"][0]["field"] == "unit_weight_g"
    made = planner.post("/api/v1/products", json=eggs | {"unit_weight_g": 60}, headers=once()).json()
    light = BAG | {"quantity": 30, "weight_g": 100}
    refused = planner.post(f"/api/v1/products/{made['id']}/variants", json=light, headers=once())
    assert (refused.status_code, refused.json()["code"]) == (422, "pack-weight")
    assert "weighs 100 g" in refused.json()["detail"]
    assert "1,800 g" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"name": {"en": "Apples"}}, 422),
        ({"shelf_days": 0}, 422),
        ({"shelf_days": 10**30}, 422),
        ({"cold_classes": ["warm"]}, 422),
        ({"colour": "red"}, 422),
        ({"base_unit": "piece", "unit_weight_g": 180, "catch_weight": "yes"}, 422),
        ({"code": "Red Apples"}, 422),
        ({"grades": [{"rank": 9, "name": {"en": "a", "zh-CN": "b"}}]}, 422),
    ],
)
def test_a_wrong_product_is_refused_with_a_clear_answer(
    planner: httpx.Client, wrong: dict[str, Any], status: int
) -> None:
    answer = planner.post("/api/v1/products", json=APPLES | wrong, headers=once())
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_refusal_speaks_chinese_to_whoever_reads_chinese(planner: httpx.Client) -> None:
    headers = once() | {"accept-language": "zh-CN"}
    answer = planner.post("/api/v1/products", json=APPLES | {"code": "Red Apples"}, headers=headers)
    assert "连字符" in answer.text


def test_what_is_not_there_is_404(api: Api) -> None:
    assert api.nobody.get(f"/api/v1/products/{uuid4()}").status_code == 404
