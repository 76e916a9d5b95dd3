"""What the counts on the way say of each lot of a batch, and of what its farm had promised."""

from __future__ import annotations

from farmlink.claims.rules import blame_of
from farmlink.claims.values import Kind, Step
from farmlink.dispatch.values import ReceiptView
from farmlink.store.store import Store
from tests.farmlink.claims.builders import Claimed
from tests.farmlink.planning.builders import force_sql, run_sql

BOTH = (30_000, 30_000)


def less_of_first(season: Claimed) -> Claimed:
    """One of two lots of a batch comes in short, the other whole."""
    first = season.lots[0]

    def came(view: ReceiptView) -> int:
        return view.allocated - 1_000 if view.lot_id == first else view.allocated

    season.receive(came)
    season.share()
    return season.over()


def test_a_farm_whose_lot_came_whole_does_not_pay_for_another_in_the_same_batch(store: Store) -> None:
    season = less_of_first(Claimed.on_the_way(store, BOTH))
    trail = season.trail(season.claim(kind=Kind.SPOILT))
    assert (trail.confirmed - trail.received, trail.all_short) == (1_000, False)
    assert blame_of(Kind.SPOILT, trail) is Step.UNKNOWN


def test_a_batch_of_which_every_lot_came_short_is_short(store: Store) -> None:
    season = Claimed.on_the_way(store, BOTH)
    season.handed_out(part=2)
    assert season.trail(season.claim()).all_short is True


def test_a_lot_that_nobody_counted_is_not_one_that_did_not_come(store: Store) -> None:
    season = less_of_first(Claimed.on_the_way(store, BOTH))
    run_sql(store, "DELETE FROM receipt WHERE received < 30000")
    assert season.trail(season.claim()).all_short is None


def test_a_promise_stands_though_the_farm_was_asked_anew_and_the_question_withdrawn(store: Store) -> None:
    season = Claimed.done(store)
    force_sql(
        season.store,
        "INSERT INTO confirmation_request SELECT (row).* FROM (SELECT jsonb_populate_record(asked, jsonb_build_object("
        "'id', gen_random_uuid(), 'plan_id', gen_random_uuid(), 'state', 'superseded', 'answered', NULL,"
        " 'answered_at', NULL)) AS row FROM confirmation_request AS asked) AS again",
    )
    trail = season.trail(season.claim())
    assert (trail.confirmed, trail.received, trail.all_short) == (50_000, 50_000, False)
