"""What may come in, what may be handed out, and what of it is news."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from farmlink.cycles.values import Stage
from farmlink.dispatch.values import Handed, ReceiptView, Received, ShortReason
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.network.values import HomeId, VehicleId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.planning.values import AllocationId

ON_THE_WAY: Final = frozenset({Stage.CONFIRMED, Stage.MOVING})
GIVEN_AT_HAND_OUT: Final = frozenset({ShortReason.NOT_COLLECTED, ShortReason.SPOILED})


class NotOnTheWayError(RefusedError):
    """Goods come in when every farm has answered."""

    code = "not-on-the-way"
    message = "A cycle in stage {stage} receives and hands out nothing. Its farms must have answered first."


class AlreadySharedError(RefusedError):
    """What was received has been shared out; a later count would leave somebody's share wrong."""

    code = "already-shared"
    message = "What came in has been shared out to the orders already."


class NotSharedError(RefusedError):
    """Nobody knows yet what is due to whom."""

    code = "not-shared"
    message = "Share what came in out to the orders first."


class NothingCountedError(RefusedError):
    """Sharing out cannot be undone, and what nobody counted counts as not come."""

    code = "nothing-counted"
    message = "Nothing that was sent has been counted yet. Count what came in first; what did not come counts as 0."


class NotInPlanError(RefusedError):
    """Only what the published plan sends can come in."""

    code = "not-in-plan"
    message = "Allocation {allocation_id} is not part of this cycle's published plan."


class CountedTwiceError(InvalidError):
    """One count says what came of an allocation."""

    code = "counted-twice"
    message = "{field}: allocation {allocation_id} is in here twice. Send one count of it."


class MoreThanSentError(InvalidError):
    """A hub receives at most what was allocated."""

    code = "more-than-sent"
    message = "{field}: at most {allocated} base units were sent, {received} cannot have come in."


class MoreThanDueError(InvalidError):
    """A point hands out at most what is due."""

    code = "more-than-due"
    message = "{field}: {due} base units are due on this line, {handed_out} cannot be handed out."


class NotAtPointError(InvalidError):
    """Only an order of the point can wait there: a mistaken id would hand out the one that was meant."""

    code = "not-at-point"
    message = "{field}: order {order_id} has nothing here in this cycle. Nothing was handed out."


class HandedOutOtherwiseError(RefusedError):
    """A line ends once."""

    code = "handed-out-otherwise"
    message = "{handed_out} base units of this line were handed out already."


class ShortReasonMissingError(InvalidError):
    """Whoever gets less than is due is told why."""

    code = "short-reason-missing"
    message = "{field}: say why less is handed out than is due: not-collected or spoiled."


def require_on_the_way(stage: Stage) -> None:
    """Refuse to count or share goods before every farm has answered, and after the cycle is done."""
    if stage not in ON_THE_WAY:
        raise NotOnTheWayError(stage=stage.value)


def corrections(sent: Iterable[ReceiptView], counted: Iterable[Received]) -> dict[AllocationId, int]:
    """What a count changes, by allocation id; refuses what was never sent."""
    known = {view.allocation_id: view for view in sent}
    changed: dict[AllocationId, int] = {}
    seen: set[AllocationId] = set()
    for count in sorted(counted, key=lambda count: count.allocation_id):
        if count.allocation_id in seen:
            raise CountedTwiceError(field="counts", allocation_id=count.allocation_id)
        seen.add(count.allocation_id)
        allocation = known.get(count.allocation_id)
        if allocation is None:
            raise NotInPlanError(allocation_id=count.allocation_id)
        if not 0 <= count.received <= allocation.allocated:
            raise MoreThanSentError(field="received", allocated=allocation.allocated, received=count.received)
        if count.received != allocation.received:
            changed[count.allocation_id] = count.received
    return changed


def require_counted(sent: Iterable[ReceiptView]) -> None:
    """Refuse to share out before anybody has counted anything of what was sent."""
    counts = [view.received for view in sent]
    if counts and all(received is None for received in counts):
        raise NothingCountedError


def news(
    foreseen: Mapping[OrderId, Mapping[OrderLineId, int]], said: Mapping[OrderId, Mapping[OrderLineId, int]]
) -> list[OrderId]:
    """Orders of which other quantities will be short than was said last, by order id; both name short lines only."""
    return sorted(order for order in {*foreseen, *said} if foreseen.get(order, {}) != said.get(order, {}))


def doors_of(
    homes: Collection[HomeId],
    stops: Mapping[HomeId, Collection[VehicleId]],
    own: Collection[VehicleId],
    leaving: Collection[UUID],
) -> frozenset[HomeId]:
    """To which homes somebody brings: where own trucks stop, and where no truck does but own parcels go."""
    trucks = frozenset(own)
    return frozenset(
        home for home in homes if (not trucks.isdisjoint(stops[home]) if home in stops else home in leaving)
    )


def require_at_point(waiting: Iterable[OrderId], here: Collection[OrderId]) -> None:
    """Refuse to let orders wait that are not of this point."""
    for order_id in waiting:
        if order_id not in here:
            raise NotAtPointError(field="waiting", order_id=order_id)


def require_same_end(handed_out: int | None, said: int) -> None:
    """A line that has ended may be told the same again, nothing else."""
    if handed_out != said:
        raise HandedOutOtherwiseError(handed_out=handed_out)


def end_reason(due: int, entry: Handed) -> ShortReason | None:
    """Why less is handed out than is due; None when nothing is missing."""
    if not 0 <= entry.handed_out <= due:
        raise MoreThanDueError(field="handed_out", due=due, handed_out=entry.handed_out)
    if entry.handed_out == due:
        return None
    if entry.reason not in GIVEN_AT_HAND_OUT:
        raise ShortReasonMissingError(field="reason")
    return entry.reason
