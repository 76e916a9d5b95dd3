"""The benchmark of routes runs both contenders, judges both, and says how far they are from the best known."""

import re
import sys
from pathlib import Path

import pytest

from solver.instances.routing import read_classical
from tests.benchmarks import routing
from tests.benchmarks.routing import INSTANCES, ROWS, WrongPlanError, chosen, compared, judged, means


def test_a_small_row_is_compared_and_told_beside_its_targets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "benchmarks.md"
    words = [
        "--row",
        "cvrp",
        "--only",
        "X-n106-k14",
        "--half",
        "tune",
        "--seconds",
        "3",
        "--seeds",
        "1",
        "--keep",
        str(page),
    ]
    monkeypatch.setattr(sys, "argv", ["routing", *words])
    routing.main()
    kept = page.read_text(encoding="utf-8")
    assert "| X-n106-k14 | 26362 |" in capsys.readouterr().out
    assert re.search(r"\| cvrp \| 3 \| [\d.]+% \| [\d.]+% \| ≤ 1\.0% \| .+ \| ≤ 0\.9 \| \d+ \| \d+\.\d s \|", kept)
    assert "| X-n106-k14 | 26362 |" in kept


def test_the_halves_share_nothing_and_every_row_is_tested() -> None:
    for name, row in ROWS.items():
        tune, test = chosen(row, "tune", []), chosen(row, "test", [])
        assert bool(tune) is (name != "antwerp")  # there is one instance of it
        assert test
        assert not tune.keys() & test.keys()


def test_a_plan_that_is_not_what_it_says_is_no_figure(tmp_path: Path) -> None:
    problem = read_classical(INSTANCES / "mdvrp" / "p07.txt")
    out = tmp_path / "answer.sol"
    out.write_text("Route #1 (depot 2): 1 2\nCost 12.000000\n", encoding="utf-8")
    with pytest.raises(WrongPlanError, match="client 3: visited 0 times"):
        judged(problem, out)


def test_gaps_and_waits_are_of_all_seeds(tmp_path: Path) -> None:
    row = ROWS["cvrp"]
    found = compared(row, "X-n106-k14", 20_000, 2.5, [1, 2], tmp_path)
    assert len(found.ours) == len(found.peer) == 2
    assert found.gap(found.ours) == sum(answer.cost for answer in found.ours) / 40_000 - 1 > 0.3
    assert 0 < found.first_s < max(answer.ran.wall_s for answer in found.ours)
    assert means("cvrp", row, 2.5, [found])[0] == "cvrp"
