"""Pages of a list, by a cursor: what is added meanwhile neither repeats nor hides anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID, uuid5

from farmlink.kernel.errors import InvalidError
from farmlink.kernel.locale import marked

T = TypeVar("T")
PLACES: Final = UUID("01981a3c-7b1e-7c4d-9f2a-3b6d5e8f7a90")


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page: at most `limit` items after the one with this id; queries fetch `limit + 1` rows."""

    limit: int = 50
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list; `next` is the cursor of the following page, none at the end."""

    items: list[T]
    next: UUID | None = None


def page(fetched: Sequence[T], paging: Paging, identify: Callable[[T], UUID]) -> Page[T]:
    """Make a page from up to `limit + 1` rows fetched in the order of their ids."""
    shown = list(fetched[: paging.limit])
    return Page(shown, identify(shown[-1]) if len(fetched) > paging.limit else None)


def part(whole: Sequence[T], paging: Paging, identify: Callable[[T], UUID]) -> Page[T]:
    """Make a page of a list that is read whole and keeps an order of its own."""
    places = [identify(item) for item in whole]
    if paging.after is None:
        first = 0
    elif paging.after in places:
        first = places.index(paging.after) + 1
    else:
        raise InvalidError(field="after", reason=marked("This list has no such place. Begin at its first page."))
    return page(whole[first : first + paging.limit + 1], paging, identify)


def place(*key: object) -> UUID:
    """The cursor of an item that is told apart by something else than one id."""
    return uuid5(PLACES, "/".join(map(str, key)))
