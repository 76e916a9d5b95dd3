"""Scripts are there, can be called as they are, and are the ones that the readme names."""

import os
import re
import subprocess

from tests.architecture.house import ROOT


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
