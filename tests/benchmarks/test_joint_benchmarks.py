"""The benchmarks of joint planning, of plans again and of the chain run at their smallest and say what they should."""

import subprocess
import sys
from pathlib import Path

import pytest

from solver.check import check_problem
from solver.codec import problem_to_json
from tests.benchmarks.made.collection import Shape, cheapest_purchase_minor, collection_region
from tests.solver.thin import thin_region

ROOT = Path(__file__).parents[2]


def benched(name: str, *options: str) -> str:
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_a_made_region_is_the_same_for_ever_and_costs_no_less_than_its_cheapest_goods() -> None:
    first, again = (collection_region(7, Shape(farms=30)) for _ in range(2))
    check_problem(first)
    assert problem_to_json(first) == problem_to_json(again)
    grams = int(first.batches.quantity.sum())
    cheapest, dearest = (int(price) for price in (first.lots.ask_minor_per_1000.min(), 115))
    assert cheapest * grams // 1000 <= cheapest_purchase_minor(first) <= dearest * grams // 1000


@pytest.mark.timeout(300)
def test_joint_planning_is_compared_with_both_peers_and_kept(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    said = benched("joint", "--seeds", "3", "--farms", "12", "--seconds", "3", "--keep", str(page))
    written = page.read_text(encoding="utf-8")
    assert "## joint" in written
    assert "| 3 | " in written
    assert "target -4%" in written
    assert "shortage 0, 0 (peer)" in written
    assert "Controllable cost against" in said


@pytest.mark.timeout(300)
def test_a_plan_again_is_compared_with_the_full_one_and_kept(tmp_path: Path) -> None:
    given, page = tmp_path / "region.json", tmp_path / "benchmarks.md"
    given.write_text(problem_to_json(thin_region(3, farms=8, points=2)), encoding="utf-8")
    benched("replan", "--parts", "20", "--seconds", "3", "--problem", str(given), "--keep", str(page))
    written = page.read_text(encoding="utf-8")
    assert "## replan" in written
    assert "| 20 % | 1 | " in written
    assert "0/0/0, 0/" in written


@pytest.mark.timeout(300)
def test_the_chain_is_set_against_every_baseline_and_kept(tmp_path: Path) -> None:
    given, page = tmp_path / "region.json", tmp_path / "benchmarks.md"
    given.write_text(problem_to_json(thin_region(3, farms=8, points=2)), encoding="utf-8")
    benched("chain", "--seconds", "3", "--problem", str(given), "--keep", str(page))
    written = page.read_text(encoding="utf-8")
    assert "## chain" in written
    for baseline in ("(a) collection, farm by farm", "(b) self-haul", "(c) alone"):
        assert f"| {baseline} | " in written
    assert "(target -28%)" in written
    assert "| pooled, real Michigan farms, (b) self-haul | (b) self-haul | -28.0% money | " in written
