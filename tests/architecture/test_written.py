"""What is in the repository, and in which shape."""

import ast
import json
import os
import re
import statistics
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, House

TOP_LEVEL = {
    *("farmlink", "solver", "api", "tests", "scripts", "docs"),
    *("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "requirements.lock", "requirements-solver.lock"),
}
CODE = {".py", ".js", ".mjs", ".css", ".html", ".sql"}
MADE_BY_ALEMBIC = "farmlink/store/migrations/versions"
# Written in pieces, so that this file does not name them itself.
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb.debian" + ".org"]
DEVELOPER_PATHS = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt" + "/py"]
LOCKS = ["requirements.lock", "requirements-solver.lock"]


@pytest.fixture(scope="module")
def written() -> list[Path]:
    return House(ROOT).written()


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


def test_the_top_level_is_as_designed(written: list[Path]) -> None:
    found = {path.relative_to(ROOT).parts[0] for path in written}

    assert {name for name in found if not name.startswith(".")} == TOP_LEVEL


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


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_version_and_its_hashes(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())

    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.\[\],-]+==[^\s;]+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert not [entry for entry in entries if "://" in entry]


def test_the_solver_alone_is_locked_to_the_versions_of_the_whole() -> None:
    whole, alone = (set(re.findall(r"(?m)^\S+==\S+", (ROOT / name).read_text())) for name in LOCKS)

    assert alone
    assert alone <= whole


def test_the_front_ends_lock_holds_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "api/web/package-lock.json").read_text())["packages"]

    assert [name for name, package in packages.items() if name and not package.get("integrity")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    documented = re.search(r"(?m)^    (scripts/test)$", (ROOT / "README.md").read_text())

    assert documented
    assert (ROOT / ".ci/run").read_text().splitlines()[-1] == f"exec {documented[1]}"


def test_every_script_the_readme_names_is_there() -> None:
    named = set(re.findall(r"\bscripts/[a-z_]+", (ROOT / "README.md").read_text()))

    assert {name for name in named if not (ROOT / name).is_file()} == set()


def test_every_script_is_called_as_it_is_and_is_sound() -> None:
    scripts = [ROOT / ".ci/run", *(path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix)]

    for script in scripts:
        assert os.access(script, os.X_OK), script
        assert script.read_text().startswith("#!/usr/bin/env bash\n"), script
        subprocess.run(["bash", "-n", str(script)], check=True)


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
