"""Which refusals can come of a handler: read from the source of all that it calls, so that no list can grow old."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType, MethodType, ModuleType, UnionType
from typing import Annotated, Any, Protocol, get_args, get_origin

from farmlink.kernel.errors import RefusedError

OURS = ("api.", "farmlink.")
ABOVE = "super()"


@cache
def reached_by(*starts: Callable[..., Any]) -> frozenset[Any]:
    """All functions of ours and all refusals that are named in these functions, and in what they name in turn."""
    found: set[Any] = set()
    waiting: list[Any] = [_plain(start) for start in starts]
    while waiting:
        named = waiting.pop()
        if named in found:
            continue
        found.add(named)
        if isinstance(named, FunctionType):
            waiting += _named_in(named)
    return frozenset(found)


def refusals_of(*starts: Callable[..., Any]) -> frozenset[type[RefusedError]]:
    """The refusals among what functions reach."""
    return frozenset(one for one in reached_by(*starts) if isinstance(one, type))


@cache
def _named_in(function: FunctionType) -> tuple[Any, ...]:
    """What of ours one function names, but for what it only catches or asks about."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    scope = dict(function.__globals__) | _typed(function)
    caught = {id(part) for asked in _asked_about(tree) for part in ast.walk(asked)}
    named = (one for node in ast.walk(tree) if id(node) not in caught for one in _meanings(node, scope))
    return tuple(one for one in named if _ours(one))


def _plain(called: Any) -> Any:
    """The function itself behind Litestar's wrapper for threads and the controller that it is bound to."""
    while not isinstance(called, FunctionType):
        called = getattr(called, "func", None) or called.__func__
    return called


def _meanings(node: ast.AST, scope: dict[str, Any]) -> Iterator[Any]:
    """What a name may stand for: of a union each of its kinds, of a protocol also whatever says that it keeps it."""
    if not isinstance(node, ast.Attribute):
        yield _meant(node, scope)
        return
    base = _meant(node.value, scope)
    for kind in get_args(base) if isinstance(base, UnionType) else (base,):
        yield _part(kind, node.attr)
        if isinstance(kind, type) and Protocol in kind.__bases__:
            keepers: list[type] = kind.__subclasses__()
            yield from (_part(keeper, node.attr) for keeper in keepers)


def _ours(named: Any) -> bool:
    if isinstance(named, FunctionType):
        return named.__module__.startswith(OURS)
    return isinstance(named, type) and issubclass(named, RefusedError)


def _asked_about(tree: ast.AST) -> Iterator[ast.AST]:
    """The types that `except` and `isinstance` name: whoever names a refusal there does not raise it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            yield node.type
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            yield node.args[1]


def _typed(function: FunctionType) -> dict[str, Any]:
    """The classes of a function's parameters, whose methods it may call; of its own class, also the one above."""
    typed = {name: _bare(kind, function) for name, kind in function.__annotations__.items()}
    owner = function.__globals__.get(function.__qualname__.rpartition(".")[0])
    above = owner.__mro__[1] if isinstance(owner, type) else None
    return {**typed, "self": owner, ABOVE: above}


def _bare(kind: Any, function: FunctionType) -> Any:
    if isinstance(kind, str):
        try:
            kind = eval(kind, dict(function.__globals__))  # noqa: S307  # our own annotation, written as text
        except (NameError, TypeError):  # named for the type checker alone
            return None
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _meant(node: ast.AST, scope: dict[str, Any]) -> Any:
    """What a name stands for, as far as its module, class or parameter tells."""
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
        return scope[ABOVE]
    if not isinstance(node, ast.Attribute):
        return None
    return _part(_meant(node.value, scope), node.attr)


def _part(base: Any, name: str) -> Any:
    """What a module or a class has by this name."""
    if not isinstance(base, (ModuleType, type)):
        return None
    meant = getattr(base, name, None)
    return meant.__func__ if isinstance(meant, MethodType) else meant
