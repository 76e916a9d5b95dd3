"""The benchmark of rich routing runs both contenders, judges both, and makes no figure of what is no plan."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from solver.routing.errand import Trip
from tests.benchmarks import rich
from tests.benchmarks.made.mornings import MORNINGS, made_morning
from tests.benchmarks.rich import Answered, Compared, means, reached
from tests.benchmarks.stand.driven import WrongTripsError, judged_minor, write_trips
from tests.benchmarks.stand.ran import Ran


def test_a_small_morning_is_compared_and_told_beside_its_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "benchmarks.md"
    words = ["--row", "prizes", "--visits", "12", "--seconds", "4", "--seeds", "1", "--keep", str(page)]
    monkeypatch.setattr(sys, "argv", ["rich", *words])
    rich.main()
    kept = page.read_text(encoding="utf-8")
    assert re.search(r"\| prizes \| 12 \| 4 \| [\d.]+ \| ≤ 1\.00 \| 0 of 1 \|", capsys.readouterr().out)
    assert re.search(
        r"\| rich routing: prizes, 12 visits, 4 s \| .+ \| ≤ 1\.00 x its cost \| [\d.]+ x, \d+ MB \|", kept
    )


def test_a_peer_without_a_plan_makes_no_ratio() -> None:
    ran = Ran(1.0, 2.0, 100, "")
    whole = Compared("trips", 10, 1, Answered(90.0, 0, ran), Answered(100.0, 0, ran))
    hung = replace(whole, peer=Answered(10_000.0, 10, ran))
    assert means(20, [whole, hung])[3:] == ("0.9000", "≤ 1.00", "1 of 2")
    assert hung.line()[2] == "no plan"
    assert reached(20, [hung]).reached.endswith("100 MB, PyVRP without a plan on 1 of 1")


@pytest.mark.parametrize("name", MORNINGS)
def test_mornings_are_what_they_say(name: str) -> None:
    errand, morning = made_morning(name, 100, 1), MORNINGS[name]
    assert np.array_equal(errand.distance_m, made_morning(name, 100, 1).distance_m)
    assert (errand.drop.sum() > 0) == morning.brings
    assert (errand.fetch.sum() > 0) == (morning.fetch_share > 0)
    assert (errand.ready_s.sum() > 0) == morning.released
    weight_g = max(errand.drop[:, 0].sum(), errand.fetch[:, 0].sum())
    assert (weight_g > errand.trucks.room[:, 0].sum()) == (morning.fullness > 1)


def test_trips_that_break_a_rule_are_no_figure(tmp_path: Path) -> None:
    errand, out = made_morning("delivery", 30, 1), tmp_path / "trips.json"
    write_trips(out, [Trip(0, tuple(range(30)))])
    with pytest.raises(WrongTripsError, match=r"trips\.json: a window"):
        judged_minor(errand, out)
    write_trips(out, [Trip(1, (0,)), Trip(1, (0,))])
    with pytest.raises(WrongTripsError, match="visit 0: made 2 times"):
        judged_minor(errand, out)
