"""From plain JSON values to dataclasses, by their annotations; a refusal names the field by its path."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from solver.errors import BadInputError
from solver.problem import Flags, Ints, Names

T = TypeVar("T")

WORDS = {int: "a whole number of 64 bits", bool: "true or false", str: "a text without NUL or lone surrogates"}
LEAST, MOST = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Decoder:
    """Decodes the values of one file."""

    file: str

    def record(self, kind: type[T], value: Any, path: str = "") -> T:
        """A dataclass from an object; fields with a default may be missing."""
        members = self._of(dict, value, path, "an object")
        hints = _hints(kind)  # type: ignore[arg-type]  # classes are hashable
        for name in members:
            if name not in hints:
                raise self._refusal(_joined(path, name), "is not known")
        found: dict[str, Any] = {}
        for name, (hint, optional) in hints.items():
            if name in members:
                found[name] = self._value(hint, members[name], _joined(path, name))
            elif not optional:
                raise self._refusal(_joined(path, name), "is missing")
        return kind(**found)

    def _value(self, kind: Any, value: Any, path: str) -> Any:
        if kind in _columns():
            return self._column(kind, value, path)
        if get_args(kind):
            return self._generic(kind, value, path)
        if is_dataclass(kind):
            return self.record(kind, value, path)  # type: ignore[arg-type]  # a dataclass as a type, never an instance
        if issubclass(kind, Enum):
            choices = [member.value for member in kind]
            if value not in choices:
                raise self._refusal(path, f"is none of {', '.join(map(str, choices))}")
            return kind(value)
        if not _plain(kind, value):
            raise self._refusal(path, f"is not {WORDS[kind]}")
        return value

    def _generic(self, kind: Any, value: Any, path: str) -> Any:
        """A tuple, a dictionary by name, or something that may be missing."""
        if isinstance(kind, UnionType):
            inner = next(part for part in get_args(kind) if part is not type(None))
            return None if value is None else self._value(inner, value, path)
        if get_origin(kind) is tuple:
            rows = enumerate(self._of(list, value, path, "a list"))
            return tuple(self._value(get_args(kind)[0], item, f"{path}[{row}]") for row, item in rows)
        members = self._of(dict, value, path, "an object").items()
        return {name: self._value(get_args(kind)[1], item, _joined(path, name)) for name, item in members}

    def _column(self, kind: Any, value: Any, path: str) -> NDArray[Any]:
        plain, dtype = _columns()[kind]
        rows = self._of(list, value, path, "a list")
        if rows and isinstance(rows[0], list):
            return self._square(kind, rows, path)
        if not _all_plain(plain, rows):
            row = next(row for row, item in enumerate(rows) if not _plain(plain, item))
            raise self._refusal(f"{path}[{row}]", f"is not {WORDS[plain]}")
        return np.array(rows, dtype=dtype)

    def _square(self, kind: Any, rows: list[Any], path: str) -> NDArray[Any]:
        """A matrix; its rows are as many as its columns."""
        columns = [self._column(kind, row, f"{path}[{number}]") for number, row in enumerate(rows)]
        for number, column in enumerate(columns):
            if column.shape != (len(rows),):
                raise self._refusal(f"{path}[{number}]", f"is not a row of {len(rows)}")
        return np.stack(columns)

    def _of(self, kind: type[T], value: Any, path: str, words: str) -> T:
        if not isinstance(value, kind):
            raise self._refusal(path, f"is not {words}")
        return value

    def _refusal(self, path: str, reason: str) -> BadInputError:
        return BadInputError(self.file, 0, path or "json", reason)


def _plain(kind: type, value: Any) -> bool:
    """Is a JSON value exactly this kind: true is no number, and what numpy or UTF-8 cannot hold is refused."""
    if type(value) is not kind:
        return False
    if isinstance(value, str):
        return "\0" not in value and not _has_surrogate(value)
    return not isinstance(value, int) or LEAST <= value <= MOST


def _all_plain(kind: type, rows: list[Any]) -> bool:
    """The same of a whole column: millions of values are looked at by C, not one by one."""
    if set(map(type, rows)) - {kind}:
        return False
    if kind is str:
        text = "".join(rows)
        return "\0" not in text and not _has_surrogate(text)
    return kind is bool or not rows or (min(rows) >= LEAST and max(rows) <= MOST)


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _joined(path: str, name: str) -> str:
    return f"{path}.{name[:100]!r}" if not name.isidentifier() else f"{path}.{name[:100]}".lstrip(".")


@cache
def _hints(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Of each field its type, and whether it may be missing."""
    hints = get_type_hints(kind)
    return {
        column.name: (hints[column.name], column.default is not MISSING or column.default_factory is not MISSING)
        for column in fields(kind)
    }


@cache
def _columns() -> dict[Any, tuple[type, Any]]:
    """Of each kind of column, what its values are in JSON and in numpy."""
    return {Ints: (int, np.int64), Flags: (bool, np.bool_), Names: (str, np.str_)}
