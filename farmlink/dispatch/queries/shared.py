"""How what came in was shared: by which rule, with which seed, and over which claims, for anybody to reckon again."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import select

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, Listing, ListingId
from farmlink.demand import queries as demand
from farmlink.dispatch.queries.goods import lines_by_batch, receipts
from farmlink.dispatch.rules.sharing import DueLine, seed_of
from farmlink.dispatch.rules.swapping import Goods
from farmlink.dispatch.tables import HandOut
from farmlink.dispatch.values import ReceiptView, SharedBatch, SharedClaim
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging
from farmlink.orders import queries as orders
from farmlink.orders.values import BatchedLine, CutShare, OrderId, Shortage
from farmlink.people.values import Principal
from farmlink.planning.queries import is_planner
from farmlink.policy import queries as policy
from farmlink.policy.values import PolicyVersion, ShortageRule
from farmlink.store.transaction import Transaction


def shortage_rule(tx: Transaction, cycle_id: CycleId) -> ShortageRule:
    """By which rule a cycle shares what is too little: that of the policy that it pinned."""
    version = cycles.cycle(tx, cycle_id).policy_version
    assert version is not None, "a cycle that was opened has pinned its policy; the database checks it"
    return policy.at(tx, PolicyVersion(version)).document.shortage_rule


def left_over(
    tx: Transaction, cycle_id: CycleId, came: Sequence[ReceiptView], shares: Iterable[DueLine]
) -> tuple[dict[Goods, int], dict[ListingId, Listing], set[tuple[OrderId, ListingId]]]:
    """What nobody is due of what came in, by place and goods; what the cycle sells; what each order ever named."""
    left = Counter[UUID]()
    for view in came:
        left[view.batch_id] += view.received or 0
    for one in shares:
        left[one.line.batch_id] -= one.due
    goods = {(one.place_id, one.product_id, one.grade): left[one.id] for one in demand.batches(tx, cycle_id)}
    return goods, {listing.id: listing for listing in cycles.listings(tx, cycle_id)}, orders.named_in(tx, cycle_id)


def shared_batches(tx: Transaction, principal: Principal, cycle_id: CycleId) -> list[SharedBatch]:
    """How each batch was shared, by batch id, for who ordered in the cycle or plans it; nothing before it was.

    No claim says whose it is; everybody knows the lines of their own order.
    """
    _require_part(tx, principal, cycle_id)
    ends = {row.line_id: row for row in tx.session.exec(select(HandOut).where(HandOut.cycle_id == cycle_id))}
    if not ends:
        return []
    rule, sent = shortage_rule(tx, cycle_id), defaultdict[UUID, list[ReceiptView]](list)
    for view in receipts(tx, cycle_id):
        sent[view.batch_id].append(view)
    return [
        SharedBatch(
            batch_id=batch_id,
            rule=rule,
            seed=seed_of(cycle_id, batch_id),
            planned=sum(view.allocated for view in sent[batch_id]),
            came=sum(view.received or 0 for view in sent[batch_id]),
            claims=tuple(_claim(line, ends[line.line_id]) for line in lines),
        )
        for batch_id, lines in sorted(lines_by_batch(tx, cycle_id).items())
    ]


def cut_shares(tx: Transaction, principal: Principal, cycle_id: CycleId, paging: Paging) -> Page[CutShare]:
    """How too little was shared at the cut-off, for who ordered in the cycle or plans it; no claim says whose it is."""
    _require_part(tx, principal, cycle_id)
    return orders.cut_shares(tx, cycle_id, paging)


def _require_part(tx: Transaction, principal: Principal, cycle_id: CycleId) -> None:
    """Refuse who neither ordered in a cycle nor plans it, as if it did not exist."""
    if principal.person_id not in orders.ordered_in(tx, [cycle_id]) and not is_planner(tx, principal, cycle_id):
        raise MissingError(noun="order cycle", id=cycle_id)


def _claim(line: BatchedLine, end: HandOut) -> SharedClaim:
    return SharedClaim(
        line_id=line.line_id,
        whose=line.whose,
        ordered=line.quantity,
        pack=line.pack,
        extra=line.extra,
        all_or_nothing=line.shortage is Shortage.CANCEL,
        balance_ppm=end.balance_ppm,
        due=end.due,
        reason=end.reason,
    )
