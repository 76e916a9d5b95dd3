"""Planted defects: read from their files, put into a copy of the sources, judged by the copy's own tests."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PLANTED = Path(__file__).parent
COPIED = ("farmlink", "solver", "api", "tests")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "static", "web")
NOT_OF_THE_TRADE = (
    "FileNotFoundError",
    "ImportError",
    "ModuleNotFoundError",
    "NameError",
    "SyntaxError",
    "sqlalchemy.exc.NoReferenced",
)
"""How a defect that is only badly written fails, and a test that misses a file in the copy."""


@dataclass(frozen=True)
class Defect:
    """A mistake somebody could make, where it would stand, and the quickest tests that notice."""

    room: str
    title: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What pytest said of a copy."""

    exit_code: int
    passed: list[str]
    failed: list[str]
    errors: list[str]
    strangers: list[str]

    @property
    def caught(self) -> bool:
        """A test ran and failed, for a reason of the trade; all our modules came from the copy."""
        said = [failure.split(": ", 1)[1] for failure in self.failed]
        sound = bool(said) and not any(reason.startswith(NOT_OF_THE_TRADE) for reason in said)
        return sound and self.exit_code == 1 and not self.errors and not self.strangers


def planted() -> dict[str, list[Defect]]:
    """All defects by room."""
    return {path.stem: _of_room(path) for path in sorted(PLANTED.glob("*.toml"))}


def _of_room(path: Path) -> list[Defect]:
    rows = tomllib.loads(path.read_text())["defect"]
    return [
        Defect(path.stem, row["title"], row["file"], row["old"], row["new"], tuple(_node_ids(row["tests"])))
        for row in rows
    ]


def _node_ids(tests: dict[str, list[str]]) -> Iterator[str]:
    for file, names in tests.items():
        yield from (f"tests/{file}::{name}" for name in names)


class Copy:
    """A copy of the sources, a warm pytest, and a server that its runs share."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder = folder
        self.server = server
        self._tables = ""
        for package in COPIED:
            shutil.copytree(ROOT / package, folder / package, ignore=LEFT_OUT)
        shutil.copy(ROOT / "pyproject.toml", folder)
        # What is measured or configured outside is not what the copy is about.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE_", "PYTEST_"))}
        self._warm = subprocess.Popen(
            [sys.executable, PLANTED / "warm.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=kept,
            cwd=folder,
        )

    def run(self, tests: Sequence[str]) -> Outcome:
        """Run some tests of the copy as it stands."""
        assert self._warm.stdin and self._warm.stdout  # noqa: PT018  # both are pipes
        tables = self._digest()
        order = {
            "folder": str(self.folder),
            "server": str(self.server),
            "tests": list(tests),
            "anew": tables != self._tables,
        }
        self._tables = tables
        self._warm.stdin.write(f"{json.dumps(order)}\n")
        self._warm.stdin.flush()
        return Outcome(**json.loads(self._warm.stdout.readline()))

    @contextmanager
    def with_defect(self, defect: Defect) -> Iterator[None]:
        """Put a defect in, and take it out again; neither must be hidden by what Python compiled before."""
        path = self.folder / defect.file
        sound = path.read_text()
        found = sound.count(defect.old)
        assert found == 1, f"{defect.file} holds the text of this defect {found} times: write it anew\n{defect.old}"
        try:
            _write(path, sound.replace(defect.old, defect.new))
            yield
        finally:
            _write(path, sound)

    def _digest(self) -> str:
        """What the schema is built from; the tables stay as long as it does."""
        digest = hashlib.sha256()
        for path in sorted((*self.folder.rglob("tables.py"), *self.folder.rglob("transitions.py"))):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def close(self) -> None:
        """End the warm pytest."""
        self._warm.communicate()


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()
