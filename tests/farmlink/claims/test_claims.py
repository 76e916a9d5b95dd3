"""Claims on a real database: made in time, answered in turn, and given back with the decision."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farmlink.claims import commands, queries, rules
from farmlink.claims.values import ClaimId, Granted, Kind, State, Step
from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.orders.values import OrderLineId
from farmlink.people import commands as people
from farmlink.people.values import PersonErased, Principal
from farmlink.settlement import commands as settlement
from farmlink.settlement import queries as settled
from farmlink.settlement import rules as money
from farmlink.settlement.rules.claiming import NothingLeftError
from farmlink.settlement.values import Bearer, CreditNoteId
from farmlink.store import pictures
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.claims.builders import PHOTO, Claimed
from tests.farmlink.planning.builders import force_sql, run_sql
from tests.farmlink.rivals import meanwhile


@pytest.fixture
def season(store: Store) -> Claimed:
    season = Claimed.done(store)
    season.settle()
    return season


def test_what_was_bad_is_claimed_with_a_photo_accepted_and_given_back_at_once(season: Claimed) -> None:
    thirty = season.orders[0]
    claim_id = season.claim(note=" Six bags were squashed. ", pictures=(PHOTO,))
    note = season.accept(claim_id)

    found = season.read(claim_id)
    assert (found.state, found.accepted, found.blame) == (State.ACCEPTED, 6_000, Step.UNKNOWN)
    assert (found.note, found.kind, len(found.pictures)) == ("Six bags were squashed.", Kind.DAMAGED, 1)
    assert (note.id, note.amount_minor, note.bearer) == (CreditNoteId(claim_id), 1_800, Bearer.HUB)
    assert note.reason == "Claim: some of it was damaged."
    assert season.charge(thirty).credited_minor == 1_800
    assert check(season.store) == []


def test_all_of_a_line_claimed_bit_by_bit_comes_back_to_the_cent(season: Claimed) -> None:
    thirty = season.orders[0]
    for quantity in (3_333, 6_667, 10_001, 9_999):
        season.accept(season.claim(quantity=quantity), quantity)
    assert season.charge(thirty).credited_minor == season.charge(thirty).goods_minor
    with pytest.raises(rules.AllClaimedError):
        season.claim(quantity=1)
    assert check(season.store) == []


def test_what_was_credited_otherwise_is_not_given_back_twice(season: Claimed) -> None:
    thirty = season.orders[0]
    season.store.run(settlement.credit, season.note(thirty, 8_500))
    assert season.accept(season.claim()).amount_minor == 500
    with pytest.raises(NothingLeftError):
        season.accept(season.claim())
    assert check(season.store) == []


def test_what_came_bad_from_the_farms_costs_everybody_their_part(store: Store) -> None:
    season = Claimed.on_the_way(store)
    season.handed_out(part=2)
    season.settle()
    earned = season.earned()
    assert season.accept(season.claim()).bearer is Bearer.SHARED
    assert season.earned() < earned
    assert check(season.store) == []


def test_before_the_settlement_there_is_nothing_to_give_back_and_the_claim_waits(store: Store) -> None:
    season = Claimed.done(store)
    claim_id = season.claim()
    with pytest.raises(money.NotSettledError):
        season.accept(claim_id)
    assert season.read(claim_id).state is State.OPEN
    season.settle()
    assert season.accept(claim_id).amount_minor == 1_800


def test_a_leader_passes_on_with_a_word_and_a_planner_grants_a_part_with_a_reason(season: Claimed) -> None:
    claim_id = season.passed_on()
    with pytest.raises(rules.NotYourTurnError):
        season.accept(claim_id)
    note = season.accept(claim_id, 2_000, State.PASSED_ON, "Four of them were whole.")
    found = season.read(claim_id)
    assert (found.word, found.accepted, found.reason) == ("They came like that.", 2_000, "Four of them were whole.")
    assert note.amount_minor == 600
    with pytest.raises(rules.ClaimDecidedError):
        season.store.run(commands.decline, claim_id, "No.")


def test_what_is_declined_says_why_and_gives_nothing_back(season: Claimed) -> None:
    claim_id = season.claim()
    with pytest.raises(rules.NotYourTurnError):
        season.store.run(commands.decline, claim_id, "The photo shows pears.")
    season.store.run(commands.pass_on, claim_id, "I cannot tell.")
    season.store.run(commands.decline, claim_id, "The photo shows pears.")
    found = season.read(claim_id)
    assert (found.state, found.reason, found.accepted) == (State.DECLINED, "The photo shows pears.", None)
    with pytest.raises(MissingError):
        season.store.read(settled.credit_note, CreditNoteId(claim_id))
    assert check(season.store) == []


def test_the_silence_of_a_leader_passes_a_claim_on(season: Claimed) -> None:
    late, fresh = season.claim(), season.claim(season.orders[1])
    run_sql(season.store, "UPDATE claim SET answer_by = now() WHERE id = :id", id=late)
    assert season.store.run(commands.pass_unanswered_on) == 1
    assert season.store.run(commands.pass_unanswered_on) == 0
    assert (season.read(late).state, season.read(late).word) == (State.PASSED_ON, "")
    assert season.read(fresh).state is State.OPEN


def test_a_claim_comes_within_the_window_that_the_policy_of_its_cycle_declares(season: Claimed) -> None:
    line = season.store.read(queries.claimable_lines, season.orders[0].id)[season.orders[0].lines[0].id]
    assert line.until - (season.line(season.orders[0]).ended_at or line.until) == timedelta(hours=48)
    force_sql(season.store, "UPDATE hand_out SET ended_at = ended_at - interval '49 hours'")
    with pytest.raises(rules.ClaimTooLateError):
        season.claim()


def test_a_line_of_another_order_or_that_nobody_got_is_not_claimed(store: Store) -> None:
    season = Claimed.on_the_way(store)
    with pytest.raises(rules.NothingHandedOutError):
        season.claim()
    for line_id in (OrderLineId(uuid7()), season.orders[1].lines[0].id):
        with pytest.raises(MissingError):
            season.claim(line_id=line_id)


def test_what_was_brought_home_goes_to_the_planners_at_once(season: Claimed) -> None:
    run_sql(season.store, "UPDATE consumer_order SET at_home = true WHERE id = :id", id=season.orders[0].id)
    assert season.read(season.claim()).state is State.PASSED_ON


def test_who_collects_a_gift_claims_it_like_who_gave_it(season: Claimed) -> None:
    thirty, aunt = season.orders[0], season.market.person()
    named = {"aunt": aunt, "id": thirty.id}
    force_sql(season.store, "UPDATE consumer_order SET recipient_id = :aunt WHERE id = :id", **named)
    assert season.store.read(queries.require_claimant, Principal(aunt), thirty.id).id == thirty.id
    claim_id = season.store.run(commands.make, season.wanted(thirty, 1_000), aunt)
    for person in (aunt, thirty.consumer_id):
        assert season.store.read(queries.claim_for, Principal(person), claim_id).claimant_id == aunt
    assert check(season.store) == []


def test_two_claims_at_once_do_not_claim_the_same_goods(season: Claimed) -> None:
    thirty = season.orders[0]
    wanted = season.wanted(thirty, 20_000)

    def make(tx: Transaction) -> None:
        commands.make(tx, wanted, thirty.consumer_id)

    with pytest.raises(rules.MoreThanHandedOutError):
        meanwhile(season.store, make, make, lambda _tx: None)
    assert season.store.read(queries.claimable_lines, thirty.id)[thirty.lines[0].id].left == 10_000


def test_two_who_accept_at_once_give_it_back_once(season: Claimed) -> None:
    claim_id = season.claim()

    def accept(tx: Transaction) -> None:
        settlement.accept_claim(tx, Granted(claim_id, State.OPEN, 6_000))

    with pytest.raises(rules.ClaimDecidedError):
        meanwhile(season.store, accept, accept, lambda _tx: None)
    assert season.charge(season.orders[0]).credited_minor == 1_800


def test_the_trail_shows_the_five_quantities_and_what_the_point_counted(store: Store) -> None:
    season = Claimed.on_the_way(store)
    season.receive(lambda view: view.allocated - 1_000)
    season.share()
    season.arrive(45_000, 2_000)
    season.hand_out_point()
    trail = season.trail(season.claim())
    received = sum(view.received or 0 for view in season.receipts())
    assert (trail.ordered, trail.allocated, trail.confirmed, trail.received) == (50_000, 50_000, 50_000, received)
    assert (trail.sent, trail.handed_out) == (received, received)
    assert trail.arrival is not None
    assert (trail.arrival.counted, trail.arrival.missing, trail.arrival.damaged) == (45_000, received - 45_000, 2_000)


def test_an_erased_persons_photos_and_words_are_gone_and_their_claim_stands(season: Claimed) -> None:
    thirty, twenty = season.orders
    claim_id = season.claim(note="My own kitchen table.", pictures=(PHOTO, PHOTO))
    other = season.claim(twenty, note="Mine stay.", pictures=(PHOTO,))
    (first, _) = season.read(claim_id).pictures
    declined = season.passed_on()
    season.store.run(commands.decline, declined, "Ana always says so.")
    season.store.run(commands.pass_on, claim_id, "Ana told me at the door.")
    season.accept(claim_id, 1_000, State.PASSED_ON, "Ana kept the rest.")
    season.store.run(people.erase_person, thirty.consumer_id)
    season.store.run(commands.forget_of_erased, PersonErased(thirty.consumer_id))
    found = season.read(claim_id)
    assert (found.note, found.pictures, found.quantity) == ("", (), 6_000)
    assert (found.word, found.accepted, found.reason) == ("", 1_000, "")
    assert (season.read(declined).word, season.read(declined).reason) == ("", "…")
    with pytest.raises(MissingError):
        season.store.read(pictures.picture, first)
    assert (season.read(other).note, len(season.read(other).pictures)) == ("Mine stay.", 1)


def test_a_claim_does_not_exist_for_whom_it_does_not_concern(season: Claimed) -> None:
    claim_id = season.claim(pictures=(PHOTO,))
    (picture_id,) = season.read(claim_id).pictures
    stranger = Principal(season.market.person())
    for query, args in (
        (queries.claim_for, (claim_id,)),
        (queries.answers_as, (claim_id,)),
        (queries.picture_for, (claim_id, picture_id)),
        (queries.require_answering, (claim_id, State.OPEN)),
        (queries.require_answering, (claim_id, State.PASSED_ON)),
        (queries.require_claimant, (season.orders[0].id,)),
    ):
        with pytest.raises(MissingError):
            season.store.read(query, stranger, *args)
    own = Principal(season.orders[0].consumer_id)
    assert season.store.read(queries.picture_for, own, claim_id, picture_id) == PHOTO
    with pytest.raises(MissingError):
        season.store.read(queries.picture_for, own, claim_id, pictures.PictureId(uuid7()))
    with pytest.raises(MissingError):
        season.store.read(queries.claim, ClaimId(uuid7()))
