"""Answering a claim: passed on with a word or by silence, granted, or declined with a reason."""

from __future__ import annotations

from farmlink.claims import queries, rules
from farmlink.claims.tables import ClaimRow
from farmlink.claims.values import Claim, ClaimDecided, ClaimId, Granted, State
from farmlink.store.transaction import Transaction

SILENT = """
UPDATE claim SET state = 'passed-on', passed_on_at = :now WHERE state = 'open' AND answer_by <= :now RETURNING id
"""


def pass_on(tx: Transaction, claim_id: ClaimId, word: str) -> None:
    """Leave a claim to the hub's planners, with what the leader knows of it."""
    row, found = _held(tx, claim_id)
    rules.require_turn(found, State.OPEN)
    row.state, row.word, row.passed_on_at = State.PASSED_ON.value, rules.said("word", word, needed=True), tx.now
    tx.add(row)
    tx.record("claims.pass-on", claim_id)


def pass_unanswered_on(tx: Transaction) -> int:
    """Leave claims whose leader was silent for the declared time to the hub's planners; how many."""
    late = [ClaimId(claim_id) for claim_id in tx.execute(SILENT, {"now": tx.now}).scalars()]
    tx.session.expire_all()
    for claim_id in late:
        tx.record("claims.pass-on-unanswered", claim_id)
    return len(late)


def decline(tx: Transaction, claim_id: ClaimId, reason: str) -> None:
    """Say no to a claim that was passed on, and why."""
    row, found = _held(tx, claim_id)
    rules.require_turn(found, State.PASSED_ON)
    _end(tx, row, found, State.DECLINED, rules.said("reason", reason, needed=True))


def grant(tx: Transaction, granted: Granted) -> Claim:
    """Accept a claim, wholly or in part; whoever calls this writes its credit note in the same transaction."""
    row, found = _held(tx, granted.claim_id)
    rules.require_turn(found, granted.seen)
    rules.judge_part(found, granted)
    _end(tx, row, found, State.ACCEPTED, rules.said("reason", granted.reason), granted.quantity)
    return queries.claim(tx, granted.claim_id)


def _end(tx: Transaction, row: ClaimRow, found: Claim, state: State, reason: str, accepted: int | None = None) -> None:
    blame = rules.blame_of(found.kind, queries.trail(tx, found))
    row.state, row.reason, row.accepted = state.value, reason, accepted
    row.blame, row.decided_at = blame.value, tx.now
    tx.add(row)
    tx.announce(ClaimDecided(found.id, found.order_id, found.claimant_id))
    tx.record("claims.decide", found.id, state=state.value, blame=blame.value, accepted=accepted)


def _held(tx: Transaction, claim_id: ClaimId) -> tuple[ClaimRow, Claim]:
    """A claim that nobody else answers meanwhile."""
    row = tx.lock(ClaimRow, claim_id)
    return row, queries.claim(tx, claim_id)
