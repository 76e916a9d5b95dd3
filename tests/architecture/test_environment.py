"""Set-up installs what is missing, once; begun and killed, it begins again. Python and pip are stood in for."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

TOOLS = ("bash", "cat", "cp", "dirname", "env", "flock", "head", "mkdir", "rm", "sha256sum")
PYTHON = """#!/bin/bash
asked="$*"
/usr/bin/env >>"$MACHINE/heard"
case "$asked" in
  *_base_executable*) echo "$0" ;;
  --version) echo "Python $(cat "$MACHINE/version")" ;;
  *" venv "*) echo "venv $3 $4" >>"$MACHINE/done"; rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
  *" pip "*) echo "pip ${asked##* install }" >>"$MACHINE/done"; [ ! -e "$MACHINE/killed" ] || kill -9 $PPID ;;
esac
"""
WHOLE = ["venv --clear .venv", "pip --require-hashes -r requirements.lock"]
OURS = "pip --no-deps --no-build-isolation --editable ."


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout on a machine whose python3 writes down what it is asked to do."""
    for folder in ("scripts", "bin"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "scripts/setup", tmp_path / "scripts")
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    (tmp_path / "bin/python3").write_text(PYTHON)
    (tmp_path / "bin/python3").chmod(0o755)
    (tmp_path / "version").write_text("3.11.2")
    for file in ("requirements.lock", "pyproject.toml"):
        (tmp_path / file).write_text("as it was\n")
    return tmp_path


def set_up(machine: Path, **also: str) -> list[str]:
    """Run the set-up and tell what it did."""
    (machine / "done").write_text("")
    environment = {"PATH": str(machine / "bin"), "MACHINE": str(machine), **also}
    subprocess.run(["scripts/setup"], cwd=machine, env=environment, capture_output=True, check=False)
    return (machine / "done").read_text().splitlines()


def test_a_fresh_checkout_gets_the_locked_packages_and_farmlink_itself(machine: Path) -> None:
    assert set_up(machine) == [*WHOLE, OURS]


def test_what_is_ready_is_left_alone(machine: Path) -> None:
    set_up(machine)

    assert set_up(machine) == []


def test_a_changed_lock_is_installed_into_what_is_there(machine: Path) -> None:
    set_up(machine)
    (machine / "requirements.lock").write_text("one package more\n")

    assert set_up(machine) == [WHOLE[1], OURS]
    assert set_up(machine) == []


def test_an_installation_that_was_killed_begins_from_nothing(machine: Path) -> None:
    (machine / "killed").touch()
    assert set_up(machine) == WHOLE

    (machine / "killed").unlink()

    assert set_up(machine) == [*WHOLE, OURS]
    assert set_up(machine) == []


def test_an_update_that_was_killed_begins_from_nothing(machine: Path) -> None:
    set_up(machine)
    (machine / "requirements.lock").write_text("one package more\n")
    (machine / "killed").touch()
    set_up(machine)
    (machine / "killed").unlink()

    assert set_up(machine) == [*WHOLE, OURS]


def test_a_new_python_or_another_place_gets_an_environment_of_its_own(machine: Path, tmp_path: Path) -> None:
    set_up(machine)
    (machine / "version").write_text("3.12.1")
    assert set_up(machine) == [*WHOLE, OURS]

    moved = tmp_path.with_name(f"{tmp_path.name}-moved")
    machine.rename(moved)

    assert set_up(moved) == [*WHOLE, OURS]


def test_what_is_set_for_other_programs_reaches_neither_python_nor_pip(machine: Path) -> None:
    others = {"PYTHONPATH": "else", "PYTHONHOME": "else", "PIP_TARGET": "else", "PIP_PREFIX": "else", "CDPATH": "else"}

    assert set_up(machine, **others, PIP_USER="1", PIP_REQUIRE_HASHES="1") == [*WHOLE, OURS]

    heard = set((machine / "heard").read_text().splitlines())
    assert {line for line in heard if line.endswith("=else")} == set()
    assert {"PIP_USER=0", "PIP_REQUIRE_HASHES=0"} <= heard


def test_where_packages_come_from_is_heeded(machine: Path) -> None:
    set_up(machine, PIP_INDEX_URL="mirror", PIP_CERT="ours.pem")

    assert {"PIP_INDEX_URL=mirror", "PIP_CERT=ours.pem"} <= set((machine / "heard").read_text().splitlines())
