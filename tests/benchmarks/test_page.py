"""The page of results: a benchmark changes its own section and its own rows, and nobody else's."""

from pathlib import Path

from tests.benchmarks.stand.page import keep_section
from tests.benchmarks.stand.reached import Reached, keep_reached

CVRP = Reached("CVRP X", "PyVRP", "≤ 0.9 x", "0.84 x", held=True)
FLOW = Reached("linear allocation", "SimpleMinCostFlow", "≤ 0.3 x", "0.41 x", held=False)


def test_a_row_takes_the_place_of_its_own_and_leaves_the_others(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    keep_section(page, "routing", "Its own figures.")
    keep_reached(page, [FLOW])
    keep_reached(page, [CVRP])
    keep_reached(page, [Reached("linear allocation", "SimpleMinCostFlow", "≤ 0.3 x", "0.28 x", held=True)])

    written = page.read_text(encoding="utf-8")

    assert written.index("## All targets") < written.index("## routing\n\nIts own figures.")
    assert "| CVRP X | PyVRP | ≤ 0.9 x | 0.84 x | yes |\n| linear allocation |" in written
    assert written.count("| linear allocation |") == 1
    assert "| ≤ 0.3 x | 0.28 x | yes |" in written


def test_a_target_that_is_missed_is_said(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"

    keep_reached(page, [FLOW])

    assert "| 0.41 x | **no** |" in page.read_text(encoding="utf-8")
