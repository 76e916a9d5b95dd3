"""What leaders and drivers took in cash goes home: it is handed over to the hub, once, and never more than there is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from farmlink.kernel.errors import InvalidError, MissingError, RefusedError
from farmlink.kernel.ids import uuid7
from farmlink.ledger.rules import EntryDiffersError
from farmlink.ledger.values import AccountKind
from farmlink.payments import commands as payments
from farmlink.settlement import commands, rules
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.settlement.builders import Ledgered


@pytest.fixture
def season(store: Store) -> Ledgered:
    """The leader took 90.00; an order of 60.00 is still due."""
    season = Ledgered.done(store, lots=(60_000,))
    season.settle()
    store.run(payments.collect, season.orders[0].id, season.market.point.id, 9_000)
    return season


def stands(season: Ledgered) -> tuple[int, int]:
    """What the leader holds, and what the hub's bank has."""
    hub, point = season.market.hub, season.market.point
    return season.on(AccountKind.CASH, point.id), season.on(AccountKind.BANK, hub.id)


def test_a_leader_hands_over_what_was_collected_once(season: Ledgered) -> None:
    hub, point, key = season.market.hub, season.market.point, uuid7()
    for _ in range(2):
        season.store.run(commands.hand_over, key, hub.id, point.id, 4_000)
    assert stands(season) == (5_000, 4_000)
    with pytest.raises(EntryDiffersError):
        season.store.run(commands.hand_over, key, hub.id, point.id, 5_000)
    season.store.run(commands.hand_over, uuid7(), hub.id, point.id, 5_000)
    season.store.run(commands.hand_over, key, hub.id, point.id, 4_000)
    assert stands(season) == (0, 9_000)
    assert check(season.store) == []


def test_no_more_is_handed_over_than_was_collected(season: Ledgered) -> None:
    hub, point = season.market.hub, season.market.point
    with pytest.raises(rules.MoreThanCollectedError):
        season.store.run(commands.hand_over, uuid7(), hub.id, point.id, 9_001)
    with pytest.raises(rules.MoreThanCollectedError):
        season.store.run(commands.hand_over, uuid7(), hub.id, hub.id, 1)
    with pytest.raises(InvalidError):
        season.store.run(commands.hand_over, uuid7(), hub.id, point.id, 0)
    assert stands(season) == (9_000, 0)


def test_two_who_count_the_same_coins_hand_them_over_once(season: Ledgered) -> None:
    hub, point = season.market.hub, season.market.point

    def hand_over(_: int) -> bool:
        try:
            season.store.run(commands.hand_over, uuid7(), hub.id, point.id, 9_000)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(3) as people:
        assert sorted(people.map(hand_over, range(3))) == [False, False, True]
    assert stands(season) == (0, 9_000)


def test_who_is_no_point_of_the_region_hands_nothing_over(season: Ledgered) -> None:
    with pytest.raises(MissingError):
        season.store.run(commands.hand_over, uuid7(), season.market.hub.id, season.orders[0].consumer_id, 1)
