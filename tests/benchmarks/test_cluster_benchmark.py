"""The killed worker's log is on the page, beside two plans that are the same."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks import cluster


def test_the_page_quotes_the_log_of_a_killed_worker_and_two_equal_plans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    monkeypatch.setattr(sys, "argv", ["cluster", "--iterations", "200", "--keep", str(page)])
    cluster.main()
    told = page.read_text()
    of_pieces = [line for line in told.split("```")[1].splitlines() if line.endswith((" begins", " ends"))]
    assert of_pieces[-1].endswith(" begins")
    assert "Remove worker addr" in told
    digests = [line.split("|")[3] for line in told.splitlines() if line.startswith(("| two", "| cluster"))]
    assert len(digests) == 2
    assert digests[0] == digests[1]


def test_another_plan_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["cluster", "--iterations", "5"])
    monkeypatch.setattr(cluster, "on_cluster", lambda _: cluster.Killed(b"another", 1.0, "first", "", ""))
    with pytest.raises(cluster.OtherPlanError):
        cluster.main()
