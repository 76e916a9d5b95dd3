"""What a fresh machine is told and what it gets, on a copy of the set-up that can change nothing here."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

PLAIN_TOOLS = ("bash", "cat", "dirname", "env", "flock", "head")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with python3 and Debian's plainest tools, without chromium and fonts."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/setup", tmp_path / "scripts")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in PLAIN_TOOLS:
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    install(tools / "python3", "exit 0")
    return tmp_path


def install(tool: Path, does: str) -> None:
    tool.write_text(f"#!/bin/bash\n{does}\n")
    tool.chmod(0o755)


def set_up(machine: Path, *, user: int, asks: str) -> subprocess.CompletedProcess[str]:
    install(machine / "bin/id", f"echo {user}")
    environment = os.environ | {"PATH": str(machine / "bin")}
    command = ["scripts/setup", asks]
    return subprocess.run(command, cwd=machine, env=environment, capture_output=True, text=True, check=False)


def test_somebody_who_is_not_root_is_told_the_packages_and_the_command(machine: Path) -> None:
    install(machine / "bin/apt-get", "exit 1")

    told = set_up(machine, user=1000, asks="test")

    assert told.returncode == 1
    assert "Debian packages are missing: chromium fontconfig fonts-wqy-zenhei" in told.stderr
    assert "sudo apt-get update && sudo apt-get" in told.stderr
    assert not (machine / ".venv").exists()


def test_root_gets_them_installed_without_being_asked(machine: Path) -> None:
    install(machine / "bin/apt-get", f'echo "$DEBIAN_FRONTEND: $*" >>{machine}/asked; [ "$1" = update ]')

    told = set_up(machine, user=0, asks="test")

    update, wanted = (machine / "asked").read_text().splitlines()
    assert told.returncode != 0, "an installation that fails is not passed over"
    assert "update" in update
    assert wanted.startswith("noninteractive: ")
    assert "install --no-install-recommends -y chromium fontconfig fonts-wqy-zenhei" in wanted


def test_a_system_that_is_not_debian_is_told_what_it_lacks(machine: Path) -> None:
    told = set_up(machine, user=0, asks="test")

    assert told.returncode == 1
    assert "this system lacks what Debian calls: chromium fontconfig fonts-wqy-zenhei" in told.stderr


def test_a_python_without_venv_is_named_as_debians_package(machine: Path) -> None:
    install(machine / "bin/python3", '[[ "$*" != *ensurepip* ]]')

    told = set_up(machine, user=0, asks="demo")

    assert told.stderr == "farmlink: this system lacks what Debian calls: python3-venv\n"


def test_a_python_that_is_too_old_is_refused(machine: Path) -> None:
    install(machine / "bin/python3", '[[ "$*" != *version_info* ]]')

    told = set_up(machine, user=0, asks="demo")

    assert (told.returncode, told.stderr) == (1, "farmlink: Python 3.11 or newer is needed\n")


def test_where_the_solver_is_tested_alone_there_is_nothing_of_farmlink(tmp_path: Path) -> None:
    python = str(ROOT / ".venv-solver/bin/python")
    asks = "from importlib.util import find_spec; print([bool(find_spec(n)) for n in ('solver', 'farmlink', 'api')])"

    found = subprocess.run([python, "-c", asks], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert found == "[True, False, False]\n"
