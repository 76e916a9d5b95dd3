"""Every lock names one version of each package and its hashes, and no address."""

import json
import re

import pytest

from tests.architecture.house import ROOT

LOCKS = ["requirements.lock", "requirements-solver.lock"]


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
