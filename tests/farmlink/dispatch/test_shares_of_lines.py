"""What came in of a batch, shared over its lines as the rule says and as each consumer agreed to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.dispatch.rules.sharing import DueLine, Sharing, seed_of, shares_of_batch, short_reason
from farmlink.dispatch.values import ReceiptView, ShortReason
from farmlink.kernel.ids import uuid7
from farmlink.network.values import HubId, PlaceId
from farmlink.orders.values import BatchedLine, OrderId, OrderLineId, Shortage
from farmlink.people.values import PersonId
from farmlink.planning.values import AllocationId
from farmlink.policy.values import ShortageRule

BATCH = uuid7()
PRO_RATA = Sharing(ShortageRule.PRO_RATA, "seed", {})


def sent(allocated: int, received: int | None = None) -> ReceiptView:
    return ReceiptView(AllocationId(uuid7()), HubId(uuid7()), uuid7(), BATCH, allocated, received)


def line(quantity: int, pack: int = 1, whose: OrderLineId | None = None, **terms: Any) -> BatchedLine:
    line_id = OrderLineId(uuid7())
    return BatchedLine(
        line_id=line_id,
        whose=whose or line_id,
        order_id=OrderId(uuid7()),
        consumer_id=PersonId(uuid7()),
        batch_id=BATCH,
        place_id=PlaceId(uuid7()),
        quantity=quantity,
        pack=pack,
        price_minor_per_1000=1000,
        total_minor=quantity,
        **terms,
    )


def all_or_nothing(quantity: int, **terms: Any) -> BatchedLine:
    return line(quantity, shortage=Shortage.CANCEL, **terms)


def told(found: list[DueLine]) -> list[tuple[int, str | None]]:
    return [(one.due, one.reason) for one in found]


AMOUNTS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from([1, 5, 10])), min_size=1, max_size=6)


@pytest.mark.parametrize("rule", list(ShortageRule))
@given(amounts=AMOUNTS, wishes=st.lists(st.sampled_from(Shortage), min_size=6, max_size=6), data=st.data())
def test_nobody_gets_more_because_less_came_nor_a_part_of_what_they_want_whole(
    rule: ShortageRule, amounts: list[tuple[int, int]], wishes: list[Shortage], data: st.DataObject
) -> None:
    lines = [line(count * pack, pack, shortage=wish) for (count, pack), wish in zip(amounts, wishes, strict=False)]
    allocated = data.draw(st.integers(0, sum(one.quantity for one in lines)))
    came = data.draw(st.integers(0, allocated))
    terms = Sharing(rule, "seed", {lines[0].consumer_id: 10})

    foreseen = shares_of_batch(terms, lines, [sent(allocated, allocated)])
    shared = shares_of_batch(terms, lines, [sent(allocated, came)])

    assert sum(one.due for one in shared) <= came
    for before, now in zip(foreseen, shared, strict=True):
        assert now.due <= before.due
        assert (now.reason is None) == (now.due == now.line.quantity)
        assert now.due in {0, now.line.quantity} or now.line.shortage is not Shortage.CANCEL


@pytest.mark.parametrize("rule", list(ShortageRule))
@given(gifts=st.lists(st.integers(1, 4), min_size=2, max_size=6), others=AMOUNTS, data=st.data())
def test_who_orders_for_others_is_due_in_all_what_one_order_of_it_would_be(
    rule: ShortageRule, gifts: list[int], others: list[tuple[int, int]], data: st.DataObject
) -> None:
    tolerated = data.draw(st.lists(st.integers(0, 3), min_size=len(gifts), max_size=len(gifts)))
    extras = [min(more, packs - 1) * 5 for packs, more in zip(gifts, tolerated, strict=True)]
    whole = line(sum(gifts) * 5, 5, extra=sum(extras))
    parts = [
        replace(whole, line_id=OrderLineId(uuid7()), quantity=packs * 5, extra=extra)
        for packs, extra in zip(gifts, extras, strict=True)
    ]
    rest = [line(count * pack, pack) for count, pack in others]
    allocated = data.draw(st.integers(0, whole.quantity + sum(one.quantity for one in rest)))
    came = [sent(allocated, data.draw(st.integers(0, allocated)))]
    terms = Sharing(rule, "seed", {whole.consumer_id: data.draw(st.integers(-1, 1))})

    once = [one.due for one in shares_of_batch(terms, [whole, *rest], came)]
    parted = [one.due for one in shares_of_batch(terms, [*parts, *rest], came)]

    assert [sum(parted[: len(parts)]), *parted[len(parts) :]] == once


def test_a_batch_is_shared_with_the_reason_of_what_is_missing() -> None:
    found = shares_of_batch(PRO_RATA, [line(6), line(4)], [sent(10, 5)])
    assert told(found) == [(3, ShortReason.NOT_RECEIVED), (2, ShortReason.NOT_RECEIVED)]


def test_what_nobody_counted_did_not_come() -> None:
    assert told(shares_of_batch(PRO_RATA, [line(6)], [sent(6)])) == [(0, ShortReason.NOT_RECEIVED)]


def test_what_the_plan_never_sent_is_short_for_the_plans_own_reason() -> None:
    assert told(shares_of_batch(PRO_RATA, [line(6)], [], "too-dear")) == [(0, "too-dear")]
    assert short_reason(6, 4, 4, "too-dear") == "too-dear"


def test_what_the_plan_never_sent_and_says_nothing_of_was_not_planned() -> None:
    assert told(shares_of_batch(PRO_RATA, [line(6)], [])) == [(0, ShortReason.NOT_PLANNED)]
    assert short_reason(6, 4, 4) is ShortReason.NOT_PLANNED


def test_of_two_reasons_the_one_of_the_larger_part_is_told() -> None:
    assert short_reason(6, 5, 1, "too-dear") is ShortReason.NOT_RECEIVED
    assert short_reason(6, 2, 1, "too-dear") == "too-dear"
    assert told(shares_of_batch(PRO_RATA, [line(60)], [sent(10, 9)], "too-dear")) == [(9, "too-dear")]
    assert told(shares_of_batch(PRO_RATA, [line(60)], [sent(50, 9)], "too-dear")) == [(9, "not-received")]


def test_who_gets_all_needs_no_reason() -> None:
    assert short_reason(6, 4, 6) is None


def test_who_wants_all_or_nothing_leaves_a_part_to_the_others() -> None:
    found = shares_of_batch(PRO_RATA, [all_or_nothing(6), line(6)], [sent(12, 8)])
    assert told(found) == [(0, ShortReason.NOT_WHOLE), (6, None)]


def test_who_misses_most_leaves_first_and_the_others_are_served_whole() -> None:
    large, small = all_or_nothing(8), all_or_nothing(2)
    assert told(shares_of_batch(PRO_RATA, [small, large], [sent(10, 6)])) == [(2, None), (0, ShortReason.NOT_WHOLE)]


def test_of_nothing_there_is_no_part_to_leave() -> None:
    assert told(shares_of_batch(PRO_RATA, [all_or_nothing(6)], [sent(6, 0)])) == [(0, ShortReason.NOT_RECEIVED)]


def test_what_the_plan_left_a_part_of_is_left_already_then() -> None:
    assert told(shares_of_batch(PRO_RATA, [all_or_nothing(6)], [sent(5, 5)], "too-dear")) == [
        (0, ShortReason.NOT_WHOLE)
    ]


def test_what_was_only_welcome_to_fill_a_case_is_no_part_of_all() -> None:
    assert told(shares_of_batch(PRO_RATA, [all_or_nothing(6, extra=2)], [sent(5, 5)])) == [(5, ShortReason.NOT_PLANNED)]


def test_the_cycles_own_rule_decides_who_is_cut() -> None:
    owed, favoured = line(3), line(3)
    terms = Sharing(ShortageRule.ROTATION, "seed", {owed.consumer_id: 5, favoured.consumer_id: -5})
    found = shares_of_batch(terms, [favoured, owed], [sent(6, 3)])
    assert [(one.due, one.balance_ppm) for one in found] == [(1, -5), (2, 5)]


def test_tolerance_goes_first_where_that_is_the_rule() -> None:
    terms = Sharing(ShortageRule.TOLERANCE_FIRST, "seed", {})
    found = shares_of_batch(terms, [line(6, extra=2), line(4)], [sent(10, 8)])
    assert [one.due for one in found] == [4, 4]


def test_the_lottery_is_drawn_by_the_published_seed() -> None:
    lines = [line(5) for _ in range(6)]
    seeds = [seed_of(BATCH, UUID(int=number)) for number in range(30)]
    winners = set()
    for seed in seeds:
        found = shares_of_batch(Sharing(ShortageRule.LOTTERY, seed, {}), lines, [sent(30, 5)])
        winners |= {one.line.line_id for one in found if one.due}
    assert len(winners) > 3
