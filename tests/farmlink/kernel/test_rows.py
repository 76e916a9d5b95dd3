"""A file of rows: its first line, its encoding, and the lines in it that cannot be read."""

import pytest

from farmlink.kernel import rows
from farmlink.kernel.bounds import OutOfBoundsError
from farmlink.kernel.locale import render
from farmlink.kernel.rows import Columns, Row, RowError, encoding_of, read_rows, refused

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


def test_a_rule_s_refusal_names_the_column_of_its_field() -> None:
    error = refused(3, OutOfBoundsError(field="code", least=1, most=5), {"code": "id"})
    assert (error.line, error.column) == (3, "id")
    assert render(error.message, "en", error.facts) == "id: this must be a whole number from 1 to 5."
