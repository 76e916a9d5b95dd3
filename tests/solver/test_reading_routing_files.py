from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver.errors import BadInputError
from solver.instances.classical import ClassicalProblem, Rounding
from solver.instances.routing import read_classical

INSTANCES = Path(__file__).parent / "instances"

CVRP = """NAME : small
COMMENT : one
COMMENT : two
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 0 2.5
DEMAND_SECTION
1 0
2 4
3 6
DEPOT_SECTION
1
-1
EOF
"""
VRPTW = CVRP.replace("TYPE : CVRP", "TYPE : VRPTW\nVEHICLES : 2\nSERVICE_TIME : 1.5").replace(
    "DEPOT_SECTION", "TIME_WINDOW_SECTION\n1 0 100\n2 5 50\n3 0 60\nDEPOT_SECTION"
)
MDVRP = """2 2 3 2
0 10
200 20
1 1 1 5 4 1 2 1 2
2 2.5 -2 0 6 1 2 1 2
3 3 3 0 20
4 0 0 0 0 0 0
5 9 9 0 0 0 0
"""
MDVRPTW = """6 2 2 2
0 10
200 20
1 1 1 5 4 1 2 1 2 10 20
2 2.5 -2 0 6 1 2 1 2 0 40.5
3 0 0 0 0 0 0 0 100
4 9 9 0 0 0 0 5 90.5
"""

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "case.txt"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file


def refusal(path: Path) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        read_classical(path)
    assert caught.value.file == str(path)
    where = f"{path}:{caught.value.line}" if caught.value.line else f"{path}"
    assert str(caught.value).startswith(f"{where}: {caught.value.field}: ")
    return caught.value


def test_a_cvrp_keeps_its_places_and_demands(write: Write) -> None:
    problem = read_classical(write(CVRP))
    assert (problem.name, problem.rounding) == ("small", Rounding.NEAREST)
    assert [(depot.x, depot.capacity, depot.vehicles, depot.late) for depot in problem.depots] == [(0, 10, None, None)]
    assert [(client.x, client.y, client.demand) for client in problem.clients] == [(3, 4, 4), (0, 2.5, 6)]


def test_a_depot_in_the_middle_leaves_the_clients_in_order(write: Write) -> None:
    moved = CVRP.replace("1 0\n2 4", "1 4\n2 0").replace("DEPOT_SECTION\n1\n", "DEPOT_SECTION\n2\n")
    problem = read_classical(write(moved))
    assert (problem.depots[0].x, problem.depots[0].y) == (3, 4)
    assert [client.demand for client in problem.clients] == [4, 6]


def test_a_list_of_depots_may_lack_its_end(write: Write) -> None:
    assert len(read_classical(write(CVRP.replace("-1\n", ""))).clients) == 2


def test_a_vrptw_has_windows_services_and_vehicles(write: Write) -> None:
    problem = read_classical(write(VRPTW))
    assert problem.rounding is Rounding.TENTHS
    assert (problem.depots[0].vehicles, problem.depots[0].late) == (2, 100)
    assert [(client.early, client.late, client.service) for client in problem.clients] == [(5, 50, 1.5), (0, 60, 1.5)]


def test_services_may_differ_and_the_name_may_be_missing(write: Write) -> None:
    text = VRPTW.replace("DEPOT_SECTION", "SERVICE_TIME_SECTION :\n1 0\n2 7\n3 8\nDEPOT_SECTION")
    problem = read_classical(write(text.replace("NAME : small\n", "")))
    assert [client.service for client in problem.clients] == [7, 8]
    assert problem.name == "case"


def test_a_longest_distance_limits_every_route(write: Write) -> None:
    problem = read_classical(write(CVRP.replace("CAPACITY", "DISTANCE : 40\nCAPACITY")))
    assert problem.depots[0].max_duration == 40


def test_a_cordeau_file_has_limits_by_depot(write: Write) -> None:
    problem = read_classical(write(MDVRP))
    assert problem.rounding is Rounding.NONE
    assert [(depot.x, depot.capacity, depot.vehicles, depot.max_duration) for depot in problem.depots] == [
        (0, 10, 2, None),
        (9, 20, 2, 200),
    ]
    assert [(client.x, client.demand, client.service) for client in problem.clients] == [
        (1, 4, 5),
        (2.5, 6, 0),
        (3, 20, 0),
    ]


def test_a_cordeau_file_with_time_windows_has_them_for_clients_and_depots(write: Write) -> None:
    problem = read_classical(write(MDVRPTW))
    assert [(depot.x, depot.early, depot.late, depot.max_duration) for depot in problem.depots] == [
        (0, 0, 100, None),
        (9, 5, 90.5, 200),
    ]
    assert [(client.x, client.demand, client.early, client.late) for client in problem.clients] == [
        (1, 4, 10, 20),
        (2.5, 6, 0, 40.5),
    ]


@pytest.mark.parametrize("name", ["X-n106-k14.vrp", "RC208.vrp", "pr01.txt"])
def test_public_files_are_read_whole(name: str) -> None:
    clients = {"X-n106-k14.vrp": 105, "RC208.vrp": 100, "pr01.txt": 48}
    assert len(read_classical(INSTANCES / name).clients) == clients[name]


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("TYPE : CVRP", "TYPE : TSP", 4, "TYPE"),
        ("EUC_2D", "EXPLICIT", 6, "EDGE_WEIGHT_TYPE"),
        ("EDGE_WEIGHT_TYPE : EUC_2D\n", "", 18, "EDGE_WEIGHT_TYPE"),
        ("CAPACITY : 10\n", "", 18, "CAPACITY"),
        ("CAPACITY : 10", "CAPACITY : 0", 7, "CAPACITY"),
        ("CAPACITY : 10", "CAPACITY : 10\nCAPACITY : 11", 8, "CAPACITY"),
        ("CAPACITY : 10", "CAPACITY : 5", 15, "DEMAND_SECTION"),
        ("CAPACITY : 10", "CAPACITY : 10\nDISTANCE : x", 8, "DISTANCE"),
        ("CAPACITY : 10", "CAPACITY : 10\nVEHICLES : 0", 8, "VEHICLES"),
        ("DIMENSION : 3", "DIMENSION : 4", 8, "NODE_COORD_SECTION"),
        ("DIMENSION : 3", "DIMENSION : 2", 11, "NODE_COORD_SECTION"),
        ("DIMENSION : 3", "DIMENSION : 1e99", 5, "DIMENSION"),
        ("DIMENSION : 3", "DIMENSION : 3.5", 5, "DIMENSION"),
        ("DIMENSION : 3", "junk\nDIMENSION : 3", 5, "line"),
        ("2 3 4", "2 nan 4", 10, "NODE_COORD_SECTION"),
        ("2 3 4", "2 3 inf", 10, "NODE_COORD_SECTION"),
        ("2 3 4", "2 3 1e300", 10, "NODE_COORD_SECTION"),
        ("2 3 4", "2 3 " + "4" * 90, 10, "NODE_COORD_SECTION"),
        ("2 3 4", "2 3", 10, "NODE_COORD_SECTION"),
        ("2 3 4", "3 3 4", 11, "NODE_COORD_SECTION"),
        ("2 4\n", "2 -4\n", 14, "DEMAND_SECTION"),
        ("2 4\n", "2 4.5\n", 14, "DEMAND_SECTION"),
        ("1 0\n2 4", "1 1\n2 4", 12, "DEMAND_SECTION"),
        ("DEMAND_SECTION\n1 0\n2 4\n3 6\n", "", 15, "DEMAND_SECTION"),
        ("DEPOT_SECTION\n1\n", "DEPOT_SECTION\n1\n2\n", 16, "DEPOT_SECTION"),
        ("DEPOT_SECTION\n1\n", "DEPOT_SECTION\n", 16, "DEPOT_SECTION"),
        ("DEPOT_SECTION\n1\n", "DEPOT_SECTION\n9\n", 17, "DEPOT_SECTION"),
        ("DEPOT_SECTION\n1\n-1\n", "", 16, "DEPOT_SECTION"),
        ("DEPOT_SECTION\n", "DEMAND_SECTION\nDEPOT_SECTION\n", 16, "DEMAND_SECTION"),
        ("DEPOT_SECTION\n", "EDGE_WEIGHT_SECTION\nDEPOT_SECTION\n", 16, "EDGE_WEIGHT_SECTION"),
    ],
)
def test_a_broken_cvrp_is_refused_at_its_place(write: Write, old: str, new: str, line: int, field: str) -> None:
    assert old in CVRP
    found = refusal(write(CVRP.replace(old, new, 1)))
    assert (found.line, found.field) == (line, field)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("2 5 50", "2 50 5", "TIME_WINDOW_SECTION"),
        ("2 5 50", "2 -5 50", "TIME_WINDOW_SECTION"),
        ("SERVICE_TIME : 1.5", "SERVICE_TIME : -1", "SERVICE_TIME"),
        ("CAPACITY : 10", "CAPACITY : 10\nDISTANCE : 90", "DISTANCE"),
        ("VEHICLES : 2\n", "VEHICLES : 1\n", "VEHICLES"),
        ("TIME_WINDOW_SECTION\n1 0 100\n2 5 50\n3 0 60\n", "", "TIME_WINDOW_SECTION"),
    ],
)
def test_a_broken_vrptw_is_refused(write: Write, old: str, new: str, field: str) -> None:
    assert old in VRPTW
    text = VRPTW.replace("CAPACITY : 10", "CAPACITY : 9") if field == "VEHICLES" else VRPTW
    assert refusal(write(text.replace(old, new, 1))).field == field


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("2 2 3 2", "2 2 3", 1, "first line"),
        ("2 2 3 2", "1 2 3 2", 1, "type"),
        ("2 2 3 2", "2 1 3 1", 8, "file"),
        ("2 2 3 2", "2 0 3 2", 1, "vehicles"),
        ("0 10\n200 20", "0 6\n200 8", 6, "demand"),
        ("0 10\n200 20", "0 1\n20 x", 3, "largest load"),
        ("0 10\n200 20", "0\n200 20", 2, "depot limits"),
        ("2 2 3 2\n0 10\n200 20", "2 1 3 2\n0 1\n0 20", 1, "vehicles"),
        ("1 1 1 5 4 1 2 1 2", "1 1 1 5 4 1 1 1", 4, "ways"),
        ("1 1 1 5 4 1 2 1 2", "1 1 1 5", 4, "row"),
        ("2 2.5", "1 2.5", 5, "id"),
        ("2 2.5 -2 0 6", "2 2.5 -2 -1 6", 5, "service"),
        ("5 9 9 0 0 0 0", "", 7, "file"),
        ("5 9 9 0 0 0 0", "5 9 0x10 0 0 0 0", 8, "y"),
    ],
)
def test_a_broken_cordeau_file_is_refused_at_its_place(write: Write, old: str, new: str, line: int, field: str) -> None:
    assert old in MDVRP
    found = refusal(write(MDVRP.replace(old, new, 1)))
    assert (found.line, found.field) == (line, field)


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("1 2 1 2 10 20", "1 2 1 2 10", 4, "row"),
        ("1 2 1 2 10 20", "1 2 1 2 10 9.5", 4, "closes"),
        ("1 2 1 2 10 20", "1 2 1 2 -1 9.5", 4, "opens"),
        ("3 0 0 0 0 0 0 0 100", "3 0 0 0 0 0 0 100", 6, "row"),
        ("3 0 0 0 0 0 0 0 100", "3 0 0 0 0 0 0 0 late", 6, "closes"),
    ],
)
def test_a_broken_window_of_a_cordeau_file_is_refused_at_its_place(
    write: Write, old: str, new: str, line: int, field: str
) -> None:
    assert old in MDVRPTW
    found = refusal(write(MDVRPTW.replace(old, new, 1)))
    assert (found.line, found.field) == (line, field)


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\0\1\2", b"\x89PNG\r\n\x1a\n", b"\xb2 1 1 1", b"EOF\n"])
def test_what_is_no_instance_at_all_is_refused(write: Write, content: bytes) -> None:
    refusal(write(content))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(tmp_path).reason == "is not a plain file"
    assert refusal(tmp_path / "none.vrp").reason == "No such file or directory"
    assert "null" in refusal(tmp_path / "a\0b").reason
    monkeypatch.setattr("solver.instances.text.MOST_BYTES", 10)
    path = tmp_path / "large.vrp"
    path.write_text(CVRP)
    assert "larger" in refusal(path).reason


JUNK = ["0", "9", "-", ".", "e", ":", "_", "x", "\n", "\0", "\xe9", "nan", "1e400", "EOF"]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from([CVRP, VRPTW, MDVRP]),
    places=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(JUNK)), max_size=4),
    cut=st.floats(0, 1),
)
def test_mangled_files_are_read_or_refused_and_nothing_else(
    write: Write, text: str, places: list[tuple[float, str]], cut: float
) -> None:
    for place, junk in places:
        at = int(place * len(text))
        text = text[:at] + junk + text[at + 1 :]
    path = write(text[: int(cut * len(text)) + 1].encode("latin-1"))
    try:
        assert isinstance(read_classical(path), ClassicalProblem)
    except BadInputError as refused:
        assert refused.reason  # noqa: PT017  # either outcome is right, any other exception is the failure
