"""What a point may say of what came there, and what of it is news."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from farmlink.cycles.values import ListingId
from farmlink.dispatch.values import ArrivalView, Arrived
from farmlink.kernel.errors import InvalidError, RefusedError


class HandOutBegunError(RefusedError):
    """What somebody has taken home nobody counts any more."""

    code = "hand-out-begun"
    message = "The hand-out at this point has begun. What came can be counted and corrected until then."


class NotSentHereError(InvalidError):
    """A point counts what was sent to it."""

    code = "not-sent-here"
    message = "{field}: nothing of listing {listing_id} is sent to this point in this cycle. Leave it out."


class ListedTwiceError(InvalidError):
    """One count says what came of a pack."""

    code = "listed-twice"
    message = "{field}: listing {listing_id} is in here twice. Send one count of it."


class MoreDamagedError(InvalidError):
    """What did not come cannot be damaged."""

    code = "more-damaged"
    message = "{field}: {counted} base units came, {damaged} of them cannot be damaged."


class MoreCameError(InvalidError):
    """So much more than was sent is a slip of the unit."""

    code = "more-came"
    message = "{field}: {sent} base units were sent, {counted} cannot have come. Look at the unit."


MOST_TIMES = 2
"""A crate too many happens; more than twice of what was sent does not."""


def missing_of(sent: int, counted: int) -> int:
    """What did not come of what was sent; one crate too many makes up for nothing else."""
    return max(0, sent - counted)


def is_amiss(view: ArrivalView) -> bool:
    """Tell whether something else came than was sent, or part of it came damaged."""
    return view.counted is not None and (view.counted != view.sent or view.damaged > 0)


def recounted(sent: Iterable[ArrivalView], counts: Sequence[Arrived]) -> list[Arrived]:
    """Those counts that say something new, by listing; refuses what was not sent or cannot be."""
    known = {view.listing_id: view for view in sent}
    seen: set[ListingId] = set()
    for one in counts:
        view = known.get(one.listing_id)
        if view is None:
            raise NotSentHereError(field="counts", listing_id=one.listing_id)
        if one.listing_id in seen:
            raise ListedTwiceError(field="counts", listing_id=one.listing_id)
        seen.add(one.listing_id)
        if not 0 <= one.counted <= MOST_TIMES * view.sent:
            raise MoreCameError(field="counted", sent=view.sent, counted=one.counted)
        if not 0 <= one.damaged <= one.counted:
            raise MoreDamagedError(field="damaged", counted=one.counted, damaged=one.damaged)
    return sorted((one for one in counts if _is_news(known[one.listing_id], one)), key=lambda one: one.listing_id)


def _is_news(view: ArrivalView, one: Arrived) -> bool:
    return one.picture is not None or (view.counted, view.damaged) != (one.counted, one.damaged)
