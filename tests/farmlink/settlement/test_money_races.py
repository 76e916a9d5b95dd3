"""Money moves from two sides at once: nobody waits in a ring, and nobody is paid what was taken back meanwhile."""

from __future__ import annotations

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.ledger.values import AccountKind
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.payments import commands as payments
from farmlink.payments import queries as paid
from farmlink.settlement import commands
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.rivals import meanwhile
from tests.farmlink.settlement.builders import ELM, Ledgered


@pytest.fixture
def season(store: Store) -> Ledgered:
    """Two orders of 90.00 and 60.00 that are charged, and due at pick-up."""
    season = Ledgered.done(store, lots=(60_000,))
    season.settle()
    return season


def test_a_note_waits_for_who_collects_and_neither_waits_for_the_other_in_turn(season: Ledgered) -> None:
    order = season.orders[0]
    tries = meanwhile(
        season.store,
        lambda tx: paid.lock_one(tx, order.id),
        lambda tx: commands.credit(tx, season.note(order, 1_000)),
        lambda tx: payments.collect(tx, order.id, season.market.point.id, 9_000),
    )
    assert tries == ["rival", "slow"]
    assert (season.payment(order).collected_minor, season.payment(order).credited_minor) == (9_000, 1_000)
    assert check(season.store) == []


def test_what_is_taken_back_at_the_same_moment_is_not_paid_out(season: Ledgered) -> None:
    (farm,) = season.farms()
    house = season.store.read(network.farm, FarmId(farm)).organisation_id
    season.store.run(commands.keep_bank_details, house, ELM)
    meanwhile(
        season.store,
        lambda tx: commands.credit(tx, season.note(season.orders[0], 4_500)),
        lambda tx: commands.pay_out(tx, uuid7(), season.market.hub.id),
        lambda tx: tx.execute("SELECT 1"),
    )
    assert season.on(AccountKind.FARM, farm) == 0
    assert check(season.store) == []
