import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import codec
from solver.errors import BadInputError
from solver.problem import Box, Matrix, Passage, Pins, Problem, Roads, Side, ints
from solver.solution import Explanation
from tests.solver.builder import small_plan, small_region, with_cell

PROBLEM, SOLUTION = small_plan()
SIDE = Side((Box(1, 2, 3, 4),), (Box(5, 6, 7, 8),))


def rich_problem() -> Problem:
    """With every optional part."""
    square = np.arange(64, dtype=np.int64).reshape(8, 8)
    passage = Passage("渡口", 1, 2, 3, SIDE, SIDE)
    roads = Roads(passages=(passage, replace(passage, other=None)), matrix=Matrix(square, square))
    return replace(PROBLEM, roads=roads, pins=Pins(ints(0), ints(1), ints(2)))


def same(mine: Any, other: Any) -> bool:
    return bool(codec.problem_to_json(mine) == codec.problem_to_json(other))


@pytest.mark.parametrize("problem", [PROBLEM, rich_problem()])
def test_a_problem_comes_back_as_it_was(problem: Problem) -> None:
    assert same(codec.problem_from_json(codec.problem_to_json(problem)), problem)
    assert same(codec.problem_from_bytes(codec.problem_to_bytes(problem)), problem)


def test_a_plan_comes_back_as_it_was() -> None:
    why = Explanation("farm", "farm 0", "too-dear", {"ask_minor_per_1000": 150})
    solution = replace(SOLUTION, report=replace(SOLUTION.report, explanations=(why,), degraded=True))
    text = codec.solution_to_json(PROBLEM, solution)
    again = codec.solution_from_json(text)
    assert codec.solution_to_json(PROBLEM, again) == text
    assert again.report == solution.report
    packed = codec.solution_to_bytes(PROBLEM, solution)
    assert codec.solution_to_json(PROBLEM, codec.solution_from_bytes(PROBLEM, packed)) == text
    assert len(packed) < len(text)


def test_what_a_stored_plan_says_of_itself_is_read_without_its_problem() -> None:
    why = Explanation("farm", "farm 0", "too-dear", {"ask_minor_per_1000": 150})
    solution = replace(SOLUTION, report=replace(SOLUTION.report, explanations=(why,)))
    assert codec.report_from_bytes(codec.solution_to_bytes(PROBLEM, solution)) == solution.report
    with pytest.raises(BadInputError, match="plan: format"):
        codec.report_from_bytes(codec.problem_to_bytes(PROBLEM))


def test_the_text_is_stable() -> None:
    envelope = json.loads(codec.problem_to_json(PROBLEM))
    assert list(envelope)[:4] == ["format", "version", "currency", "places"]
    assert codec.inputs_hash(PROBLEM) == codec.inputs_hash(small_region())
    assert codec.inputs_hash(PROBLEM) != codec.inputs_hash(with_cell(PROBLEM, "lots", "offered", 0, 1))


def test_a_stored_plan_of_another_problem_is_refused() -> None:
    other = with_cell(PROBLEM, "lots", "offered", 0, 1)
    with pytest.raises(BadInputError, match="plan: problem: was made for another problem"):
        codec.solution_from_bytes(other, codec.solution_to_bytes(PROBLEM, SOLUTION))


def test_terms_may_be_left_out() -> None:
    envelope = json.loads(codec.problem_to_json(PROBLEM))
    for name in ("roads", "rhythm", "pins"):
        del envelope[name]
    assert same(codec.problem_from_json(json.dumps(envelope)), PROBLEM)


def spoilt(path: str, value: Any) -> str:
    """The problem's text with one value replaced, or removed when the value is None."""
    envelope = json.loads(codec.problem_to_json(rich_problem()))
    *parents, last = path.split(".")
    inner = envelope
    for name in parents:
        inner = inner[int(name)] if name.isdigit() else inner[name]
    if value is None:
        del inner[last]
    else:
        inner[int(last) if last.isdigit() else last] = value
    return json.dumps(envelope)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("lots", None, "p: lots: is missing"),
        ("lots.offered", None, "p: lots.offered: is missing"),
        ("cows", 1, "p: cows: is not known"),
        ("lots.two words", 1, "p: lots.'two words': is not known"),
        ("lots", 5, "p: lots: is not an object"),
        ("lots.offered", "many", "p: lots.offered: is not a list"),
        ("lots.offered.1", 1.5, "p: lots.offered[1]: is not a whole number of 64 bits"),
        ("lots.offered.1", True, "p: lots.offered[1]: is not a whole number of 64 bits"),
        ("lots.offered.1", 2**63, "p: lots.offered[1]: is not a whole number of 64 bits"),
        ("lots.id.0", "a\0", "p: lots.id[0]: is not a text without NUL or lone surrogates"),
        ("lots.id.0", "\ud800", "p: lots.id[0]: is not a text without NUL or lone surrogates"),
        ("farms.small.0", 1, "p: farms.small[0]: is not true or false"),
        ("currency", 3, "p: currency: is not a text without NUL or lone surrogates"),
        ("rhythm.sort_s", "soon", "p: rhythm.sort_s: is not a whole number of 64 bits"),
        ("roads.band_limit_m", 7, "p: roads.band_limit_m: is not a list"),
        ("roads.passages.0.toll_minor", "x", "p: roads.passages[0].toll_minor: is not a whole number of 64 bits"),
        ("roads.matrix.distance_m.3", [1], "p: roads.matrix.distance_m[3]: is not a row of 8"),
        ("format", "farmlink-plan", "p: format: is not farmlink-problem"),
        ("version", 2, "p: version: is not 1"),
    ],
)
def test_a_bad_field_is_named_by_its_path(path: str, value: Any, said: str) -> None:
    with pytest.raises(BadInputError) as caught:
        codec.problem_from_json(spoilt(path, value), "p")
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "p:1: column 1: Expecting value"),
        ('{"a": 1,\n "b": }', "p:2: column 7: Expecting value"),
        ("[]", "p: format: is not farmlink-problem"),
        ('{"a": NaN}', "p: json: NaN is not a whole number"),
        ('{"a": 1, "a": 2}', "p: json: a appears twice"),
        ("[" * 100_000, "p: json: is nested too deeply"),
        (b"\xff\xff", "p: json:"),
        ("1" * 5000, "p: json:"),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(text: str | bytes, said: str) -> None:
    with pytest.raises(BadInputError) as caught:
        codec.problem_from_json(text, "p")
    assert str(caught.value).startswith(said)


def test_what_ended_the_search_is_from_the_list() -> None:
    envelope = json.loads(codec.solution_to_json(PROBLEM, SOLUTION))
    envelope["report"]["stopped_by"] = "boredom"
    with pytest.raises(BadInputError, match=r"report\.stopped_by: is none of iterations, deadline, cancelled"):
        codec.solution_from_json(json.dumps(envelope))


@pytest.mark.parametrize("content", [b"", b"junk", codec.problem_to_bytes(PROBLEM)[:-5]])
def test_bytes_that_are_not_ours_are_refused(content: bytes) -> None:
    with pytest.raises(BadInputError, match="problem: bytes: is"):
        codec.problem_from_bytes(content)


def test_files_are_read_and_missing_ones_named(tmp_path: Path) -> None:
    problem, solution = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(codec.problem_to_json(PROBLEM), encoding="utf-8")
    solution.write_text(codec.solution_to_json(PROBLEM, SOLUTION), encoding="utf-8")
    assert same(codec.read_problem(problem), PROBLEM)
    assert codec.read_solution(solution).report == SOLUTION.report
    with pytest.raises(BadInputError, match=r"nothing\.json: file: No such file"):
        codec.read_problem(tmp_path / "nothing.json")
    with pytest.raises(BadInputError, match="file: embedded null"):
        codec.read_problem(Path("a\0b"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["lots", "lots.offered", "roads", "roads.passages", "places.id", "pins", "policy"]), json_values)
def test_any_value_anywhere_is_read_or_refused(path: str, value: Any) -> None:
    text = spoilt(path, value if value is not None else 0)
    try:
        again = codec.problem_from_json(text)
    except BadInputError:
        return
    assert same(codec.problem_from_json(codec.problem_to_json(again)), again)
