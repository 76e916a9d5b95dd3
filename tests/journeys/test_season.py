"""A season as `scripts/season` plays it, short: all that goes wrong in one, and books that agree in the end."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WEEKS = 5
"""So many that every misfortune of a season befalls one of them."""


def season(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "farmlink.cli", "season", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "120", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], subprocess.CompletedProcess[str]]:
    file = tmp_path_factory.mktemp("season") / "season.json"
    ran = season("--cycles", str(WEEKS), "--json", file)
    assert ran.returncode == 0, ran.stderr
    return json.loads(file.read_text()), ran


def test_the_books_of_a_season_agree_whatever_goes_wrong_in_it(
    played: tuple[dict[str, Any], subprocess.CompletedProcess[str]],
) -> None:
    # One test: on another worker, the next would play the whole season once more.
    found, ran = played

    assert found["violations"] == []
    for name in ("ledger_sum_minor", "provider_difference_minor", "double_charges", "charged_unmet"):
        assert found[name] == 0, name
    assert found["holds_open"] == 0
    assert found["cuts_without_reason"] == 0
    assert (found["cycles"], found["cycles_cancelled"]) == (WEEKS, 1)
    assert found["charged_minor"] > found["refunded_minor"] > 0
    assert found["postings"] > found["orders"] > 0
    assert (found["standing_turns"], found["gifts"], found["extended"], found["pay_outs"]) == (WEEKS, WEEKS - 1, 1, 1)
    for name in ("cuts", "swaps", "price_falls", "shared_in_part", "weighed", "credit_notes"):
        assert found[name] > 0, name
    for name in ("fees_minor", "leader_commission_minor", "fee_relief_minor", "deposits_minor"):
        assert found[name] > 0, name
    assert [line.partition(":")[0] for line in ran.stdout.splitlines()] == list(found)
    assert ran.stderr.count(f" of {WEEKS}: ") == WEEKS


def test_a_season_that_nobody_could_read_is_not_begun(tmp_path: Path) -> None:
    ran = season("--cycles", "1", "--json", tmp_path / "nowhere" / "season.json")

    assert ran.returncode == 2
    assert "its folder does not exist. Nothing was begun." in ran.stderr
    assert season("--cycles", "0").returncode == 2
