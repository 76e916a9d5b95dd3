"""Columns from rows: the seam between objects with ids and the solver's arrays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import numpy as np

from solver.problem import AMBIENT, CHILLED, FROZEN, Flags, Ints, Names


class Card(Protocol):
    """Anything that has an id."""

    @property
    def id(self) -> UUID:
        """The id."""
        ...


T = TypeVar("T", bound=Card)
COLD_BITS: Final[Mapping[str, int]] = {"ambient": AMBIENT, "chilled": CHILLED, "frozen": FROZEN}


def by_id(cards: Iterable[T]) -> list[T]:
    """Cards in the order of their ids."""
    return sorted(cards, key=lambda card: card.id)


def rows(cards: Sequence[Any]) -> dict[Any, int]:
    """Row number of each card, by its id."""
    return {card.id: row for row, card in enumerate(cards)}


def names(ids: Iterable[object]) -> Names:
    """A column of ids."""
    return np.array([str(key) for key in ids], dtype=np.str_)


def ints(numbers: Iterable[int]) -> Ints:
    """A column of whole numbers."""
    return np.array(list(numbers), dtype=np.int64)


def flags(truths: Iterable[bool]) -> Flags:
    """A column of yes and no."""
    return np.array(list(truths), dtype=np.bool_)


def cold_bits(classes: Iterable[str]) -> int:
    """Cold classes as the solver's bits."""
    return sum(COLD_BITS[cold] for cold in set(classes))
