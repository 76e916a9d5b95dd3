"""What farms and pick-up points have in common: they apply, wait for approval, and are kept by their own people."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from litestar import Response

from api.dependencies import tagged
from api.reach import reach, require_region, require_within
from api.v1.network.bodies import FarmBody, PointBody
from farmlink.network.values import FarmCard, PointCard
from farmlink.people.values import Principal, Role
from farmlink.store.store import Store

Card = TypeVar("Card", FarmCard, PointCard)


def applied(
    store: Store, principal: Principal, key: UUID, data: FarmBody | PointBody, keeper: Role, add: Callable[..., Card]
) -> Response[Card]:
    """Apply for an organisation that one keeps."""
    require_within(store, principal, data, keeper)
    made = store.once(key, add, data.draft())
    return tagged(made, made.revision, 201)


def replaced(
    store: Store, principal: Principal, keeper: Role, change: Callable[..., Card], *said: Any
) -> Response[Card]:
    """Replace what one's own place says about itself."""
    changed = store.run(change, *said, reach(store, principal, keeper))
    return tagged(changed, changed.revision)


def judged(
    store: Store,
    principal: Principal,
    key: UUID,
    place_id: UUID,
    noun: str,
    read: Callable[..., Card],
    judge: Callable[..., Card],
) -> Response[Card]:
    """Approve or suspend a place of a region that one plans."""
    require_region(store, principal, store.read(read, place_id).region_id, place_id, noun)
    card = store.once(key, judge, place_id)
    return tagged(card, card.revision)
