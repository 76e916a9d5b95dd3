"""Pages of a list, by a cursor: what is added meanwhile neither repeats nor hides anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


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
