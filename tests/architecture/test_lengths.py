"""No file and no function outgrows what one can read at a time."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import ROOT

CODE = {".py", ".js", ".mjs", ".css", ".html", ".sql"}
MADE_BY_ALEMBIC = "farmlink/store/migrations/versions"


def code(written: list[Path]) -> list[Path]:
    return [path for path in written if path.suffix in CODE and MADE_BY_ALEMBIC not in path.as_posix()]


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its lines, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = ast.get_docstring(node, clean=False)
            ends = node.end_lineno or node.lineno
            yield f"{path.relative_to(ROOT)}: {node.name}", ends - node.lineno + 1 - len((said or "").splitlines())


def test_no_file_outgrows_300_lines(written: list[Path]) -> None:
    assert {str(path): lines(path) for path in code(written) if lines(path) > 300} == {}


def test_half_the_files_stay_under_90_lines(written: list[Path]) -> None:
    assert statistics.median(lines(path) for path in code(written)) < 90


def test_no_function_reaches_45_lines(written: list[Path]) -> None:
    long = {
        name: length
        for path in code(written)
        if path.suffix == ".py"
        for name, length in functions(path)
        if length >= 45
    }

    assert long == {}
