"""The curve of scale on two small sizes: its table, its plot, and that the round it routes is of the lots allocated."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from tests.benchmarks import scale
from tests.benchmarks.made.lots import made_lots
from tests.benchmarks.made.regions import REGION_KM, collection_round, fullest_region, places
from tests.benchmarks.stand.plot import Line, log_log


def test_two_sizes_are_allocated_routed_drawn_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["scale", "--sizes", "200", "400", "--route-seconds", "0.5", "--keep", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", words)
    scale.main()
    page = (tmp_path / "benchmarks.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith(("| 200 |", "| 400 |"))]
    assert len(rows) == 2
    assert all("| 0.00% |" in row for row in rows)
    assert "1,000,000 lots: not run; target at most 30 s" in page
    assert "(scale.svg)" in page
    ET.fromstring((tmp_path / "scale.svg").read_text())


def test_lots_are_where_their_lanes_cost_what_they_cost() -> None:
    problem = made_lots(300, 3, linear=True)
    lot_at, batch_at = places(problem, 3)
    lanes = problem.lanes
    price = lanes.cost_minor - 1.5 * np.linalg.norm(lot_at[lanes.lot] - batch_at[lanes.batch], axis=1)
    same = lanes.lot[1:] == lanes.lot[:-1]
    assert np.abs(np.diff(price)[same]).max() <= 1


def test_a_region_is_one_square_and_its_round_fetches_what_is_sent() -> None:
    problem = made_lots(300, 3, linear=True)
    lot_at, _ = places(problem, 3)
    region = fullest_region(lot_at, np.arange(300))
    square = np.floor(lot_at[region] / REGION_KM)
    assert len(region) > 1
    assert (square == square[0]).all()
    fetched = collection_round(lot_at, problem.lots.quantity, region)
    assert [client.demand for client in fetched.clients] == problem.lots.quantity[region].tolist()


def test_a_chart_places_higher_values_higher_and_names_its_lines() -> None:
    chart = log_log("Time", "lots", [10, 100], (Line("seconds", [0.1, 50]), Line("a < b", [3, 4000])))
    root = ET.fromstring(chart)
    heights = [float(dot.attrib["cy"]) for dot in root.iter("{http://www.w3.org/2000/svg}circle")]
    assert heights[0] > heights[2] > heights[1] > heights[3]
    said = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Time", "lots", "seconds", "a < b", "4,000", "50"} <= set(said)
