import pytest

from farmlink.cycles.values import Stage
from farmlink.dispatch import rules
from farmlink.dispatch.values import Handed, ReceiptView, Received, ShortReason
from farmlink.kernel.ids import uuid7
from farmlink.network.values import HubId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.planning.values import AllocationId

BATCH = uuid7()
LINE = OrderLineId(uuid7())


def sent(allocated: int, received: int | None = None) -> ReceiptView:
    return ReceiptView(AllocationId(uuid7()), HubId(uuid7()), uuid7(), BATCH, allocated, received)


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


def test_an_allocation_is_counted_once_a_request() -> None:
    allocation = sent(10)
    twice = [Received(allocation.allocation_id, 1), Received(allocation.allocation_id, 2)]
    with pytest.raises(rules.CountedTwiceError):
        rules.corrections([allocation], twice)


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
