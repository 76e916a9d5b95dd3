"""The benchmark of a whole cycle runs at its smallest size and says what it should; nobody is timed here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.stand.grown import grown, head

ROOT = Path(__file__).parents[2]
STAGES = [
    "import", "people", "offers", "orders by HTTP", "close", "snapshot", "plan", "publish", "answers", "receive",
    "hand out",
]  # fmt: skip


@pytest.mark.timeout(300)
def test_a_cycle_is_measured_stage_by_stage_and_kept_on_the_page(tmp_path: Path) -> None:
    kept, page = tmp_path / "figures.json", tmp_path / "benchmarks.md"
    page.write_text(
        "# Old head\n\n## another\n\nIts own figures.\n\n## cycle\n\nFigures of last year.\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "tests.benchmarks.cycle", "--sizes", "50"]

    said = subprocess.run(
        [*command, "--json", str(kept), "--keep", str(page)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    (run,) = json.loads(kept.read_text(encoding="utf-8"))
    assert (run["orders"], run["farms"], run["placed"]) == (50, 5, 50)
    assert list(run["seconds"]) == list(run["peak_mb"]) == STAGES
    assert all(run["peak_mb"].values())
    assert 0.5 < run["fill_rate"] <= 1
    assert run["stopped_by"] == "iterations"
    for stage in STAGES:
        assert f"  {stage}: " in said
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# Benchmarks\n")
    assert "## another\n\nIts own figures.\n" in written
    assert "| stage | 50 orders, 5 farms |" in written
    assert "PostgreSQL 1" in written
    assert "last year" not in written


def test_growth_is_told_between_two_sizes_for_what_took_long_enough_to_tell() -> None:
    small = measured(1000, {"import": 2.0, "close": 0.1})
    large = measured(10_000, {"import": 30.0, "orders by command": 5.0, "close": 1.0})

    assert head([small, large]) == ["stage", "1,000 orders, 100 farms", "growth", "10,000 orders, 1,000 farms"]
    assert grown([small, large]) == [
        ["import", "2.0 s, 200 MB", "x 15.0", "30.0 s, 200 MB"],
        ["close", "0.1 s, 200 MB", "", "1.0 s, 200 MB"],
        ["orders by command", "", "", "5.0 s, 200 MB"],
        ["all", "2.1 s, 200 MB", "x 17.1", "36.0 s, 200 MB"],
    ]


def test_a_stage_that_sees_only_a_part_of_the_orders_says_nothing_about_growth() -> None:
    small, large = measured(10_000, {"orders by HTTP": 100.0}), measured(100_000, {"orders by HTTP": 120.0})

    assert grown([small, large])[0] == ["orders by HTTP", "100.0 s, 200 MB", "", "120.0 s, 200 MB"]


def measured(orders: int, seconds: dict[str, float]) -> dict[str, Any]:
    return {"orders": orders, "farms": orders // 10, "seconds": seconds, "peak_mb": dict.fromkeys(seconds, 200)}


def test_a_benchmark_that_does_not_exist_is_answered_with_those_that_do() -> None:
    asked = subprocess.run([ROOT / "scripts" / "bench", "nonsense"], capture_output=True, text=True, check=False)

    assert asked.returncode == 2
    question, said = asked.stderr.strip().split("? ")
    assert question == "which one"
    assert "cycle" in said.split()
    assert "test" not in said
