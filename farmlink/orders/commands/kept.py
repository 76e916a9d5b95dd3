"""What was claimed at the cut-off and what came of it, kept for anybody who reckons it again."""

from __future__ import annotations

from collections.abc import Sequence

from farmlink.cycles.values import CycleId
from farmlink.orders.values import CutShare
from farmlink.store.pipeline import texts, uuids, wholes
from farmlink.store.transaction import Transaction

SHARES = """
INSERT INTO cut_share (id, cycle_id, kind, rule, seed, available, case_quantity, spare)
SELECT id, :cycle, kind, rule, seed, available, case_quantity, spare
FROM unnest(CAST(:ids AS uuid[]), CAST(:kinds AS text[]), CAST(:rules AS text[]), CAST(:seeds AS text[]),
  CAST(:available AS bigint[]), CAST(:cases AS bigint[]), CAST(:spare AS bigint[]))
  AS t (id, kind, rule, seed, available, case_quantity, spare)
"""
CLAIMS = """
INSERT INTO cut_claim
  (share_id, line_id, whose, wanted, pack, extra, all_or_nothing, balance_ppm, got, left_it, welcome)
SELECT share_id, line_id, whose, wanted, pack, extra, whole = 1, balance_ppm, got, left_it = 1, welcome
FROM unnest(CAST(:shares AS uuid[]), CAST(:lines AS uuid[]), CAST(:whose AS uuid[]), CAST(:wanted AS bigint[]),
  CAST(:pack AS bigint[]), CAST(:extra AS bigint[]), CAST(:whole AS bigint[]), CAST(:balance AS bigint[]),
  CAST(:got AS bigint[]), CAST(:left AS bigint[]), CAST(:welcome AS bigint[]))
  AS t (share_id, line_id, whose, wanted, pack, extra, whole, balance_ppm, got, left_it, welcome)
"""


def keep_shares(tx: Transaction, cycle_id: CycleId, shares: Sequence[CutShare]) -> None:
    """Keep how something was shared, with all claims, in two statements however many they are."""
    named = {
        "cycle": cycle_id,
        "ids": uuids(one.id for one in shares),
        "kinds": texts(one.kind.value for one in shares),
        "rules": texts(one.rule.value for one in shares),
        "seeds": texts(one.seed for one in shares),
        "available": wholes(one.available for one in shares),
        "cases": wholes(one.case_quantity for one in shares),
        "spare": wholes(one.spare for one in shares),
    }
    tx.execute(SHARES, named)
    claims = [claim for one in shares for claim in one.claims]
    claimed = {
        "shares": uuids(one.id for one in shares for _ in one.claims),
        "lines": uuids(claim.line_id for claim in claims),
        "whose": uuids(claim.whose for claim in claims),
        "wanted": wholes(claim.wanted for claim in claims),
        "pack": wholes(claim.pack for claim in claims),
        "extra": wholes(claim.extra for claim in claims),
        "whole": wholes(claim.all_or_nothing for claim in claims),
        "balance": wholes(claim.balance_ppm for claim in claims),
        "got": wholes(claim.got for claim in claims),
        "left": wholes(claim.left_it for claim in claims),
        "welcome": wholes(claim.welcome for claim in claims),
    }
    tx.execute(CLAIMS, claimed)
