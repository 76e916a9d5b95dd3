"""What is in the repository, and what no file of it may name."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

TOP_LEVEL = {
    *("farmlink", "solver", "api", "tests", "scripts", "docs"),
    *("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "requirements.lock", "requirements-solver.lock"),
}
# Written in pieces, so that this file does not name them itself.
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb.debian" + ".org"]
DEVELOPER_PATHS = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt" + "/py"]


def test_the_top_level_is_as_designed(written: list[Path]) -> None:
    found = {path.relative_to(ROOT).parts[0] for path in written}

    assert {name for name in found if not name.startswith(".")} == TOP_LEVEL


def absolute(folder: str) -> re.Pattern[bytes]:
    """A folder at the root, not one of that name inside another."""
    return re.compile(rb"(?<![\w.*}$-])" + re.escape(folder).encode())


@pytest.mark.parametrize("host", HOSTS)
def test_nothing_written_names_a_registry(written: list[Path], host: str) -> None:
    assert [path for path in written if host.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("folder", DEVELOPER_PATHS)
def test_nothing_written_names_a_developers_folder(written: list[Path], folder: str) -> None:
    assert [path for path in written if absolute(folder).search(path.read_bytes())] == []


@pytest.mark.parametrize("folder", DEVELOPER_PATHS)
def test_a_folder_at_the_root_is_told_from_one_inside_another(folder: str) -> None:
    for named in ("{}main", 'at "{}x"', "cd {}", "file://{}a", "PATH=/bin:{}bin", "a={}b", "({}c)", "['{}d']", "\n{}"):
        assert absolute(folder).search(named.format(folder).encode()), named
    for inside in ("planning{}watch.py", "{{folder}}{}watch", "..{}x", "$HOME{}x", "*{}x"):
        assert not absolute(folder).search(inside.format(folder).encode()), inside


def test_every_lint_exception_gives_its_reason(written: list[Path]) -> None:
    reasoned = re.compile(r"# (?:noqa: [A-Z0-9, ]+?|type: ignore\[[a-z0-9, -]+\])(?: +#| -) *\w")
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in written
        if path.suffix == ".py" and path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ("# noqa" in line or "# type: ignore" in line) and not reasoned.search(line)
    ]

    assert bare == []


def test_what_is_built_says_its_version_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text()
