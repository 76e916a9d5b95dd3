"""A house of which a test may knock a wall down, and what is written in it."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class House:
    """Where the packages stand, and what may be done to them."""

    root: Path

    @classmethod
    def copied(cls, to: Path) -> Self:
        leave_out = shutil.ignore_patterns("__pycache__", "node_modules", "static", "web")
        for package in ("farmlink", "solver", "api"):
            shutil.copytree(ROOT / package, to / package, ignore=leave_out)
        shutil.copy(ROOT / "pyproject.toml", to)
        return cls(to)

    def breach(self, module: str, line: str) -> None:
        """Add a line to a module, which is made when it is not there."""
        folder = self.root / module.replace(".", "/")
        path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(f"{path.read_text() if path.exists() else ''}\n{line}\n")

    def contract(self, *identifiers: str) -> subprocess.CompletedProcess[str]:
        """Ask import-linter, about the named contracts or about all."""
        linter = Path(sys.executable).with_name("lint-imports")
        chosen = [argument for identifier in identifiers for argument in ("--contract", identifier)]
        command = [str(linter), "--no-logo", "--no-cache", *chosen]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)

    def written(self) -> list[Path]:
        """Files that git keeps, or would keep when asked."""
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listing, cwd=self.root, capture_output=True, text=True, check=True).stdout.split("\0")
        return sorted({self.root / name for name in names if name and (self.root / name).is_file()})
