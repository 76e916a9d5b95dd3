"""Importing as a person does it: what is previewed, refused, mended and written."""

from pathlib import Path

import pytest
from sqlalchemy import URL

from farmlink.cli import imports
from farmlink.cycles import work as cycles
from farmlink.kernel.page import Paging
from farmlink.kernel.rows import Columns
from farmlink.network import commands as network
from farmlink.network import queries
from farmlink.network.rules import file as places_file
from farmlink.network.values import RegionCard, RegionDraft
from farmlink.orders import work as orders
from farmlink.store.engine import open_engine
from farmlink.store.store import Store
from farmlink.supply import work as supply
from tests.farmlink.cli.conftest import PLACES, Run

NEW = ("--region", "Michigan", "--time-zone", "America/Detroit")


def regions(url: URL) -> list[RegionCard]:
    with open_engine(url) as engine:
        return Store(engine).read(queries.regions, Paging()).items


def table(said: str) -> dict[str, int]:
    """The rows of the table that an import prints."""
    rows = (line.rsplit(maxsplit=1) for line in said.splitlines())
    return {name.strip(): int(count.replace(",", "")) for name, count in rows}


def test_a_preview_of_places_writes_neither_them_nor_their_region(run: Run, places: Path, url: URL) -> None:
    code, out, err = run("import", "places", places, *NEW, "--preview")
    assert (code, table(out)) == (0, {"rows read": 2, "would be written": 2})
    assert err.endswith("A preview: nothing was written.\n")
    assert regions(url) == []


def test_places_bring_their_region_with_them_and_come_in_once(run: Run, places: Path, url: URL) -> None:
    assert table(run("import", "places", places, *NEW)[1]) == {"rows read": 2, "written": 2}
    [region] = regions(url)
    assert (region.name, region.currency) == ("Michigan", "USD")
    assert region.extent.contains(42_790_000, -86_110_000)
    assert not region.extent.contains(-86_110_000, 42_790_000)
    again = run("import", "places", places)[1]
    assert table(again) == {"rows read": 2, "written": 0, "there before, unchanged": 2}


def test_a_bad_row_is_named_with_what_stands_there_and_nothing_is_written(run: Run, places: Path, url: URL) -> None:
    places.write_text(PLACES.replace("42.79", "nowhere"))
    code, out, err = run("import", "places", places, *NEW)
    assert code == 2
    assert "line 2, column latitude, “nowhere”: This must be a number in plain digits such as 42.79.\n" in err
    assert table(out) == {"rows read": 2, "good, but not written": 1, "refused": 1}
    assert "--skip-bad" in err
    assert regions(url) == []
    code, out, err = run("import", "places", places, *NEW, "--skip-bad")
    assert err.endswith("Not every row of the file holds now: see those above. The exit code is 1.\n")
    assert (code, table(out)) == (1, {"rows read": 2, "written": 1, "refused": 1})


def test_a_place_that_is_there_with_something_else_is_told_and_stays(run: Run, places: Path) -> None:
    run("import", "places", places, *NEW)
    places.write_text(
        PLACES.replace("fruit;eggs", "fruit").replace("42.8,", "42.9,") + "mi-3,farm,Pear,Holland,MI,,42.7,-86.1,\n"
    )
    code, out, err = run("import", "places", places)
    counted = {"rows read": 3, "written": 1, "there before, but different: not changed": 2}
    assert (code, table(out)) == (1, counted)
    assert "line 2, column id: mi-1 is there already and differs in products. An import changes nothing" in err
    assert "line 3, column id: mi-2 is there already and differs in latitude." in err


def test_a_row_as_a_whole_is_wrong_without_naming_a_column(run: Run, places: Path) -> None:
    places.write_text(f"{PLACES}mi-3,farm\n")
    err = run("import", "places", places, *NEW)[2]
    assert "line 4: This row has 2 cells, but the first line names 9 columns.\n" in err


def test_what_a_screen_cannot_show_and_what_is_long_is_shortened(run: Run, places: Path) -> None:
    places.write_text(PLACES.replace("Apple Farm", "A\0pple").replace("Holland Market", "x" * 201))
    err = run("import", "places", places, *NEW)[2]
    assert "line 2, column name, “A␦pple”: This holds a NUL character.\n" in err
    assert f"line 3, column name, “{'x' * 60}…”: This has more than 200 characters.\n" in err


def test_a_rule_s_refusal_names_its_column_once(run: Run, places: Path) -> None:
    places.write_text(PLACES.replace("mi-1", "mi 1"))
    assert "line 2, column id, “mi 1”: use 1 to 64 letters" in run("import", "places", places, *NEW)[2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: The file is empty."),
        (PLACES.replace(",", ";").encode(), "line 1: The columns of the first line are parted by “;”."),
        (PLACES.replace(",", "\t").encode(), "line 1: The columns of the first line are parted by “Tab”."),
        (PLACES.encode("utf-16-le"), "line 1: This is no text in utf-8."),
        (bytes(range(256)) * 20, "line 1: This is no text in utf-8."),
        (b'"id,kind\n', "line 1: The quotes of this row do not fit together."),
        (b"name,place\nx,y\n", "line 1, column id: The column id is missing from the first line."),
    ],
)
def test_a_file_of_another_make_is_refused_in_a_word(run: Run, places: Path, content: bytes, said: str) -> None:
    places.write_bytes(content)
    code, out, err = run("import", "places", places, *NEW)
    assert (code, out) == (2, "")
    assert said in err
    assert err.endswith("The first line is wrong, so no row was read and nothing was written.\n")


def test_a_file_without_rows_founds_no_region(run: Run, places: Path, url: URL) -> None:
    places.write_text(PLACES.splitlines()[0])
    code, out, err = run("import", "places", places, *NEW)
    assert (code, table(out)) == (2, {"rows read": 0, "written": 0})
    assert "there is no row to write" in err
    assert regions(url) == []


def test_a_state_that_no_row_is_of_founds_no_region(run: Run, places: Path, url: URL) -> None:
    code, out, _ = run("import", "places", places, *NEW, "--state", "Michigan")
    assert (code, table(out)) == (2, {"rows read": 2, "written": 0, "not asked for": 2})
    assert regions(url) == []


def test_only_the_first_errors_are_shown_and_the_others_counted(
    run: Run, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("farmlink.store.sheets.SHOWN", 1)
    places.write_text(PLACES.replace("farm,", "ship,").replace("market,", "ship,"))
    err = run("import", "places", places, *NEW)[2]
    assert err.count("column kind") == 1
    assert "and 1 more rows with errors.\n" in err


SWAPPED = PLACES.replace("42.79,-86.11", "-86.11,42.79")


def test_swapped_coordinates_are_refused_in_a_new_region_too(run: Run, places: Path, url: URL) -> None:
    places.write_text(SWAPPED)
    code, _, err = run("import", "places", places, *NEW)
    assert code == 2
    assert "line 2, column latitude, “-86.11”: Latitude -86.11 and longitude 42.79 look swapped" in err
    assert regions(url) == []


def test_a_file_that_is_swapped_as_a_whole_is_told_by_the_clock(run: Run, places: Path, url: URL) -> None:
    places.write_text(SWAPPED.replace("42.8,-86.1", "-86.1,42.8"))
    code, _, err = run("import", "places", places, *NEW)
    assert code == 2
    assert "No place of this file lies near the time zone America/Detroit." in err
    assert regions(url) == []


def test_swapped_coordinates_are_refused_in_a_region_that_never_said_where_it_ends(
    run: Run, places: Path, url: URL
) -> None:
    with open_engine(url) as engine:
        draft = RegionDraft(name="Michigan", time_zone="America/Detroit", currency="USD")
        Store(engine).run(network.create_region, draft)
    places.write_text(SWAPPED)
    assert "look swapped" in run("import", "places", places)[2]


def test_a_region_of_another_zone_or_currency_is_not_taken_for_this_one(run: Run, places: Path) -> None:
    run("import", "places", places, *NEW)
    for other in (("--time-zone", "America/Chicago"), ("--currency", "CNY")):
        code, _, err = run("import", "places", places, "--region", "Michigan", *other)
        assert code == 2
        assert "The region Michigan is there already, with time zone America/Detroit and currency USD." in err


def test_a_refusal_is_one_line_in_the_persons_language(run: Run, places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = run("import", "places", places)
    assert code == 2
    assert "farmlink: Say which region with --region" in err
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "请用 --region 指明区域" in run("import", "places", places)[2]


def test_an_import_speaks_chinese_from_the_first_word_to_the_last(
    run: Run, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    places.write_text(PLACES.replace("42.79", "nowhere"))
    _, out, err = run("import", "places", places, *NEW, "--preview")
    assert "第 2 行，列 latitude，“nowhere”：必须是普通数字，例如 42.79。" in err  # noqa: RUF001  # Chinese punctuation is wide
    assert table(out) == {"读取的行": 2, "正确但未写入": 1, "被拒绝": 1}
    assert "预览：未写入任何内容。" in err  # noqa: RUF001  # Chinese punctuation is wide


@pytest.mark.parametrize("kind", ["listings", "orders"])
def test_rows_for_a_cycle_that_does_not_exist_are_refused(run: Run, places: Path, kind: str) -> None:
    code, _, err = run("import", kind, places, "01890000-0000-7000-8000-000000000000")
    assert code == 2
    assert err.endswith("farmlink: There is no order cycle with this id.\n")


def test_lots_without_a_catalogue_are_refused_row_by_row(run: Run, places: Path, tmp_path: Path) -> None:
    run("import", "places", places, *NEW, "--approved")
    lots = tmp_path / "lots.csv"
    lots.write_text(imports.LOTS)
    code, _, err = run("import", "lots", lots)
    assert code == 2
    assert "line 2, column product, “apples”: There is no product with the code apples.\n" in err


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("places", places_file.COLUMNS),
        ("lots", supply.COLUMNS),
        ("listings", cycles.COLUMNS),
        ("orders", orders.COLUMNS),
    ],
)
def test_an_example_has_the_columns_that_the_import_knows_and_the_help_names_all(
    run_anywhere: Run, kind: str, columns: Columns
) -> None:
    code, example, _ = run_anywhere("import", kind, "--example")
    assert code == 0
    head = example.splitlines()[0].split(",")
    assert set(columns.required) <= set(head) <= {*columns.required, *columns.optional}
    told = " ".join(run_anywhere("import", kind, "--help")[1].split())
    assert [name for name in (*columns.required, *columns.optional) if name not in told] == []


def test_the_example_of_places_is_imported_as_it_is(run: Run, places: Path) -> None:
    places.write_text(imports.PLACES)
    assert run("import", "places", places, *NEW)[0] == 0
