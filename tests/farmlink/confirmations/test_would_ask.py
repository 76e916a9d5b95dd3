"""Who would be told what: looked at before a plan is published, and just what publishing then does."""

from __future__ import annotations

import pytest

from farmlink.confirmations import queries
from farmlink.confirmations.values import RequestState
from farmlink.store.store import Store
from tests.farmlink.planning.builders import NO, YES, Season


@pytest.fixture
def season(store: Store) -> Season:
    return Season.closed(store, lots=(40_000, 40_000, 40_000))


def test_the_first_plan_asks_what_it_takes_and_looking_asks_nobody(season: Season) -> None:
    plan_id = season.plan()
    would = season.store.read(queries.would_ask, plan_id)
    looked = season.asked()
    published = season.publish(plan_id)

    assert looked == []
    assert (len(would.asked), len(would.kept), len(would.withdrawn)) == (published.asked, 0, 0)
    assert {one.lot_id: one.quantity for one in would.asked} == season.taken()


def test_a_plan_after_a_no_keeps_questions_that_stand_and_asks_only_what_is_new(season: Season) -> None:
    season.planned()
    season.answer(season.asked()[0].id, NO)
    plan_id = season.plan()
    would = season.store.read(queries.would_ask, plan_id)
    published = season.publish(plan_id)

    assert (len(would.asked), len(would.kept), len(would.withdrawn)) == (
        published.asked,
        published.kept,
        published.withdrawn,
    )


def test_what_is_promised_is_not_asked_again(season: Season) -> None:
    season.planned()
    for asked in season.asked():
        season.answer(asked.id, YES)
    would = season.store.read(queries.would_ask, season.plan())

    assert (would.asked, would.kept, would.withdrawn) == ([], [], [])
    assert season.asked(RequestState.OPEN) == []
