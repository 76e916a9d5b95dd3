"""What a demo makes from its seed."""

import csv

import numpy as np
import pytest

from farmlink.demo import recipe
from farmlink.demo.recipe import Made, Stall, make
from farmlink.demo.region import weighed
from farmlink.demo.scenario import MICHIGAN, Scenario, Town, read_scenario
from farmlink.kernel.geo import Coordinates, from_degrees

ORDERS = 3000


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario()


@pytest.fixture(scope="module")
def places() -> tuple[list[Stall], list[Coordinates]]:
    with MICHIGAN.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    stalls = [Stall(row["id"], frozenset(row["products"].split(";"))) for row in rows if row["kind"] == "farm"]
    points = [from_degrees(row["latitude"], row["longitude"]) for row in rows if row["kind"] == "market"]
    return stalls, points


@pytest.fixture(scope="module")
def made(scenario: Scenario, places: tuple[list[Stall], list[Coordinates]]) -> Made:
    return make(scenario, scenario.towns, *places, ORDERS, seed=1)


def wanted_g(made: Made) -> list[int]:
    totals = [0] * len(made.goods)
    for order in made.orders:
        for product, packs in order.packs:
            totals[product] += packs * made.goods[product].pack_g
    return totals


def test_the_same_seed_makes_the_same_and_another_seed_something_else(
    scenario: Scenario, places: tuple[list[Stall], list[Coordinates]], made: Made
) -> None:
    assert make(scenario, scenario.towns, *places, ORDERS, seed=1) == made
    assert make(scenario, scenario.towns, *places, ORDERS, seed=2) != made


def test_an_order_weighs_about_nine_kilograms_and_names_no_product_twice(made: Made) -> None:
    assert sum(wanted_g(made)) / len(made.orders) == pytest.approx(9000, rel=0.05)
    assert all(len({product for product, _ in order.packs}) == len(order.packs) for order in made.orders)
    assert max(len(order.packs) for order in made.orders) <= recipe.MOST_LINES


def test_supply_meets_demand_with_plenty_but_for_the_scarce(made: Made) -> None:
    offered = [0] * len(made.goods)
    for lot in made.lots:
        offered[lot.product] += lot.quantity_g
    for good, asked, there in zip(made.goods, wanted_g(made), offered, strict=True):
        assert there / asked == pytest.approx(recipe.SCARCITY if good.scarce else recipe.PLENTY, rel=0.05), good.name


def test_a_lot_is_whole_packs_of_what_its_farm_lists_and_a_visit_is_worth_a_tenth(
    made: Made, places: tuple[list[Stall], list[Coordinates]]
) -> None:
    tags = {stall.code: stall.tags for stall in places[0]}
    for lot in made.lots:
        good = made.goods[lot.product]
        assert good.tag in tags[lot.farm]
        assert lot.quantity_g % good.pack_g == lot.minimum_g % good.pack_g == 0
        assert lot.minimum_g <= lot.quantity_g // 10
        assert lot.grade in {recipe.ASKED_GRADE, recipe.ASKED_GRADE + 1}
        assert lot.harvested_days_before + 1 < good.shelf_days
    codes = [lot.code(made.goods) for lot in made.lots]
    assert len(set(codes)) == len(codes)


def test_what_nobody_grows_is_not_sold(scenario: Scenario, places: tuple[list[Stall], list[Coordinates]]) -> None:
    bees = [Stall("bees", frozenset({"honey"}))]

    made = make(scenario, scenario.towns, bees, places[1], 50, seed=1)

    assert [good.name for good in made.goods] == ["honey"]
    assert {lot.farm for lot in made.lots} == {"bees"}


def test_what_can_be_sold_is_offered_by_somebody_even_if_no_dice_said_so(
    scenario: Scenario, places: tuple[list[Stall], list[Coordinates]]
) -> None:
    lone = [Stall("lone", frozenset({"vegetables"}))]

    made = make(scenario, scenario.towns, lone, places[1], 200, seed=3)

    assert {lot.product for lot in made.lots} == set(range(len(made.goods)))


def test_more_people_nearby_mean_more_orders_up_to_the_cap() -> None:
    city, village = Coordinates(42_000_000, -84_000_000), Coordinates(44_000_000, -84_000_000)
    between = [Coordinates(42_000_000 + step * 50_000, -84_000_000) for step in range(1, 39)]

    towns = [Town("city", city, 9.0), Town("village", village, 1.0)]

    weights = recipe.point_weights(towns, [city, *between, village], 1.27)

    assert weights.sum() == pytest.approx(1)
    assert weights[0] == weights[1] == weights.max(), "the cap makes the nearest alike"
    assert 0 < weights.min() < weights.max() / 5


def test_distances_are_great_circles() -> None:
    detroit, marquette = from_degrees(42.36, -83.1), from_degrees(46.54, -87.4)

    apart = recipe.apart_km([detroit, marquette], [marquette])

    assert apart.tolist() == [[pytest.approx(576, abs=5)], [0.0]]
    assert np.isfinite(apart).all()


@pytest.mark.parametrize(("grams", "size"), [(250, "250 g"), (1000, "1 kg"), (1900, "1.9 kg")])
def test_a_pack_is_named_in_the_units_of_every_page(grams: int, size: str) -> None:
    assert weighed(grams) == {"en": size, "zh-CN": size}
