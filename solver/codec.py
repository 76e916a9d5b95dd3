"""Problems and plans as JSON, and as compressed bytes for storage: versioned, stable, refused by field when bad.

Every dataclass is an object with its fields in order, every column a list. Fields with a default may be left out;
unknown ones are refused. The same problem always gives the same text, whose hash is its identity.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from solver.decode import Decoder
from solver.errors import BadInputError
from solver.problem import Problem
from solver.solution import Report, Solution

VERSION = 1
PROBLEM, PLAN = "farmlink-problem", "farmlink-plan"
QUICK = 1
"""zlib's first level: a fifth larger than its usual one in a fifth of the time."""
MOST_BYTES = 2**31
"""A stored problem or plan that unpacks to more is not ours."""


def problem_to_json(problem: Problem) -> str:
    """One line of JSON."""
    encoded = _encoded(problem)
    if not len(problem.earlier.trip) and not len(problem.earlier.lot):
        del encoded["earlier"]  # a first plan has none before it
    if not len(problem.holds.phase):
        del encoded["holds"]
    return _text({"format": PROBLEM, "version": VERSION, **encoded})


def problem_from_json(text: str | bytes, file: str = "problem") -> Problem:
    """Read what `problem_to_json` wrote; whether it makes sense is for `check_problem`.

    Raises
    ------
    BadInputError
        Not JSON (with its line), or a field of another type, missing or unknown (with its path).
    """
    return Decoder(file).record(Problem, _envelope(text, file, PROBLEM))


def solution_to_json(problem: Problem, solution: Solution) -> str:
    """One line of JSON that names the problem it is for."""
    return _text({"format": PLAN, "version": VERSION, "problem": inputs_hash(problem), **_encoded(solution)})


def solution_from_json(text: str | bytes, file: str = "plan", problem: Problem | None = None) -> Solution:
    """Read what `solution_to_json` wrote; whether it keeps the rules is for `check`.

    Raises
    ------
    BadInputError
        As for a problem; also when a problem is given and the plan names another one.
    """
    envelope = _envelope(text, file, PLAN)
    named = envelope.pop("problem", None)
    if problem is not None and named is not None and named != inputs_hash(problem):
        raise BadInputError(file, 0, "problem", "was made for another problem")
    return Decoder(file).record(Solution, envelope)


def problem_to_bytes(problem: Problem) -> bytes:
    """Compressed, for storage and pipes."""
    return zlib.compress(problem_to_json(problem).encode(), QUICK)


def problem_from_bytes(content: bytes) -> Problem:
    """Read what `problem_to_bytes` wrote; `BadInputError` for anything else."""
    return problem_from_json(_unpacked(content, "problem"))


def solution_to_bytes(problem: Problem, solution: Solution) -> bytes:
    """Compressed, for storage and pipes."""
    return zlib.compress(solution_to_json(problem, solution).encode(), QUICK)


def solution_from_bytes(problem: Problem, content: bytes) -> Solution:
    """Read what `solution_to_bytes` wrote for this problem; `BadInputError` for anything else."""
    envelope = _envelope(_unpacked(content, "plan"), "plan", PLAN)
    if envelope.pop("problem", None) != inputs_hash(problem):
        raise BadInputError("plan", 0, "problem", "was made for another problem")
    return Decoder("plan").record(Solution, envelope)


def report_from_bytes(content: bytes) -> Report:
    """Read what a stored plan says of itself, without its problem; `BadInputError` for anything else."""
    envelope = _envelope(_unpacked(content, "plan"), "plan", PLAN)
    return Decoder("plan").record(Report, envelope.get("report"), "report")


def inputs_hash(problem: Problem) -> str:
    """SHA-256 of the problem's text, hexadecimal."""
    return hashlib.sha256(problem_to_json(problem).encode()).hexdigest()


def read_problem(path: Path) -> Problem:
    """Problem from a file of JSON; `BadInputError` when there is none."""
    return problem_from_json(_content(path), str(path))


def read_solution(path: Path, problem: Problem | None = None) -> Solution:
    """Plan from a file of JSON; `BadInputError` when there is none, or when it names another problem than the given."""
    return solution_from_json(_content(path), str(path), problem)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInputError(str(path), 0, "file", reason) from error


def _text(envelope: dict[str, Any]) -> str:
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")) + "\n"


def _encoded(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {column.name: _encoded(getattr(value, column.name)) for column in fields(value)}
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    return value


def _unpacked(content: bytes, file: str) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(content, MOST_BYTES)
    except zlib.error as error:
        raise BadInputError(file, 0, "bytes", "is not compressed by farmlink") from error
    if not unpacker.eof:
        raise BadInputError(file, 0, "bytes", "is cut short or too large")
    return text


def _envelope(text: str | bytes, file: str, kind: str) -> dict[str, Any]:
    try:
        envelope = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise BadInputError(file, error.lineno, f"column {error.colno}", error.msg) from error
    except RecursionError as error:
        raise BadInputError(file, 0, "json", "is nested too deeply") from error
    except ValueError as error:
        raise BadInputError(file, 0, "json", str(error)[:200]) from error
    if not isinstance(envelope, dict) or envelope.pop("format", None) != kind:
        raise BadInputError(file, 0, "format", f"is not {kind}")
    if envelope.pop("version", None) != VERSION:
        raise BadInputError(file, 0, "version", f"is not {VERSION}")
    return envelope


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a whole number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} appears twice")
    return found
