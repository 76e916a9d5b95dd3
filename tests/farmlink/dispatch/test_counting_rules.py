"""A lot is counted as a whole: what came is parted over what it was sent for, and nothing is lost on the way."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.dispatch.rules import MoreThanSentError
from farmlink.dispatch.rules.counting import over_allocations
from farmlink.dispatch.values import ReceiptView
from farmlink.network.values import HubId
from farmlink.planning.values import AllocationId


def views(*allocated: int) -> list[ReceiptView]:
    ids = [UUID(int=number) for number in range(1, len(allocated) + 1)]
    return [
        ReceiptView(AllocationId(id_), HubId(ids[0]), ids[0], id_, quantity, None)
        for id_, quantity in zip(ids, allocated, strict=True)
    ]


def parted(received: int, *allocated: int) -> list[int]:
    return [one.received for one in over_allocations(views(*allocated), received)]


def test_what_came_is_parted_in_proportion_and_the_largest_remainders_get_the_rest() -> None:
    assert parted(10, 6, 3, 1) == [6, 3, 1]
    assert parted(7, 6, 3, 1) == [4, 2, 1]
    assert parted(1, 1, 1) == [1, 0]


def test_nothing_came_or_nothing_was_sent() -> None:
    assert parted(0, 6, 3) == [0, 0]
    assert parted(0, 0) == [0]


@pytest.mark.parametrize("received", [-1, 11])
def test_no_more_than_was_sent_can_have_come(received: int) -> None:
    with pytest.raises(MoreThanSentError):
        parted(received, 6, 4)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.integers(0, 10**6))
def test_the_parts_come_to_what_was_counted_and_none_exceeds_what_was_sent(allocated: list[int], ppm: int) -> None:
    received = sum(allocated) * ppm // 10**6
    parts = parted(received, *allocated)
    assert sum(parts) == received
    assert all(0 <= part <= sent for part, sent in zip(parts, allocated, strict=True))
