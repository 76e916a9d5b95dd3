"""The benchmark of a season at its smallest: both tables, and what the ledger is for."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import season
from tests.benchmarks.stand.ran import Ran


def test_a_short_season_is_told_cycle_by_cycle_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    words = ["season", "--cycles", "2", "--seeds", "1", "--iterations", "1", "--keep", str(page)]
    monkeypatch.setattr(sys, "argv", words)
    season.main()
    lines = page.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.startswith(("| in one village", "| all around"))]) == 12
    assert len([line for line in lines if line.startswith(("| 1 |", "| 2 |"))]) == 2
    assert "with the ledger." in page.read_text(encoding="utf-8")


def test_a_row_over_its_bound_says_so() -> None:
    ran = Ran(wall_s=1.0, cpu_s=1.0, peak_mb=90, said="")
    fair = season.Row("fair", [[0.5, 0.25]], [[1.0, 0.5]], [[1, 2]], [0.1], [1000], ran)
    unfair = season.Row("unfair", [[0.5, 0.75]], [[1.0, 0.5]], [[1, 2]], [0.3], [990], ran)
    assert fair.line(fair)[2:] == ("1.000, 1.000, 0.500", "0.50", "0.100", "+0.00%", "1, 90")
    assert unfair.line(fair)[2:] == ("1.000, 1.000, 0.500: not kept", "1.50", "0.300", "-1.00%", "1, 90")


def test_gini_is_nothing_among_equals_and_most_where_one_has_all() -> None:
    assert season.gini(np.array([0.5, 0.5, 0.5])) == 0
    assert season.gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75)
