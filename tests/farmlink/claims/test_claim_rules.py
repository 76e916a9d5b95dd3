"""What may be claimed, who answers, and where the counts say that it went wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from farmlink.claims import rules
from farmlink.claims.values import Claim, ClaimId, Counted, Granted, Kind, State, Step, Trail
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import InvalidError
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import PersonId

ENDED = datetime(2026, 7, 1, 18, tzinfo=UTC)
WINDOW = timedelta(hours=48)
LINE = OrderLineId(uuid7())
CLAIM = Claim(
    id=ClaimId(uuid7()),
    order_id=OrderId(uuid7()),
    line_id=LINE,
    cycle_id=CycleId(uuid7()),
    place_id=PlaceId(uuid7()),
    claimant_id=PersonId(uuid7()),
    kind=Kind.DAMAGED,
    quantity=3_000,
    note="",
    state=State.OPEN,
    made_at=ENDED,
    answer_by=ENDED,
    word="",
    passed_on_at=None,
    accepted=None,
    reason="",
    blame=None,
    decided_at=None,
)
WHOLE = Trail(ordered=50, allocated=50, confirmed=50, received=50, sent=50, handed_out=50)
LEFT_AT_HUB = replace(WHOLE, sent=40)
CAME_SHORT = replace(WHOLE, received=40, sent=40, all_short=True)
ONE_SHORT, UNCOUNTED = replace(CAME_SHORT, all_short=False), replace(CAME_SHORT, all_short=None)
CAME_WHOLE, CAME_LESS, CAME_BAD = Counted(50, 0, 0), Counted(45, 5, 0), Counted(50, 0, 5)
CAME_NOTHING = Counted(0, 50, 0)


def test_the_window_ends_so_long_after_the_hand_out_and_at_its_last_second_a_claim_is_in_time() -> None:
    found = rules.claimable(LINE, 5_000, ENDED, [2_000], WINDOW)
    assert (found.left, found.until) == (3_000, ENDED + WINDOW)
    rules.judge(found, 3_000, found.until)
    with pytest.raises(rules.ClaimTooLateError):
        rules.judge(found, 3_000, found.until + timedelta(microseconds=1))


@pytest.mark.parametrize(("handed_out", "ended_at"), [(None, None), (0, ENDED)])
def test_what_nobody_got_nobody_claims(handed_out: int | None, ended_at: datetime | None) -> None:
    with pytest.raises(rules.NothingHandedOutError):
        rules.claimable(LINE, handed_out, ended_at, [], WINDOW)


@pytest.mark.parametrize("quantity", [0, -1, 3_001])
def test_no_more_is_claimed_than_was_handed_out_and_not_claimed_yet(quantity: int) -> None:
    with pytest.raises(rules.MoreThanHandedOutError):
        rules.judge(rules.claimable(LINE, 5_000, ENDED, [2_000], WINDOW), quantity, ENDED)


def test_what_is_claimed_wholly_is_claimed_no_more() -> None:
    with pytest.raises(rules.AllClaimedError):
        rules.judge(rules.claimable(LINE, 5_000, ENDED, [2_000, 3_000], WINDOW), 1, ENDED)


def test_a_line_is_claimed_so_often_and_no_more() -> None:
    rules.judge(rules.claimable(LINE, 5_000, ENDED, [1] * 9, WINDOW), 1, ENDED)
    with pytest.raises(rules.ClaimedOftenEnoughError):
        rules.judge(rules.claimable(LINE, 5_000, ENDED, [1] * 10, WINDOW), 1, ENDED)


def test_words_are_freed_of_blanks_and_kept_short_and_some_are_needed() -> None:
    assert rules.said("note", "  bruised \n") == "bruised"
    assert rules.said("note", " ") == ""
    for field, text, needed in (("note", "x" * 1001, False), ("reason", "  ", True)):
        with pytest.raises(InvalidError, match=field):
            rules.said(field, text, needed=needed)


def test_only_who_saw_it_as_it_is_answers_it_and_once() -> None:
    rules.require_turn(CLAIM, State.OPEN)
    with pytest.raises(rules.NotYourTurnError):
        rules.require_turn(CLAIM, State.PASSED_ON)
    for state in (State.ACCEPTED, State.DECLINED):
        with pytest.raises(rules.ClaimDecidedError):
            rules.require_turn(replace(CLAIM, state=state), State.PASSED_ON)


def test_a_planner_grants_a_part_with_a_reason_and_a_leader_all_of_it() -> None:
    passed_on = replace(CLAIM, state=State.PASSED_ON)
    rules.judge_part(CLAIM, Granted(CLAIM.id, State.OPEN, 3_000))
    rules.judge_part(passed_on, Granted(CLAIM.id, State.PASSED_ON, 1, "One was whole."))
    with pytest.raises(rules.NotYourTurnError):
        rules.judge_part(CLAIM, Granted(CLAIM.id, State.OPEN, 2_999, "One was whole."))
    with pytest.raises(InvalidError, match="reason"):
        rules.judge_part(passed_on, Granted(CLAIM.id, State.PASSED_ON, 1, " "))
    for quantity in (0, 3_001):
        with pytest.raises(rules.PartOfClaimError):
            rules.judge_part(passed_on, Granted(CLAIM.id, State.PASSED_ON, quantity, "More."))


@pytest.mark.parametrize(
    ("kind", "trail", "arrival", "step"),
    [
        (Kind.MISSING, WHOLE, None, Step.UNKNOWN),
        (Kind.MISSING, LEFT_AT_HUB, None, Step.HUB),
        (Kind.MISSING, CAME_SHORT, None, Step.UNKNOWN),
        (Kind.MISSING, WHOLE, CAME_WHOLE, Step.POINT),
        (Kind.MISSING, LEFT_AT_HUB, CAME_WHOLE, Step.POINT),
        (Kind.MISSING, WHOLE, CAME_LESS, Step.ROAD),
        (Kind.MISSING, LEFT_AT_HUB, CAME_LESS, Step.HUB),
        (Kind.DAMAGED, WHOLE, None, Step.UNKNOWN),
        (Kind.DAMAGED, CAME_SHORT, CAME_BAD, Step.FARM),
        (Kind.DAMAGED, CAME_SHORT, CAME_WHOLE, Step.POINT),
        (Kind.DAMAGED, CAME_SHORT, CAME_LESS, Step.POINT),
        (Kind.DAMAGED, CAME_SHORT, CAME_NOTHING, Step.FARM),
        (Kind.DAMAGED, CAME_SHORT, None, Step.FARM),
        (Kind.DAMAGED, ONE_SHORT, CAME_BAD, Step.ROAD),
        (Kind.DAMAGED, ONE_SHORT, None, Step.UNKNOWN),
        (Kind.DAMAGED, UNCOUNTED, CAME_BAD, Step.UNKNOWN),
        (Kind.DAMAGED, UNCOUNTED, CAME_WHOLE, Step.POINT),
        (Kind.DAMAGED, WHOLE, CAME_BAD, Step.ROAD),
        (Kind.DAMAGED, WHOLE, CAME_WHOLE, Step.POINT),
        (Kind.DAMAGED, WHOLE, CAME_NOTHING, Step.UNKNOWN),
        (Kind.SPOILT, CAME_SHORT, None, Step.FARM),
        (Kind.SPOILT, CAME_SHORT, CAME_WHOLE, Step.FARM),
        (Kind.SPOILT, ONE_SHORT, None, Step.UNKNOWN),
        (Kind.SPOILT, ONE_SHORT, CAME_BAD, Step.ROAD),
        (Kind.SPOILT, UNCOUNTED, None, Step.UNKNOWN),
        (Kind.SPOILT, WHOLE, CAME_BAD, Step.ROAD),
        (Kind.SPOILT, WHOLE, CAME_WHOLE, Step.UNKNOWN),
        (Kind.OTHER, WHOLE, None, Step.UNKNOWN),
        (Kind.OTHER, WHOLE, CAME_LESS, Step.HUB),
        (Kind.OTHER, WHOLE, CAME_WHOLE, Step.POINT),
        (Kind.OTHER, CAME_SHORT, CAME_WHOLE, Step.POINT),
        (Kind.OTHER, CAME_SHORT, CAME_LESS, Step.FARM),
        (Kind.OTHER, UNCOUNTED, CAME_LESS, Step.UNKNOWN),
    ],
)
def test_where_it_went_wrong_is_told_from_what_was_counted(
    kind: Kind, trail: Trail, arrival: Counted | None, step: Step
) -> None:
    assert rules.blame_of(kind, replace(trail, arrival=arrival)) is step


def test_a_batch_came_short_as_a_whole_only_if_each_lot_in_it_did() -> None:
    assert rules.came_short([(30, 20), (20, 10)]) is True
    assert rules.came_short([(30, 20), (20, 20)]) is False
    assert rules.came_short([(30, 0)]) is True
    assert rules.came_short([]) is False


def test_a_lot_that_nobody_counted_leaves_it_open_unless_nothing_was_promised_of_it() -> None:
    assert rules.came_short([(30, 20), (20, None)]) is None
    assert rules.came_short([(30, 20), (0, None)]) is True
