"""Counting a whole lot at the dock: what came of it is parted over the batches that it was sent for. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from farmlink.dispatch.rules import MoreThanSentError
from farmlink.dispatch.values import ReceiptView, Received


def over_allocations(views: Sequence[ReceiptView], received: int) -> list[Received]:
    """Part what came of one lot in proportion to what was sent; the largest remainders get what is left over.

    Of two that remain alike the one with the smaller id goes first, so that a count always comes to the same.
    """
    sent = sum(view.allocated for view in views)
    if not 0 <= received <= sent:
        raise MoreThanSentError(field="received", allocated=sent, received=received)
    shares = {view.allocation_id: divmod(view.allocated * received, max(1, sent)) for view in views}
    left = received - sum(whole for whole, _ in shares.values())
    first = sorted(shares, key=lambda allocation_id: (-shares[allocation_id][1], allocation_id))[:left]
    return [
        Received(view.allocation_id, shares[view.allocation_id][0] + (view.allocation_id in first)) for view in views
    ]
