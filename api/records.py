"""Fields that nobody knows in the dataclasses inside a body: msgspec would let them pass."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect


def unknown_fields(raw: bytes, shape: Any) -> list[str]:
    """Paths of the fields of a body that the dataclasses of its shape do not have, as in `roads.speed`."""
    kind = _with_records(shape)
    return [] if kind is None else list(_unknown(msgspec.json.decode(raw), kind, ""))


@cache
def _with_records(shape: Any) -> inspect.Type | None:
    """What msgspec knows of a shape, if there is a dataclass anywhere in it."""
    kind = inspect.type_info(shape)
    return kind if _holds_records(kind, set()) else None


def _holds_records(kind: inspect.Type, seen: set[type]) -> bool:
    if isinstance(kind, inspect.DataclassType):
        return True
    if isinstance(kind, inspect.StructType):
        if kind.cls in seen:
            return False
        seen.add(kind.cls)
        return any(_holds_records(field.type, seen) for field in kind.fields)
    return any(_holds_records(part, seen) for part in _parts(kind))


def _parts(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    if isinstance(kind, inspect.Metadata):
        return (kind.type,)
    if isinstance(kind, inspect.UnionType):
        return kind.types
    if isinstance(kind, inspect.TupleType):
        return kind.item_types
    return (kind.item_type,) if isinstance(kind, inspect.CollectionType) else ()


def _unknown(found: Any, kind: inspect.Type, path: str) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(kind, inspect.DataclassType | inspect.StructType):
        fields = {field.encode_name: field.type for field in kind.fields}
        for name, value in found.items():
            where = f"{path}.{name}".strip(".")
            if name in fields:
                yield from _unknown(value, fields[name], where)
            else:
                yield where
    elif isinstance(found, list) and isinstance(kind, inspect.TupleType):
        for row, (value, part) in enumerate(zip(found, kind.item_types, strict=True)):
            yield from _unknown(value, part, f"{path}.[{row}]".strip("."))
    elif isinstance(found, list) and isinstance(kind, inspect.CollectionType):
        for row, value in enumerate(found):
            yield from _unknown(value, kind.item_type, f"{path}.[{row}]".strip("."))
    elif isinstance(kind, inspect.UnionType | inspect.Metadata):
        for part in _parts(kind):
            yield from _unknown(found, part, path)
