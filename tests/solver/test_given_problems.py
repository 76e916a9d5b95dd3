from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.check import check_problem, unfit
from solver.errors import InvalidProblemError
from solver.problem import Box, Matrix, Parcels, Passage, Pins, Policy, Problem, Rhythm, Roads, Side, ints
from tests.solver.builder import changed, names, small_region, with_cell


def refusal(problem: Problem) -> str:
    with pytest.raises(InvalidProblemError) as caught:
        check_problem(problem)
    return str(caught.value)


def test_the_small_region_is_sound() -> None:
    check_problem(small_region())


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "said"),
    [
        ("places", "latitude_e6", 3, 90_000_001, "places[3].latitude_e6: is not within -90000000..90000000"),
        ("places", "longitude_e6", 0, -180_000_001, "places[0].longitude_e6: is not within -180000000..180000000"),
        ("products", "unit_weight_g", 1, 0, "products[1].unit_weight_g: is not within 1..1000000"),
        ("products", "cold", 1, 8, "products[1].cold: is not within 1..7"),
        ("farms", "place", 2, 8, "farms[2].place: is not within 0..7"),
        ("farms", "opens_s", 0, -1, "farms[0].opens_s: is not within 0..2592000"),
        ("farms", "decline_ppm", 0, 1_000_001, "farms[0].decline_ppm: is not within 0..1000000"),
        ("lots", "farm", 0, -1, "lots[0].farm: is not within 0..2"),
        ("lots", "pack", 0, 0, "lots[0].pack: is not within 1..10000000000"),
        ("lots", "offered", 0, -1, "lots[0].offered: is not within 0..10000000000"),
        ("batches", "product", 0, 4, "batches[0].product: is not within 0..3"),
        ("vehicles", "hub", 0, 2, "vehicles[0].hub: is not within 0..1"),
        ("hubs", "throughput_g", 0, -5, "hubs[0].throughput_g: is not within 0..1000000000000"),
        (
            "batches",
            "price_minor_per_1000",
            5,
            10**9 + 1,
            "batches[5].price_minor_per_1000: is not within 0..1000000000",
        ),
        ("lots", "id", 1, "lot 0", "lots[1].id: appears twice"),
    ],
)
def test_a_bad_cell_is_named(table: str, column: str, row: int, value: int | str, said: str) -> None:
    assert refusal(with_cell(small_region(), table, column, row, value)) == said


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (np.zeros(4, np.int64), "lots.offered: is not a column of 5 rows"),
        (np.zeros((5, 1), np.int64), "lots.offered: is not a column of 5 rows"),
        ([1, 2, 3, 4, 5], "lots.offered: is not a column of 5 rows"),
        (np.zeros(5), "lots.offered: is float64, not int64"),
        (np.zeros(5, np.bool_), "lots.offered: is bool, not int64"),
    ],
)
def test_a_bad_column_is_named(column: Any, said: str) -> None:
    assert refusal(changed(small_region(), "lots", offered=column)) == said


def test_yes_and_no_are_no_numbers_and_ids_are_texts() -> None:
    assert refusal(changed(small_region(), "farms", small=ints(0, 1, 0))) == "farms.small: is int64, not bool"
    assert refusal(changed(small_region(), "hubs", id=ints(0, 1))) == "hubs.id: is int64, not str"


@pytest.mark.parametrize(
    ("pins", "said"),
    [
        (Pins(ints(0, 0), ints(0, 0), ints(1, 1)), "pins[1].lot: is pinned twice"),
        (Pins(ints(0), ints(2), ints(1)), "pins[0].at_least: is more than at_most"),
        (Pins(ints(0), ints(180_001), ints(200_000)), "pins[0].at_least: is more than the lot holds on a day"),
        (Pins(ints(5), ints(0), ints(0)), "pins[0].lot: is not within 0..4"),
    ],
)
def test_promises_do_not_contradict_themselves(pins: Pins, said: str) -> None:
    assert refusal(small_region(pins=pins)) == said


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (with_cell(small_region(), "lots", "offered", 3, 2 * 10**9), "lots[3].offered: weighs too much"),
        (
            changed(
                with_cell(small_region(), "batches", "quantity", 0, 10**9),
                "products",
                volume_ml_per_1000=ints(10**6, 1, 1, 1),
            ),
            "batches[0].quantity: fills too much",
        ),
        (
            with_cell(with_cell(small_region(), "lots", "offered", 0, 10**9), "lots", "ask_minor_per_1000", 0, 10**6),
            "lots[0].offered: is worth too much",
        ),
    ],
)
def test_amounts_that_could_overflow_are_refused(problem: Problem, said: str) -> None:
    assert refusal(problem) == said


def many_of(table: str, quantities: list[int]) -> Problem:
    """The first lot or batch again and again, with these quantities."""
    problem = small_region()
    rows = getattr(problem, table)
    columns = {name: getattr(rows, name)[:1].repeat(len(quantities)) for name in rows.__slots__}
    columns["id"] = names(*map(str, range(len(quantities))))
    columns["offered" if table == "lots" else "quantity"] = ints(*quantities)
    repeated: Problem = changed(problem, table, **columns)
    return repeated


def without_unfit(problem: Problem, table: str) -> Problem:
    """The problem without the rows that no optimiser takes."""
    kept = unfit(problem, table) == ""
    rows = getattr(problem, table)
    fit: Problem = changed(problem, table, **{name: getattr(rows, name)[kept] for name in rows.__slots__})
    return fit


def test_sums_that_could_overflow_are_refused() -> None:
    problem = many_of("batches", [10**9] * 2000)
    assert refusal(problem) == "batches.quantity: altogether weighs too much"


def test_what_a_region_has_of_ordinary_size_is_fit() -> None:
    problem = small_region()
    assert set(unfit(problem, "lots")) == set(unfit(problem, "batches")) == {""}


@pytest.mark.parametrize(
    ("table", "column", "number", "why"),
    [
        ("lots", "offered", 10**10 + 1, "too-large"),
        ("lots", "harvest_day", -10_001, "too-large"),
        ("lots", "ask_minor_per_1000", 10**9 + 1, "too-large"),
        ("batches", "quantity", -1, "too-large"),
        ("lots", "offered", 2 * 10**9, "too-heavy"),
        ("batches", "price_minor_per_1000", 10**9, ""),
        ("lots", "ask_minor_per_1000", 10**9, "too-costly"),
    ],
)
def test_a_row_that_no_optimiser_takes_says_why(table: str, column: str, number: int, why: str) -> None:
    row = 3 if why == "too-heavy" else 0
    problem = with_cell(small_region(), table, column, row, number)
    assert unfit(problem, table)[row] == why
    assert set(np.delete(unfit(problem, table), row)) == {""}
    check_problem(without_unfit(problem, table))


def test_a_row_that_fills_more_than_can_be_counted_is_unfit() -> None:
    problem = changed(small_region(), "products", volume_ml_per_1000=ints(10**9, 1, 1, 1))
    assert unfit(problem, "lots").tolist() == ["too-bulky", "", "too-bulky", "", ""]


def test_of_rows_that_are_too_much_together_the_largest_go_and_promised_ones_last() -> None:
    problem = many_of("lots", [10**10, 9 * 10**9] + [10**9] * 1000)
    assert np.flatnonzero(unfit(problem, "lots") == "too-heavy").tolist() == [0, 1]
    check_problem(without_unfit(problem, "lots"))
    promised = replace(problem, pins=Pins(ints(0), ints(100_000), ints(10**10)))
    assert np.flatnonzero(unfit(promised, "lots") == "too-heavy").tolist() == list(range(1, 12))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"currency": ""}, "problem.currency: is missing"),
        ({"rhythm": Rhythm(crate_g=0)}, "rhythm.crate_g: is not a whole number within 1..1000000000"),
        ({"rhythm": Rhythm(sort_s=1.5)}, "rhythm.sort_s: is not a whole number within 0..2592000"),  # type: ignore[arg-type]  # as JSON may have it
        ({"rhythm": Rhythm(haul_until_s=0)}, "rhythm.haul_until_s: is before the phase begins"),
        ({"policy": Policy(commission_ppm=-1)}, "policy.commission_ppm: is not a whole number within 0..1000000"),
        ({"policy": Policy(fairness_segments=0)}, "policy.fairness_segments: is not a whole number within 1..100"),
        ({"roads": Roads(circuity_ppm=1)}, "roads.circuity_ppm: is not a whole number within 1000000..5000000"),
        ({"roads": Roads(band_limit_m=(2, 1))}, "roads.band_limit_m: does not rise"),
        ({"roads": Roads(speed_m_per_h=(1000,))}, "roads.speed_m_per_h: is not one more than the band limits"),
        (
            {"roads": Roads(band_limit_m=(), speed_m_per_h=(0,))},
            "roads.speed_m_per_h: is not a whole number within 1000..1000000",
        ),
        ({"parcels": Parcels(zone_limit_m=(5,))}, "parcels.price_minor: is not one row a zone"),
        (
            {"parcels": Parcels(zone_limit_m=(5,), price_minor=((),))},
            "parcels[0].price_minor: is not one price a weight step",
        ),
        (
            {"parcels": Parcels((5,), (10,), ((-1,),))},
            "parcels[0].price_minor: is not a whole number within 0..1000000000",
        ),
        ({"parcels": Parcels((5,), (10, 10), ((1, 2),))}, "parcels.weight_limit_g: does not rise"),
        ({"parcels": Parcels(cold=9)}, "parcels.cold: is not a whole number within 0..7"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(changes: dict[str, Any], said: str) -> None:
    assert refusal(small_region(**changes)) == said


def gate(**changes: Any) -> Roads:
    return Roads(passages=(replace(Passage("gate", 0, 0, 0, Side((Box(0, 0, 1, 1),))), **changes),))


@pytest.mark.parametrize(
    ("roads", "said"),
    [
        (gate(latitude_e6=91_000_000), "passages[0].latitude_e6: is not a whole number within -90000000..90000000"),
        (gate(toll_minor=-1), "passages[0].toll_minor: is not a whole number within 0..1000000000"),
        (gate(side=Side((Box(1, 0, 0, 1),))), "passages[0].side: a box from north to south or from east to west"),
        (gate(other=Side((), (Box(0, 1, 1, 0),))), "passages[0].side: a box from north to south or from east to west"),
        (
            gate(side=Side((Box(-(10**9), 0, 0, 1),))),
            "passages[0].south_e6: is not a whole number within -180000000..180000000",
        ),
    ],
)
def test_passages_are_somewhere(roads: Roads, said: str) -> None:
    check_problem(small_region(roads=gate()))
    assert refusal(small_region(roads=roads)) == said


def test_a_given_matrix_fits_the_places() -> None:
    square = np.ones((8, 8), np.int64)
    check_problem(small_region(roads=Roads(matrix=Matrix(square, square))))
    assert (
        refusal(small_region(roads=Roads(matrix=Matrix(square[:7], square))))
        == "matrix.distance_m: is not 8 x 8 of int64"
    )
    assert (
        refusal(small_region(roads=Roads(matrix=Matrix(square, -square))))
        == "matrix[0].duration_s: is not within 0..2592000"
    )


def test_a_matrix_has_at_most_so_many_places() -> None:
    problem = small_region()
    many = 3001
    rows = {name: getattr(problem.places, name)[:1].repeat(many) for name in problem.places.__slots__}
    problem = changed(problem, "places", **(rows | {"id": names(*map(str, range(many)))}))
    tiny = np.ones((1, 1), np.int64)
    assert refusal(replace(problem, roads=Roads(matrix=Matrix(tiny, tiny)))) == "roads.matrix: more than 3000 places"


@given(
    st.sampled_from(["places", "products", "farms", "hubs", "points", "lots", "batches", "vehicles"]),
    st.integers(0, 30),
    st.integers(0, 10),
    st.integers(-(2**63), 2**63 - 1),
)
def test_any_number_in_any_cell_is_taken_or_refused_by_name(table: str, column: int, row: int, value: int) -> None:
    problem = small_region()
    rows = getattr(problem, table)
    columns = [name for name in rows.__slots__ if getattr(rows, name).dtype == np.int64]
    name = columns[column % len(columns)]
    reasons = refusals(with_cell(problem, table, name, row % len(rows.id), value))
    assert reasons <= {(table, name), ("lots", "offered"), ("batches", "quantity")}


def refusals(problem: Problem) -> set[tuple[str, str]]:
    """Table and column of the refusal, if there is one."""
    try:
        check_problem(problem)
    except InvalidProblemError as refused:
        return {(refused.table, refused.column)}
    return set()
