"""scripts/test fails when anything fails, and ends with what pytest said last. What it runs is stood in for."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

CLOSING = "2742 passed in 300.00s"
STEP = """#!/bin/bash
echo "$0 $*" >>done
case "$0 $*" in *"--ignore="*) printf 'dots\\n%s\\n' "$CLOSING" ;; *) echo "$0 $*" ;; esac
case "$0 $*" in *"$FAILS"*) exit 3 ;; esac
"""
STEPS = {
    "the set-up": "scripts/setup",
    "the checks": "scripts/check",
    "the solver alone": "--confcutdir=tests/solver",
    "the tests": "--ignore=tests/solver",
    "the judged part": "--include",
    "the rest": "--omit",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose set-up, checks, pytest and coverage say that they ran."""
    for tool in ("scripts/setup", "scripts/check", ".venv-solver/bin/coverage", ".venv/bin/coverage"):
        path = tmp_path / tool
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STEP)
        path.chmod(0o755)
    shutil.copy(ROOT / "scripts/test", tmp_path / "scripts")
    return tmp_path


def run(checkout: Path, fails: str = "nothing") -> tuple[int, list[str]]:
    environment = {"PATH": "/usr/bin:/bin", "CLOSING": CLOSING, "FAILS": fails}
    ran = subprocess.run(["scripts/test"], cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout.splitlines()


def test_where_all_is_well_the_closing_line_of_pytest_comes_last(checkout: Path) -> None:
    code, said = run(checkout)

    assert (code, said[-1]) == (0, CLOSING)
    assert any("tests/solver" in line for line in said)
    assert len((checkout / "done").read_text().splitlines()) == len(STEPS) + 2, "and coverage's erase and combine"


@pytest.mark.parametrize("step", STEPS)
def test_whatever_fails_the_command_fails(checkout: Path, step: str) -> None:
    code, said = run(checkout, STEPS[step])

    assert code == 3
    assert (said[-1:] == [CLOSING]) == (step in {"the tests", "the judged part", "the rest"})
