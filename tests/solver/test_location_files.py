from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver.errors import BadInputError
from solver.instances.location import LocationProblem, Site, Stop, read_location
from tests.solver.location.made import INSTANCES

PUBLIC = Path(__file__).parents[1] / "benchmarks" / "instances" / "lrp"
SMALL = """2
1

0\t0.5

3 4
-3 4

10
20

5
6

100.5

7

1
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "small.dat"
    path.write_text(text)
    return path


def test_every_number_has_its_place(tmp_path: Path) -> None:
    assert read_location(written(tmp_path, SMALL)) == LocationProblem(
        name="small",
        hundredfold=False,
        vehicle_capacity=10,
        vehicle_cost=7,
        depots=(Site(0, 0.5, 20, 100.5),),
        clients=(Stop(3, 4, 5), Stop(-3, 4, 6)),
    )


def test_lines_may_be_broken_anywhere(tmp_path: Path) -> None:
    assert read_location(written(tmp_path, " ".join(SMALL.split()))) == read_location(written(tmp_path, SMALL))


def test_a_last_number_of_0_asks_for_hundredfold_distances(tmp_path: Path) -> None:
    assert read_location(written(tmp_path, SMALL[:-2] + "0\n")).hundredfold


def test_a_depot_of_capacity_0_holds_whatever_it_must(tmp_path: Path) -> None:
    assert read_location(written(tmp_path, SMALL.replace("20", "0"))).depots[0].capacity is None


def test_depots_that_cost_nothing_are_fine(tmp_path: Path) -> None:
    assert read_location(written(tmp_path, SMALL.replace("100.5", "0"))).depots[0].opening == 0


def test_prodhons_file_is_read_whole() -> None:
    problem = read_location(INSTANCES / "prodhon-coord20-5-1.dat")
    assert (len(problem.depots), len(problem.clients), problem.hundredfold) == (5, 20, True)
    assert (problem.vehicle_capacity, problem.vehicle_cost) == (70, 1000)
    assert problem.depots[4] == Site(5, 8, 140, 7497)
    assert problem.clients[19] == Stop(9, 40, 16)


def test_barretos_file_is_read_whole() -> None:
    problem = read_location(INSTANCES / "barreto-coordGaspelle.dat")
    assert (len(problem.depots), len(problem.clients), problem.hundredfold) == (5, 21, False)
    assert (problem.vehicle_capacity, problem.vehicle_cost) == (6000, 0)
    assert problem.depots[0] == Site(136, 194, 15000, 50)
    assert sum(client.demand for client in problem.clients) == 22_500


def test_tuzun_and_burkes_file_is_read_whole() -> None:
    problem = read_location(PUBLIC / "tuzun-coordP111112.dat")
    assert (len(problem.depots), len(problem.clients), problem.hundredfold) == (10, 100, False)
    assert (problem.vehicle_capacity, problem.vehicle_cost) == (150, 10)
    assert problem.depots[0].opening == 100
    assert problem.depots[0].x == pytest.approx(46)


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("2\n1\n", "2.5\n1\n", 1, "clients"),
        ("2\n1\n", "2\n0\n", 2, "depots"),
        ("2\n1\n", "9999999\n1\n", 1, "clients"),
        ("0.5", "x", 4, "y of depot 1"),
        ("3 4\n-3 4", "3 4\n-3 1e9", 7, "y of client 2"),
        ("10\n20", "0\n20", 9, "capacity of a vehicle"),
        ("10\n20", "10\n-1", 10, "capacity of depot 1"),
        ("5\n6", "5\n11", 13, "demand of client 2"),
        ("5\n6", "5.5\n6", 12, "demand of client 1"),
        ("100.5", "-1", 15, "cost of opening depot 1"),
        ("7\n\n1", "nan\n\n1", 17, "cost of a route"),
        ("7\n\n1", "7\n\n2", 19, "rounding"),
        ("7\n\n1", "7\n", 17, "rounding"),
        ("7\n\n1", "7\n\n1 1", 19, "end"),
        ("10\n20", "10\n10", 19, "demand"),
    ],
)
def test_a_broken_file_is_refused_at_its_place(tmp_path: Path, old: str, new: str, line: int, field: str) -> None:
    assert old in SMALL
    with pytest.raises(BadInputError) as caught:
        read_location(written(tmp_path, SMALL.replace(old, new, 1)))
    assert (caught.value.line, caught.value.field) == (line, field)


JUNK = ["0", "9", "-", ".", "e9", " ", "x", "\n", "\0", "nan", "1e400"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(JUNK)), max_size=4), cut=st.floats(0, 1))
def test_mangled_files_are_read_or_refused_and_nothing_else(
    tmp_path: Path, places: list[tuple[float, str]], cut: float
) -> None:
    text = SMALL
    for place, junk in places:
        at = int(place * len(text))
        text = text[:at] + junk + text[at + 1 :]
    try:
        assert isinstance(read_location(written(tmp_path, text[: int(cut * len(text)) + 1])), LocationProblem)
    except BadInputError as refused:
        assert refused.reason  # noqa: PT017  # either outcome is right, any other exception is the failure
