"""The location benchmark runs on two small files and says what it should; nobody is timed here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from solver.instances.location import read_location
from tests.benchmarks.location import INSTANCES, WrongPlanError, chosen, judged
from tests.benchmarks.peers.facility_then_pyvrp import assigned, routed
from tests.benchmarks.stand.ran import Ran

ROOT = Path(__file__).parents[2]
RAN = Ran(1.0, 1.0, 1, "")
SMALL = INSTANCES / "lrp" / "prodhon-coord20-5-1.dat"


@pytest.mark.timeout(300)
def test_both_contenders_are_judged_and_kept_on_the_page(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("# Old head\n\n## another\n\nIts own figures.\n", encoding="utf-8")
    words = ["--seconds", "2", "--seeds", "1", "--half", "tune", "--keep", str(page)]
    names = ["prodhon-coord20-5-1", "barreto-coordGaspelle"]
    command = [sys.executable, "-m", "tests.benchmarks.location", *words, "--only", *names]

    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for name in names:
        assert f"{name} | " in said
    written = page.read_text(encoding="utf-8")
    assert "Its own figures." in written
    assert "| prodhon-coord20-5-1 | 54,793 | +" in written
    assert "target at most 1.0%" in written
    assert "over the peer's: " in written


def test_a_plan_that_breaks_a_rule_or_lies_about_its_cost_is_no_figure(tmp_path: Path) -> None:
    problem, out = read_location(SMALL), tmp_path / "answer.json"
    routes = [{"depot": 2, "clients": [client]} for client in range(1, 21)]

    out.write_text(json.dumps({"cost": 1.0, "bound": 0.0, "open": [2], "routes": routes}), encoding="utf-8")

    with pytest.raises(WrongPlanError, match=r"depot 2: sends 315 over capacity 140"):
        judged(problem, out, RAN)


def test_the_halves_have_nothing_in_common() -> None:
    assert not set(chosen("test", [])) & set(chosen("tune", []))
    assert chosen("tune", ["prodhon-coord20-5-1"]) == {"prodhon-coord20-5-1": 54793}


def test_the_peer_keeps_the_capacities_of_depots_by_its_assignment() -> None:
    problem = read_location(SMALL)
    home = assigned(problem, 20.0)
    sent = [0] * len(problem.depots)
    for client, depot in zip(problem.clients, home, strict=True):
        sent[depot] += client.demand
    assert all(
        site.capacity is not None and load <= site.capacity for site, load in zip(problem.depots, sent, strict=True)
    )
    tours, verdict = routed(problem, home, 0.0, 1)
    assert verdict.violations == ()
    assert {tour.depot for tour in tours} <= set(home)
