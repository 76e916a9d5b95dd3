"""The benchmark of allocations runs at a small size and says what it should; nobody is timed here."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = {
    "linear": "| linear allocation, 1,000 lots | SimpleMinCostFlow |",
    "charge": "| fixed charge, 1,000 hard, certified gap | HiGHS whole |",
    "fairness": "| fairness | plain flow |",
}


@pytest.mark.timeout(300)
def test_lots_are_allocated_by_everybody_judged_and_kept_on_the_page(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    options = ["--lots", "1000", "--seconds", "2", "--seeds", "1", "--keep", str(page)]
    command = [sys.executable, "-m", "tests.benchmarks.allocation", "--row", *ROWS, *options]

    subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    written = page.read_text(encoding="utf-8")
    assert [title for title in ROWS if f"\n## allocation: {title}\n" in written] == list(ROWS)
    for row in ROWS.values():
        assert row in written.split("## All targets")[1].split("\n## ")[0]
    assert "| 1,000, seed 1 |" in written
    assert "| 1,000, seed 1: max-min |" in written
