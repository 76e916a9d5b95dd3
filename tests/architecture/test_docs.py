"""What is written for people is true: commands run, the map shows the house, examples answer what they say."""

import doctest
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from solver.cli import COMMANDS
from tests.architecture.house import ROOT

README = (ROOT / "README.md").read_text()
DECISIONS = sorted((ROOT / "docs/decisions").iterdir())
PYTHON = ".venv/bin/python"
ELSEWHERE = {
    "scripts/demo": "tests/journeys run it, and scripts/bench times it",
    "scripts/test": "this is one of its tests",
    "uv pip compile": "it asks the registry; what it writes is judged in test_written",
}
"""Commands of the documents that this file does not run, and who does."""


def commands() -> list[str]:
    """Each command line of the documents, in blocks indented by four spaces or fenced; a backslash goes on."""
    said: list[str] = []
    for path in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]:
        text = re.sub(r"\\\n\s*", "", path.read_text())
        fenced = re.findall(r"(?ms)^```(?:sh|bash|console)\n(.*?)^```", text)
        said += re.findall(r"(?m)^ {4}(\S.*)$", text) + [line for block in fenced for line in block.splitlines()]
    return [line for line in said if line.split(" ")[0] in {PYTHON, "uv"} or line.startswith("scripts/")]


RUN_HERE = [command for command in commands() if not command.startswith(tuple(ELSEWHERE))]


def source_modules() -> list[str]:
    """Modules of ours that hold an example."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in ("farmlink", "solver", "api")
        for path in sorted((ROOT / package).rglob("*.py"))
        if "    >>> " in path.read_text()
    ]


def row_of_the_map(place: str) -> str:
    found = re.search(rf"(?m)^\| `{place}/` \| (.*) \|$", README)
    assert found
    return found[1]


def rooms_of_the_map() -> list[str]:
    return re.findall(r"[a-z]+", row_of_the_map("farmlink").split(": ")[1])


def test_every_room_is_on_the_map_and_every_place_of_the_map_exists() -> None:
    rooms = {path.parent.name for path in (ROOT / "farmlink").glob("*/__init__.py")} - {"cli"}
    places = re.findall(r"(?m)^\| `([a-z/]+)` \|", README)

    assert set(rooms_of_the_map()) == rooms
    assert {"solver/", "farmlink/", "api/", "tests/", "scripts/", "docs/decisions/"} == set(places)
    assert [place for place in places if not (ROOT / place).is_dir()] == []


def test_the_map_names_the_rooms_in_the_order_in_which_they_may_import() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "rooms")
    upwards = [layer.strip("()") for layer in reversed(layers)]
    shown = rooms_of_the_map()

    assert shown == [room for room in upwards if room in shown]


def test_every_script_is_on_the_map() -> None:
    scripts = {path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix}

    assert set(re.findall(r"`([a-z_]+)`", row_of_the_map("scripts"))) == scripts


def test_the_solver_is_shown_with_all_its_commands() -> None:
    assert set(re.findall(r"`(?:python -m solver )?([a-z]+)`", row_of_the_map("solver"))) == set(COMMANDS)


def test_units_of_the_readme_are_those_of_the_sources() -> None:
    section = README.split("## Units")[1].split("\n## ")[0]
    names = set(re.findall(r"`(\w+_\w+)`", section))
    sources = "\n".join(path.read_text() for path in (ROOT / "farmlink").rglob("*.py"))

    assert names >= {"price_minor", "weight_g", "distance_m", "service_s"}
    assert {name for name in names if name not in sources} == set()


def test_no_link_of_the_documents_is_broken() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text())
        if "://" not in target and not (path.parent / target).exists()
    ]

    assert broken == []


def test_every_command_of_the_documents_is_run_here_or_elsewhere_for_a_reason() -> None:
    said = commands()

    assert [start for start in ELSEWHERE if not any(line.startswith(start) for line in said)] == []
    assert {line.split(" ")[3] for line in RUN_HERE if line.startswith(f"{PYTHON} -m solver ")} == set(COMMANDS)


def test_the_commands_of_the_documents_do_what_they_say(tmp_path: Path) -> None:
    """All in one folder and in their order: one checks what another wrote."""
    for name in ("docs", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)

    for command in RUN_HERE:
        words = [sys.executable if word == PYTHON else word for word in command.split()]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_extras_of_the_documented_lock_command_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert set(re.findall(r"--extra (\w+)", README)) == set(project["project"]["optional-dependencies"])
    assert set(re.findall(r"--group ([\w-]+)", README)) == set(project["dependency-groups"])


def test_the_solvers_public_doors_show_an_example() -> None:
    assert {"solver.pooling", "solver.check", "solver.roads", "solver.instances.routing"} <= set(source_modules())


@pytest.mark.parametrize("name", source_modules())
def test_an_example_answers_what_it_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    outcome = doctest.testmod(importlib.import_module(name), raise_on_error=False)

    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:5] for path in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_is_its_context_what_was_decided_and_its_price(path: Path) -> None:
    title, _, body = path.read_text().partition("\n\n")
    sentences = re.findall(r"(?s)\S.*?[.!?](?=\s+[A-Z`]|\s*$)", body.strip())

    assert re.fullmatch(rf"# {int(path.name[:4])}\. \S.*", title), "a title with the number of the file"
    assert len(sentences) == 3, sentences
    assert re.match(r"(The price|Price)\b", sentences[2]), sentences[2]
