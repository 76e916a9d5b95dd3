"""Pages of a list, by a cursor: what is added meanwhile neither repeats nor hides anything."""

from collections.abc import Callable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Few(Generic[T]):
    """A list so short that it is never parted."""

    items: list[T]


def page(fetched: Sequence[T], paging: Paging, identify: Callable[[T], UUID]) -> Page[T]:
    """Make a page from up to `limit + 1` rows fetched in the order of their ids."""
    shown = list(fetched[: paging.limit])
    return Page(shown, identify(shown[-1]) if len(fetched) > paging.limit else None)


def part(whole: Sequence[T], paging: Paging, identify: Callable[[T], UUID]) -> Page[T]:
    """Make a page of a list that is read whole and keeps an order of its own."""
    places = {identify(item): position for position, item in enumerate(whole)}
    first = 0 if paging.after is None else after(places, paging.after)
    return page(whole[first : first + paging.limit + 1], paging, identify)


def after(places: Mapping[UUID, int], cursor: UUID) -> int:
    """Where a list goes on behind a cursor; refused when the list has no such place."""
    if cursor not in places:
        raise no_such_place()
    return places[cursor] + 1


def no_such_place() -> InvalidError:
    """A cursor that never came from this list."""
    return InvalidError(field="after", reason=marked("This list has no such place. Begin at its first page."))


def place(*key: object) -> UUID:
    """An id, such as a cursor, for what is told apart by something else than one id."""
    return uuid5(PLACES, "/".join(map(str, key)))
