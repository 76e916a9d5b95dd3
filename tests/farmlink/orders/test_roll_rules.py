"""Roll-call lists as neighbours write them: read in both languages, and never guessed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId
from farmlink.orders.rules import roll, roll_left
from farmlink.orders.rules.roll import called, read_roll
from farmlink.orders.rules.roll_left import within_left
from farmlink.orders.values import Order, OrderId, OrderLine, OrderLineId, OrderState
from farmlink.orders.values.roll import OnSale, RollLine, Step
from farmlink.people.values import PersonId

APPLES, EGGS, BAG, CRATE, HENS = (ListingId(UUID(int=number)) for number in range(1, 6))
SALE = [
    OnSale(APPLES, ("Apples", "苹果"), ("2500 g", "2500 克"), 2_500, weighed=True, stock="apples", left=50_000),
    OnSale(EGGS, ("Eggs", "鸡蛋"), ("box", "盒"), 900, weighed=True, stock="eggs", left=50_000),
    OnSale(BAG, ("Tomatoes", "番茄"), ("bag", "袋"), 1_000, weighed=True, stock="tomatoes", left=50_000),
    OnSale(CRATE, ("Tomatoes", "番茄"), ("crate", "箱"), 10_000, weighed=True, stock="tomatoes", left=50_000),
    OnSale(HENS, ("Hens", "老母鸡"), ("piece", "只"), 1, weighed=False, stock="hens", left=9),
]


def read(line: str) -> RollLine:
    (found,) = read_roll(line, SALE)
    return found


@pytest.mark.parametrize(
    ("line", "name", "packs"),
    [
        ("1. 王姐 苹果2 鸡蛋1", "王姐", {APPLES: 2, EGGS: 1}),
        ("2、李大爷　苹果×２，鸡蛋一盒", "李大爷", {APPLES: 2, EGGS: 1}),  # noqa: RUF001  # as phones write it
        ("(3) Ana: 2 apples, 1 eggs", "Ana", {APPLES: 2, EGGS: 1}),
        ("４． Bob：３ apples", "Bob", {APPLES: 3}),  # noqa: RUF001  # digits of full width
        ("Mary Ann 2 apples and an egg", "Mary Ann", {APPLES: 2, EGGS: 1}),
        ("Sue, 2 apples + 1 eggs", "Sue", {APPLES: 2, EGGS: 1}),
        ("Pat apples, 2 eggs", "Pat", {APPLES: 1, EGGS: 2}),
        ("Kim apples x 2, eggs x1", "Kim", {APPLES: 2, EGGS: 1}),
        ("Hal - 2 apples - 3 eggs 👍", "Hal", {APPLES: 2, EGGS: 3}),
        ("Max x2 apples", "Max", {APPLES: 2}),
        ("Pineapple Joe 2 apples", "Pineapple Joe", {APPLES: 2}),
        ("Amy (3B) 2 apples (the red ones)", "Amy (3B)", {APPLES: 2}),
        ("老张 两箱番茄", "老张", {CRATE: 2}),
        ("老赵 番茄两袋 (要熟的)", "老赵", {BAG: 2}),
        ("Bob: 2 bags of tomatoes, 1 crate of tomatoes", "Bob", {BAG: 2, CRATE: 1}),
        ("小刘 番茄2斤", "小刘", {BAG: 1}),
        ("小刘 番茄20公斤", "小刘", {CRATE: 2}),
        ("小周 苹果两斤半 苹果两斤半", "小周", {}),
        ("小孙 苹果5斤", "小孙", {APPLES: 1}),
        ("小贾 番茄2500克 番茄500克", "小贾", {}),
        ("王五 苹果2", "王五", {APPLES: 2}),
        ("三姐 苹果2和鸡蛋1", "三姐", {APPLES: 2, EGGS: 1}),
        ("老三 三苹果", "老三", {APPLES: 3}),
        ("二叔 三 苹果", "二叔", {APPLES: 3}),
        ("小六 苹果三 鸡蛋四", "小六", {APPLES: 3, EGGS: 4}),
        ("十二号 苹果十二", "十二号", {APPLES: 12}),
        ("八号 苹果二十三", "八号", {APPLES: 23}),
        ("杨 苹果2份鸡蛋3份", "杨", {APPLES: 2, EGGS: 3}),
        ("王姐 苹果：2 鸡蛋：1", "王姐", {APPLES: 2, EGGS: 1}),  # noqa: RUF001  # as phones write it
        ("和平 苹果2", "和平", {APPLES: 2}),
        ("王姐 苹果", "王姐", {APPLES: 1}),
        ("Ed two apples, two apples", "Ed", {APPLES: 4}),
        ("陈 老母鸡1只", "陈", {HENS: 1}),
        ("Flo 2/1 apples", "Flo", {APPLES: 2}),
        ("李姐 苹果两瓶 鸡蛋一袋 老母鸡三把", "李姐", {APPLES: 2, EGGS: 1, HENS: 3}),
        ("孙 2筐苹果", "孙", {APPLES: 2}),
        ("郑 苹果-2 鸡蛋-1", "郑", {APPLES: 2, EGGS: 1}),
    ],
)
def test_a_line_says_who_wants_how_many_packs_of_what(line: str, name: str, packs: Mapping[ListingId, int]) -> None:
    found = read(line)
    assert (found.name, found.packs) == (name, packs)
    assert bool(found.faults) is (not packs)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("3 apples", roll.NO_NAME),
        (":2 apples", roll.NO_NAME),
        ("Zed", roll.NO_GOODS),
        ("Ana: bananas 3", roll.UNKNOWN),
        ("小吴 香蕉3 苹果2", roll.UNKNOWN),
        ("小郑 苹果2 香蕉", roll.UNKNOWN),
        ("Flo: 3", roll.NO_GOODS_OF),
        ("Eve 3 tomatoes", roll.WHICH),
        ("小陈 番茄半斤", roll.UNEVEN),
        ("陈 老母鸡2斤", roll.UNEVEN),
        ("Ann 1.5 apples", roll.NOT_WHOLE),
        ("Tom ½ apples", roll.NOT_WHOLE),
        ("李四 半 苹果", roll.NOT_WHOLE),
        ("Half Moon: half an apple", roll.NO_GOODS_OF),
        ("Tim: apples 9999999", roll.TOO_MANY),
        ("6. Ana: -3 eggs", roll.LESS_THAN_NONE),
        ("Ana 2 apples, −3 eggs", roll.LESS_THAN_NONE),  # noqa: RUF001  # as phones write it
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_guessed(line: str, said: str) -> None:
    assert [fault.message for fault in read(line).faults] == [said]


def test_goods_that_begin_like_a_measure_word_are_goods() -> None:
    cabbage = replace(SALE[0], names=("Cabbage", "包菜"))
    (found,) = read_roll("周 2包菜", [cabbage])
    assert (found.packs, found.faults) == ({APPLES: 2}, ())


def test_more_than_is_left_is_said_at_the_line_that_takes_it() -> None:
    lines = read_roll("Ana: 4 crates of tomatoes\nBob: 11 bags of tomatoes\nCid: 10 bags of tomatoes", SALE)
    first, second, third = within_left(lines, SALE, {})
    assert not first.faults
    assert [(fault.message, fault.facts["most"]) for fault in second.faults] == [(roll_left.MORE_THAN_LEFT, 10)]
    assert not third.faults  # what cannot be placed takes nothing from those below


def test_what_somebody_holds_already_is_left_for_them_only() -> None:
    gone = [replace(one, left=0) for one in SALE]
    held = {called("Ana"): {BAG: 2, ListingId(uuid7()): 1}}
    lines = read_roll("Ana: 2 bags of tomatoes\nBob: 1 bag of tomatoes", gone)
    ana, bob = within_left(lines, gone, held)
    assert not ana.faults
    assert [fault.message for fault in bob.faults] == [roll_left.SOLD_OUT]


def test_headings_and_empty_lines_are_no_neighbours() -> None:
    lines = read_roll("#接龙 本周苹果\n\n【团购】截止周一\n---\n1. 王姐 苹果2\n", SALE)
    assert [line.name for line in lines] == ["王姐"]


def test_two_lines_of_one_name_are_told_apart_by_the_leader() -> None:
    first, second = read_roll("Ana: 2 apples\n ana : 1 eggs", SALE)
    assert not first.faults
    assert [fault.message for fault in second.faults] == [roll.TWICE]


def test_a_list_has_an_end() -> None:
    lines = read_roll("\n".join(f"N{number}: 1 apple" for number in range(roll.MOST_ROWS + 1)), SALE)
    assert [fault.message for line in lines for fault in line.faults] == [roll.TOO_LONG]


def test_of_a_weight_that_several_packs_make_even_the_largest_is_meant() -> None:
    assert read("老王 番茄10公斤").packs == {CRATE: 1}


def test_plurals_and_endings_are_the_same_goods() -> None:
    berries = replace(SALE[0], listing_id=ListingId(uuid7()), names=("Blueberries",))
    peaches = replace(SALE[0], listing_id=ListingId(uuid7()), names=("Peaches",))
    grass = replace(SALE[0], listing_id=ListingId(uuid7()), names=("Lemongrass",))
    (found,) = read_roll("Joy: 1 blueberry, 2 peach, 3 lemongrass", [berries, peaches, grass])
    assert list(found.packs.values()) == [1, 2, 3]


def test_a_line_is_new_the_same_or_a_change_of_what_was_ordered() -> None:
    line = OrderLine(
        id=OrderLineId(uuid7()),
        listing_id=APPLES,
        product_id=ProductId(uuid7()),
        grade=4,
        packs=2,
        quantity=5_000,
        weight_g=5_000,
        price_minor_per_1000=300,
        tax_ppm=0,
        total_minor=1_500,
    )
    order = Order(
        id=OrderId(uuid7()),
        cycle_id=CycleId(uuid7()),
        consumer_id=PersonId(uuid7()),
        place_id=PlaceId(uuid7()),
        at_home=False,
        state=OrderState.PLACED,
        reason=None,
        currency="USD",
        delivery_fee_minor=0,
        total_minor=1_500,
        placed_at=datetime(2026, 7, 1, tzinfo=UTC),
        amended_at=None,
        revision=1,
        lines=(line,),
    )
    steps = [roll.step_of({APPLES: 2}, None), roll.step_of({APPLES: 2}, order), roll.step_of({APPLES: 3}, order)]
    assert steps == [Step.NEW, Step.SAME, Step.CHANGED]
