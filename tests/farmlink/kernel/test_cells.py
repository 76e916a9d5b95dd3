"""The cells of one row: each is read as what it should be, or said to be wrong."""

from datetime import date

import pytest

from farmlink.kernel import rows
from farmlink.kernel.rows import Cells, Row


def cells(**found: str) -> Cells:
    return Cells(Row(7, found))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_name_like_a_formula_is_refused(formula: str) -> None:
    row = cells(name=formula)
    row.text("name")
    assert [(error.line, error.column, error.message) for error in row.errors] == [(7, "name", rows.LIKE_FORMULA)]


def test_a_name_is_needed_unless_it_is_not_and_has_a_length() -> None:
    row = cells(name=" ", long="x" * 201, note="")
    assert (row.text("note", needed=False), row.errors) == ("", [])
    row.text("name"), row.text("long")
    assert [error.message for error in row.errors] == [rows.NEEDED, rows.TOO_LONG]


def test_several_names_stand_between_semicolons() -> None:
    assert cells(products="fruit; eggs;;").several("products") == ("fruit", "eggs")
    assert cells(products="").several("products") == ()


@pytest.mark.parametrize("text", ["1_000", "١٢", "1e3", "12.0", "0x10", "9" * 16, "11"])
def test_only_plain_digits_within_limits_are_a_whole_number(text: str) -> None:
    row = cells(grade=text)
    row.whole("grade", 1, 10)
    assert [error.message for error in row.errors] == [rows.NOT_WHOLE]


def test_a_whole_number_a_date_a_number_and_a_choice_are_read() -> None:
    row = cells(grade=" 4 ", on="2026-07-31", latitude="-83.1", kind="Farm", empty="")
    assert (row.whole("grade", 1, 5), row.day("on"), row.number("latitude")) == (4, date(2026, 7, 31), "-83.1")
    assert (row.choice("kind", ("farm", "market")), row.whole_or_none("empty", 1, 5)) == ("farm", None)
    assert (row.day_or_none("empty"), row.errors) == (None, [])


def test_what_is_needed_and_missing_or_wrong_is_said_column_by_column() -> None:
    row = cells(on="31.7.2026", kind="shop")
    row.whole("grade", 1, 5), row.day("on"), row.day("until"), row.number("latitude"), row.choice("kind", ("farm",))
    assert [(error.column, error.message) for error in row.errors] == [
        ("grade", rows.NEEDED),
        ("on", rows.NOT_DAY),
        ("until", rows.NEEDED),
        ("latitude", rows.NEEDED),
        ("kind", rows.NOT_CHOICE),
    ]


@pytest.mark.parametrize("text", ["1e9", "\u0664\u0662", "42,79", "4_2", "nan", "0x1", "."])
def test_only_plain_digits_with_a_point_are_a_number(text: str) -> None:
    row = cells(latitude=text)
    row.number("latitude")
    assert [(error.message, error.cell) for error in row.errors] == [(rows.NOT_NUMBER, text)]


@pytest.mark.parametrize("text", ["42", "-86.11", "+.5", "7."])
def test_a_number_may_have_a_sign_and_a_point(text: str) -> None:
    row = cells(latitude=f" {text} ")
    assert (row.number("latitude"), row.errors) == (text, [])


@pytest.mark.parametrize("text", ["20260731", "2026-W31-5", "2026-02-30", "2026-7-1"])
def test_only_a_day_that_is_in_the_calendar_is_a_date(text: str) -> None:
    row = cells(on=text)
    row.day("on")
    assert [error.message for error in row.errors] == [rows.NOT_DAY]
