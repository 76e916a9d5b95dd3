from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.cycles.values import Stage
from farmlink.dispatch import rules
from farmlink.dispatch.values import Handed, ReceiptView, Received, ShortReason
from farmlink.kernel.ids import uuid7
from farmlink.network.values import HubId, PlaceId
from farmlink.orders.values import BatchedLine, OrderId, OrderLineId
from farmlink.planning.values import AllocationId

BATCH = uuid7()
LINE = OrderLineId(uuid7())


def sent(allocated: int, received: int | None = None) -> ReceiptView:
    return ReceiptView(AllocationId(uuid7()), HubId(uuid7()), uuid7(), BATCH, allocated, received)


def line(quantity: int, pack: int = 1) -> BatchedLine:
    return BatchedLine(
        line_id=OrderLineId(uuid7()),
        order_id=OrderId(uuid7()),
        batch_id=UUID(int=1),
        place_id=PlaceId(uuid7()),
        quantity=quantity,
        pack=pack,
        total_minor=quantity,
    )


@pytest.mark.parametrize("stage", [Stage.CONFIRMED, Stage.MOVING])
def test_goods_come_in_when_every_farm_has_answered(stage: Stage) -> None:
    rules.require_on_the_way(stage)


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.PLANNED, Stage.CONFIRMING, Stage.DONE, Stage.CANCELLED])
def test_goods_come_in_neither_before_that_nor_after_the_end(stage: Stage) -> None:
    with pytest.raises(rules.NotOnTheWayError):
        rules.require_on_the_way(stage)


def test_a_count_changes_what_it_says_and_nothing_else() -> None:
    first, second, third = sent(10), sent(10, 7), sent(10, 7)
    counted = [Received(first.allocation_id, 0), Received(second.allocation_id, 7), Received(third.allocation_id, 10)]
    assert rules.corrections([first, second, third], counted) == {first.allocation_id: 0, third.allocation_id: 10}


def test_what_the_plan_does_not_send_is_not_counted() -> None:
    with pytest.raises(rules.NotInPlanError):
        rules.corrections([sent(10)], [Received(AllocationId(uuid7()), 1)])


@pytest.mark.parametrize("received", [11, -1])
def test_no_more_comes_in_than_was_sent(received: int) -> None:
    allocation = sent(10)
    with pytest.raises(rules.MoreThanSentError):
        rules.corrections([allocation], [Received(allocation.allocation_id, received)])


def test_when_all_came_in_everybody_gets_what_they_ordered() -> None:
    assert rules.share_pro_rata(30, [10, 20], [1, 1]) == [10, 20]


def test_what_is_missing_is_missing_by_what_was_ordered() -> None:
    assert rules.share_pro_rata(15, [10, 20], [1, 1]) == [5, 10]


def test_shares_are_whole_packs_and_the_rest_goes_by_largest_remainder() -> None:
    assert rules.share_pro_rata(7000, [5000, 4000, 1000], [1000, 1000, 1000]) == [3000, 3000, 1000]


def test_a_rest_too_small_for_large_packs_fills_small_ones() -> None:
    assert rules.share_pro_rata(9_500, [10_000, 3_000], [10_000, 500]) == [0, 3_000]


@given(
    lines=st.lists(st.tuples(st.integers(1, 30), st.sampled_from([1, 500, 1000, 2500])), min_size=1, max_size=8),
    available=st.integers(0, 200_000),
)
def test_shares_never_exceed_what_is_there_nor_what_was_ordered_and_leave_no_pack_that_fits(
    lines: list[tuple[int, int]], available: int
) -> None:
    wanted, packs = [count * pack for count, pack in lines], [pack for _, pack in lines]
    shares = rules.share_pro_rata(available, wanted, packs)
    left = available - sum(shares)
    assert left >= 0
    for share, want, pack in zip(shares, wanted, packs, strict=True):
        assert 0 <= share <= want
        assert share % pack == 0
        assert share == want or pack > left


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from([1, 5, 10])), min_size=1, max_size=6),
    st.integers(0, 120),
    st.integers(0, 120),
)
def test_nobody_gets_more_because_less_came(lines: list[tuple[int, int]], allocated: int, lost: int) -> None:
    asked = [line(count * pack, pack) for count, pack in lines]
    sent_in_all = min(allocated, sum(one.quantity for one in asked))
    foreseen = rules.shares_of_batch(asked, [sent(sent_in_all, sent_in_all)])
    came = rules.shares_of_batch(asked, [sent(sent_in_all, max(sent_in_all - lost, 0))])
    assert all(now <= most for (_, most, _), (_, now, _) in zip(foreseen, came, strict=True))


def test_a_batch_is_shared_with_the_reason_of_what_is_missing() -> None:
    lines = [line(6), line(4)]
    assert [(due, why) for _, due, why in rules.shares_of_batch(lines, [sent(10, 5)])] == [
        (3, ShortReason.NOT_RECEIVED),
        (2, ShortReason.NOT_RECEIVED),
    ]


def test_what_nobody_counted_did_not_come() -> None:
    assert rules.shares_of_batch([line(6)], [sent(6)])[0][1:] == (0, ShortReason.NOT_RECEIVED)


def test_what_the_plan_never_sent_is_short_for_the_plans_own_reason() -> None:
    assert rules.shares_of_batch([line(6)], [], "too-dear")[0][1:] == (0, "too-dear")
    assert rules.short_reason(6, 4, 4, "too-dear") == "too-dear"


def test_what_the_plan_never_sent_and_says_nothing_of_was_not_planned() -> None:
    assert rules.shares_of_batch([line(6)], [])[0][1:] == (0, ShortReason.NOT_PLANNED)
    assert rules.short_reason(6, 4, 4) is ShortReason.NOT_PLANNED


def test_of_two_reasons_the_one_of_the_larger_part_is_told() -> None:
    assert rules.short_reason(6, 5, 1, "too-dear") is ShortReason.NOT_RECEIVED
    assert rules.short_reason(6, 2, 1, "too-dear") == "too-dear"
    assert [why for _, _, why in rules.shares_of_batch([line(60)], [sent(10, 9)], "too-dear")] == ["too-dear"]
    assert [why for _, _, why in rules.shares_of_batch([line(60)], [sent(50, 9)], "too-dear")] == ["not-received"]


def test_an_allocation_is_counted_once_a_request() -> None:
    allocation = sent(10)
    twice = [Received(allocation.allocation_id, 1), Received(allocation.allocation_id, 2)]
    with pytest.raises(rules.CountedTwiceError):
        rules.corrections([allocation], twice)


def test_who_gets_all_needs_no_reason() -> None:
    assert rules.short_reason(6, 4, 6) is None


def test_a_line_that_ended_may_be_told_the_same_again() -> None:
    rules.require_same_end(5, 5)


def test_a_line_that_ended_ends_no_other_way() -> None:
    with pytest.raises(rules.HandedOutOtherwiseError):
        rules.require_same_end(5, 4)


def test_all_that_is_due_is_handed_out_without_a_reason() -> None:
    assert rules.end_reason(5, Handed(LINE, 5, ShortReason.SPOILED)) is None


def test_less_than_is_due_needs_a_reason_that_a_point_can_know() -> None:
    assert rules.end_reason(5, Handed(LINE, 4, ShortReason.SPOILED)) is ShortReason.SPOILED


@pytest.mark.parametrize("reason", [None, ShortReason.NOT_PLANNED, ShortReason.NOT_RECEIVED])
def test_less_than_is_due_without_such_a_reason_is_refused(reason: ShortReason | None) -> None:
    with pytest.raises(rules.ShortReasonMissingError):
        rules.end_reason(5, Handed(LINE, 4, reason))


@pytest.mark.parametrize("handed_out", [6, -1])
def test_no_more_than_is_due_is_handed_out(handed_out: int) -> None:
    with pytest.raises(rules.MoreThanDueError):
        rules.end_reason(5, Handed(LINE, handed_out))


def test_news_is_what_is_short_otherwise_than_was_said_and_what_is_not_short_any_more() -> None:
    same, changed, new, mended, full = (OrderId(uuid7()) for _ in range(5))
    apples, pears = OrderLineId(uuid7()), OrderLineId(uuid7())
    said = {same: {apples: 3}, changed: {apples: 3}, mended: {pears: 0}}

    foreseen = {same: {apples: 3}, changed: {apples: 3, pears: 1}, new: {apples: 0}, full: {}}

    assert rules.news(foreseen, said) == sorted([changed, new, mended])
    assert rules.news({}, {}) == []
