"""What is written for people is true: links lead somewhere, and commands do what they say."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from solver.cli import COMMANDS
from tests.architecture.house import ROOT

README = (ROOT / "README.md").read_text()
PYTHON = ".venv/bin/python"
ELSEWHERE = {
    "scripts/demo": "tests/journeys run it, and scripts/bench times it",
    "scripts/season": "tests/journeys play a short one",
    "scripts/test": "this is one of its tests",
    "uv pip compile": "it asks the registry; what it writes is judged in test_locks",
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
