"""Settling ends every threshold: charged where somebody got something, released where nobody did."""

from __future__ import annotations

import pytest

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import ThresholdState
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.settlement.builders import Ledgered


@pytest.fixture
def season(store: Store) -> Ledgered:
    """Fifty kilograms, for an order of thirty and one of twenty."""
    return Ledgered.done(store)


def test_what_was_charged_ends_charged_in_the_transaction_that_charges_it(season: Ledgered) -> None:
    before = season.store.read(cycles.cycle, season.cycle_id).threshold_state

    season.settle()

    after = season.store.read(cycles.cycle, season.cycle_id).threshold_state
    listings = season.store.read(cycles.listings, season.cycle_id)
    assert (before, after) == (ThresholdState.MET, ThresholdState.CHARGED)
    assert {one.threshold_state for one in listings if one.ordered} == {ThresholdState.CHARGED}
    assert {one.threshold_state for one in listings if not one.ordered} <= {ThresholdState.RELEASED}
    assert check(season.store) == []
