"""The table of all targets on the page: what was aimed at beside what was reached, a line for each row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.stand.page import SECTION, keep_section, table

TITLE: Final = "All targets"
HEAD: Final = ("row", "peer in the same run", "target", "reached", "held")
CELLS: Final = re.compile(r"^\| (?P<cells>.+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reached:
    """One row; a benchmark keeps its own and leaves those of others alone."""

    row: str
    peer: str
    target: str
    reached: str
    held: bool

    def line(self) -> tuple[str, ...]:
        """As it stands in the table."""
        return self.row, self.peer, self.target, self.reached, "yes" if self.held else "**no**"


def keep_reached(page: Path, rows: Sequence[Reached]) -> None:
    """Put rows into the table in place of those of the same name; rows are ordered by name."""
    lines = _kept(page) | {row.row: row.line() for row in rows}
    keep_section(page, TITLE, table(HEAD, [lines[name] for name in sorted(lines)]))


def _kept(page: Path) -> dict[str, tuple[str, ...]]:
    written = page.read_text(encoding="utf-8") if page.exists() else ""
    body = next((found["body"] for found in SECTION.finditer(written) if found["title"] == TITLE), "")
    cells = [tuple(found["cells"].split(" | ")) for found in CELLS.finditer(body)]
    return {line[0]: line for line in cells[2:]}
