from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver.errors import BadInputError
from solver.instances.orlib import FacilityProblem, read_facilities

INSTANCES = Path(__file__).parent / "instances"
SMALL = """2 2
10 100.5
20. 50
5 7
8.5
15 1 2
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "small.txt"
    path.write_text(text)
    return path


def test_numbers_may_wrap_over_lines(tmp_path: Path) -> None:
    problem = read_facilities(written(tmp_path, SMALL), None)
    assert problem.name == "small"
    assert problem.capacity.tolist() == [10, 20]
    assert problem.opening.tolist() == [100.5, 50]
    assert problem.demand.tolist() == [5, 15]
    assert problem.cost.tolist() == [[7, 1], [8.5, 2]]


def test_the_word_capacity_takes_the_option(tmp_path: Path) -> None:
    text = SMALL.replace("10 100.5", "capacity 100.5").replace("20. 50", "capacity 50")
    assert read_facilities(written(tmp_path, text), 12).capacity.tolist() == [12, 12]


def test_the_public_file_is_read_whole() -> None:
    problem = read_facilities(INSTANCES / "cap64.txt", None)
    assert problem.cost.shape == (16, 50)
    assert problem.demand.sum() == 58268


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("2 2\n", "0 2\n", 1, "facilities"),
        ("2 2\n", "2 2.5\n", 1, "customers"),
        ("2 2\n", "90000 90000\n", 1, "customers"),
        ("2 2\n", "2 3\n", 6, "demand of customer 3"),
        ("2 2\n", "1 2\n", 3, "demand of customer 1"),
        ("2 2\n10", "2 2\n-10", 2, "capacity of facility 1"),
        ("2 2\n10", "2 2\ncapacity", 2, "capacity of facility 1"),
        ("20. 50", "20. nan", 3, "opening cost of facility 2"),
        ("8.5", "inf", 5, "cost of customer 1 at facility 2"),
        ("15 1 2", "15 1 2 3", 6, "end"),
        ("15 1 2", "26 1 2", 6, "demand"),
        ("15 1 2", "15 1", 6, "cost of customer 2 at facility 2"),
    ],
)
def test_a_broken_file_is_refused_at_its_place(tmp_path: Path, old: str, new: str, line: int, field: str) -> None:
    assert old in SMALL
    text = SMALL.replace(old, new, 1)
    if new == "1 2\n":
        text = text.replace("20. 50", "20.5 50")
    with pytest.raises(BadInputError) as caught:
        read_facilities(written(tmp_path, text), None)
    assert (caught.value.line, caught.value.field) == (line, field)


def test_a_capacity_that_the_file_does_not_ask_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="its own capacities"):
        read_facilities(written(tmp_path, SMALL), 5)


JUNK = ["0", "9", "-", ".", "e9", " ", "x", "\n", "\0", "nan", "1e400", "capacity"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(JUNK)), max_size=4),
    cut=st.floats(0, 1),
    capacity=st.sampled_from([None, 7]),
)
def test_mangled_files_are_read_or_refused_and_nothing_else(
    tmp_path: Path, places: list[tuple[float, str]], cut: float, capacity: int | None
) -> None:
    text = SMALL
    for place, junk in places:
        at = int(place * len(text))
        text = text[:at] + junk + text[at + 1 :]
    path = written(tmp_path, text[: int(cut * len(text)) + 1])
    try:
        assert isinstance(read_facilities(path, capacity), FacilityProblem)
    except BadInputError as refused:
        assert refused.reason  # noqa: PT017  # either outcome is right, any other exception is the failure
