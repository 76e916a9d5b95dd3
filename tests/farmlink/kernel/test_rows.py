from datetime import date

import pytest

from farmlink.kernel import rows
from farmlink.kernel.bounds import OutOfBoundsError
from farmlink.kernel.locale import render
from farmlink.kernel.rows import Cells, Columns, Row, RowError, encoding_of, read_rows, refused

SHELF = Columns(("id", "name"), ("note",))


def read(text: str) -> list[Row | RowError]:
    return list(read_rows(text.splitlines(keepends=True), SHELF))


def wrong(found: list[Row | RowError]) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.message) for row in found if isinstance(row, RowError)]


def test_a_row_knows_the_line_it_begins_in_even_after_a_cell_of_two_lines() -> None:
    found = read('ID, Name\n1,"Two\nlines"\n\n2,Pears\n')
    assert found == [Row(2, {"id": "1", "name": "Two\nlines"}), Row(5, {"id": "2", "name": "Pears"})]


@pytest.mark.parametrize(
    ("head", "errors"),
    [
        ("", [(1, "", rows.EMPTY_FILE)]),
        ("\n", [(1, "", rows.EMPTY_FILE)]),
        ("id\n1\n", [(1, "name", rows.COLUMN_MISSING)]),
        ("id,name,colour\n1,a,red\n", [(1, "colour", rows.COLUMN_UNKNOWN)]),
        ("id,name,id\n1,a,1\n", [(1, "id", rows.COLUMN_TWICE)]),
        ("id;name\n1;a\n", [(1, "", rows.OTHER_SIGN)]),
        ("id\tname\n1\ta\n", [(1, "", rows.OTHER_SIGN)]),
        ("i\0d\0,n\0\n", [(1, "", rows.NO_TEXT)]),
        ("\ufffdPNG\n", [(1, "", rows.NO_TEXT)]),
        ('"id,name\n1,a\n', [(1, "", rows.NOT_CSV)]),
    ],
)
def test_a_wrong_first_line_is_said_and_nothing_below_it_read(head: str, errors: list[tuple[int, str, str]]) -> None:
    assert wrong(read(head)) == errors
    assert not any(isinstance(row, Row) for row in read(head))


def test_a_bad_row_spoils_only_itself() -> None:
    found = read('id,name\n1\n2,a"b\n3,"c"d\n4,\0\n5,caf\ufffd\n6,Figs\n')
    assert wrong(found) == [
        (2, "", rows.CELLS_COUNT),
        (4, "", rows.NOT_CSV),
        (5, "name", rows.NUL),
        (6, "name", rows.NOT_ENCODED),
    ]
    assert [row.cells["name"] for row in found if isinstance(row, Row)] == ['a"b', "Figs"]


def test_a_quote_that_never_closes_is_one_error() -> None:
    assert wrong(read('id,name\n1,"open\n2,b\n')) == [(2, "", rows.NOT_CSV)]


@pytest.mark.parametrize(
    ("beginning", "encoding"),
    [(b"\xef\xbb\xbfid", "utf-8-sig"), (b"\xff\xfei\x00", "utf-16"), (b"\xfe\xff\x00i", "utf-16"), (b"id", "utf-8")],
)
def test_a_file_names_its_encoding_by_its_first_bytes(beginning: bytes, encoding: str) -> None:
    assert encoding_of(beginning) == encoding


def cells(**found: str) -> Cells:
    return Cells(Row(7, found))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_name_like_a_formula_is_refused(formula: str) -> None:
    row = cells(name=formula)
    row.text("name")
    assert wrong(list(row.errors)) == [(7, "name", rows.LIKE_FORMULA)]


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


def test_a_rule_s_refusal_names_the_column_of_its_field() -> None:
    error = refused(3, OutOfBoundsError(field="code", least=1, most=5), {"code": "id"})
    assert (error.line, error.column) == (3, "id")
    assert render(error.message, "en", error.facts) == "id: this must be a whole number from 1 to 5."


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
