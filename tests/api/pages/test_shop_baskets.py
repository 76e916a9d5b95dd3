"""A basket as an address carries it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.shop import baskets
from farmlink.cycles.values import CycleId, ListingId
from farmlink.orders.values import Shortage, WantedLine

LISTINGS = st.uuids().map(ListingId)
LINES = st.builds(
    WantedLine,
    LISTINGS,
    st.integers(1, 1000),
    st.none() | st.integers(1, 1000),
    st.sampled_from(Shortage),
    st.lists(LISTINGS, max_size=5).map(tuple),
)


@given(st.lists(LINES, max_size=20).map(tuple))
def test_a_basket_is_read_as_it_was_written(lines: tuple[WantedLine, ...]) -> None:
    assert baskets.unwritten(baskets.written(lines)) == lines


@pytest.mark.parametrize("text", ["", "x", "not a basket", "k5XEEAGi", "a" * 500])
def test_what_was_cut_off_or_made_up_is_an_empty_basket(text: str) -> None:
    assert baskets.unwritten(text) == ()


def test_a_basket_is_kept_for_its_own_cycle_alone() -> None:
    own, other = CycleId(uuid4()), CycleId(uuid4())
    lines = (WantedLine(ListingId(UUID(int=7)), 2),)

    assert baskets.unkept(baskets.kept(own, lines), own) == lines
    assert baskets.unkept(baskets.kept(own, lines), other) == ()
