"""What became of a cycle in money: what settlement charges of goods that are not weighed, and what was short."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from farmlink.dispatch.values import Flow, HandOutView
from farmlink.kernel.money import line_total_minor
from farmlink.orders.values import OrderLineId


def flow_of(
    ordered_minor: int,
    ends: Iterable[HandOutView],
    prices: Mapping[OrderLineId, int],
    in_place: Collection[OrderLineId],
) -> Flow:
    """Value lines at their prices for a thousand base units, each quantity of each line rounded once.

    What comes in the place of something else was not ordered, and so it is neither due nor handed out of that.
    """
    due_minor = handed_out_minor = 0
    short = Counter[str]()
    for end in ends:
        price = prices[end.line_id]
        due, handed_out = line_total_minor(end.due, price), line_total_minor(end.handed_out or 0, price)
        if end.line_id not in in_place:
            due_minor += due
            handed_out_minor += handed_out
        if end.reason is not None:
            short[end.reason] += line_total_minor(end.ordered, price) - due
        if end.end_reason is not None:
            short[end.end_reason] += due - handed_out
    return Flow(ordered_minor, due_minor, handed_out_minor, dict(sorted(short.items())))
