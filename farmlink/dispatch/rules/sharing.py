"""How what came in of a batch is shared over its lines: by the declared rule, and as each consumer agreed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from farmlink.dispatch.values import ReceiptView, ShortReason
from farmlink.orders.values import BatchedLine, OrderLineId, Shortage
from farmlink.people.values import PersonId
from farmlink.policy.rules.sharing import Claim, share_as_agreed
from farmlink.policy.values import ShortageRule


@dataclass(frozen=True, slots=True)
class Sharing:
    """By what a batch is shared: the cycle's rule, the published seed, and what the fairness ledger owes whom."""

    rule: ShortageRule
    seed: str
    owed_ppm: Mapping[PersonId, int]


@dataclass(frozen=True, slots=True)
class DueLine:
    """What of a line is due, and why less than was ordered."""

    line: BatchedLine
    due: int
    reason: str | None
    seed: str
    balance_ppm: int = 0


def seed_of(cycle_id: UUID, batch_id: UUID) -> str:
    """The published seed of a batch: nobody knows the batch's id before the cut-off, when no order changes any more."""
    return f"{cycle_id}/{batch_id}"


def shares_of_batch(
    terms: Sharing, lines: Sequence[BatchedLine], sent: Sequence[ReceiptView], unserved: str | None = None
) -> list[DueLine]:
    """What of a batch is due to each of its lines, and why less than it ordered; `unserved` is the plan's reason.

    Nobody gets more because less came: what came is shared over the shares of what was planned.
    """
    ordered = {line.line_id: line.quantity for line in lines}
    planned = agreed_shares(terms, lines, ordered, sum(view.allocated for view in sent))
    came = agreed_shares(terms, lines, planned, sum(view.received or 0 for view in sent))
    found = []
    for line in lines:
        most, due = planned.get(line.line_id, 0), came.get(line.line_id, 0)
        left = line.line_id not in planned or line.line_id not in came
        reason = ShortReason.NOT_WHOLE if left else short_reason(line.quantity, most, due, unserved)
        found.append(DueLine(line, due, reason, terms.seed, terms.owed_ppm.get(line.consumer_id, 0)))
    return found


def agreed_shares(
    terms: Sharing, lines: Sequence[BatchedLine], wanted: Mapping[OrderLineId, int], available: int
) -> dict[OrderLineId, int]:
    """Share over the lines that want something of it; who wants all or nothing and would get a part is not there."""
    claims = [_claim(terms, line, wanted[line.line_id]) for line in lines if line.line_id in wanted]
    shares = share_as_agreed(terms.rule, claims, available, seed=terms.seed)
    return {OrderLineId(line_id): due for line_id, due in shares.items()}


def short_reason(ordered: int, planned: int, due: int, unserved: str | None = None) -> str | None:
    """Why a line's share is less than it ordered: of what the plan left out and what did not come in, the larger."""
    if due == ordered:
        return None
    return ShortReason.NOT_RECEIVED if planned - due > ordered - planned else unserved or ShortReason.NOT_PLANNED


def _claim(terms: Sharing, line: BatchedLine, wanted: int) -> Claim:
    """What of a line may be cut first is what is left of its extra when what it wants is less than it ordered."""
    firm = line.quantity - line.extra
    return Claim(
        id=line.line_id,
        wanted=wanted,
        pack=line.pack,
        extra=max(0, wanted - firm),
        balance_ppm=terms.owed_ppm.get(line.consumer_id, 0),
        whole=line.shortage is Shortage.CANCEL,
        whose=line.whose,
    )
