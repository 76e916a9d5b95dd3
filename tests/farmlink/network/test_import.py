import tracemalloc
from pathlib import Path

import pytest

import farmlink
from farmlink.kernel.page import Paging
from farmlink.kernel.rows import NEEDED
from farmlink.network import queries
from farmlink.network.values import Approval, RegionDraft
from farmlink.network.work import import_places
from farmlink.network.work.directory import REPEATED
from farmlink.store.sheets import Imported, Request, UnknownEncodingError
from farmlink.store.store import Store
from tests.farmlink.network.builders import Country

DEMO = Path(farmlink.__file__).parent / "demo" / "data"
HEAD = "id,kind,name,city,state,zip,latitude,longitude,products\n"
APPLE = "mi-1,farm,Apple Farm,Holland,MI,49423,42.79,-86.11,fruit;eggs\n"
MARKET = "mi-1,market,Holland Market,Holland,MI,,42.8,-86.1,\n"


@pytest.fixture
def country(store: Store) -> Country:
    return Country.founded(store)


def written(path: Path, text: str, encoding: str = "utf-8") -> Request:
    path.write_bytes(text.encode(encoding))
    return Request(path)


def counts(imported: Imported) -> tuple[int, int, int, int, bool]:
    return (imported.rows, imported.written, imported.known, imported.wrong, imported.stands)


def names(country: Country) -> list[str]:
    farms = country.store.read(queries.farms_of, country.region.id)
    points = country.store.read(queries.points_of, country.region.id)
    return [farm.name for farm in farms] + [point.name for point in points]


@pytest.mark.parametrize(("file", "farms", "points"), [("michigan.csv", 101, 57), ("ohio.csv", 86, 59)])
def test_the_directories_are_imported_as_they_are(store: Store, file: str, farms: int, points: int) -> None:
    draft = RegionDraft(name=file, time_zone="America/Detroit", currency="USD")
    imported = import_places(store, Request(DEMO / file), draft, approved=True)
    assert counts(imported) == (farms + points, farms + points, 0, 0, True)
    [region] = store.read(queries.regions, Paging()).items
    found = store.read(queries.farms_of, region.id)
    assert len(found) == farms == len({farm.organisation_id for farm in found})
    assert len(store.read(queries.points_of, region.id)) == points
    assert any(not farm.families for farm in found)
    assert {farm.state for farm in found} == {Approval.APPROVED}


def test_michigan_lies_in_michigan(country: Country) -> None:
    assert import_places(country.store, Request(DEMO / "michigan.csv"), country.region.id).stands


def test_a_farm_becomes_a_farm_and_a_market_a_point_both_waiting(country: Country, tmp_path: Path) -> None:
    import_places(country.store, written(tmp_path / "a.csv", HEAD + APPLE + MARKET), country.region.id)
    [farm] = country.store.read(queries.farms, Paging()).items
    [point] = country.store.read(queries.points, Paging()).items
    assert (farm.code, farm.name, farm.families, farm.state) == ("mi-1", "Apple Farm", ("fruit", "eggs"), "pending")
    assert (farm.coordinates.latitude_e6, farm.coordinates.longitude_e6) == (42_790_000, -86_110_000)
    assert (point.code, point.address.town, point.address.postcode, point.state) == ("mi-1", "Holland", "", "pending")


def test_imported_twice_changes_nothing_the_second_time(country: Country, tmp_path: Path) -> None:
    request = written(tmp_path / "a.csv", HEAD + APPLE + MARKET)
    import_places(country.store, request, country.region.id)
    assert counts(import_places(country.store, request, country.region.id)) == (2, 0, 2, 0, True)
    assert len(names(country)) == 2


def test_a_preview_says_what_would_happen_and_writes_nothing(country: Country, tmp_path: Path) -> None:
    written(tmp_path / "a.csv", HEAD + APPLE + MARKET)
    imported = import_places(country.store, Request(tmp_path / "a.csv", preview=True), country.region.id)
    assert counts(imported) == (2, 2, 0, 0, False)
    assert names(country) == []


BAD = (
    "x,shop,Shop,Holland,MI,,42.8,-86.1,\n"
    ",farm,,,MI,,42.8,-86.1,\n"
    "y,farm,Swapped,Holland,MI,,-86.1,42.8,\n"
    "z,farm,Nowhere,Holland,MI,,fast,-86.1,\n"
    "mi-1,farm,Apple again,Holland,MI,,42.8,-86.1,\n"
    "bad code,farm,Code,Holland,MI,,42.8,-86.1,\n"
    "w,farm,=cmd(),Holland,MI,,42.8,-86.1,\n"
    "v,farm,Short\n"
)


def test_every_bad_row_is_named_with_its_column_and_nothing_is_written(country: Country, tmp_path: Path) -> None:
    imported = import_places(country.store, written(tmp_path / "a.csv", HEAD + APPLE + BAD), country.region.id)
    assert counts(imported) == (9, 1, 0, 8, False)
    assert [(error.line, error.column) for error in imported.errors] == [
        (3, "kind"), (4, "id"), (4, "name"), (4, "city"), (5, "latitude"), (6, "latitude"), (7, "id"), (8, "id"),
        (9, "name"), (10, ""),
    ]  # fmt: skip
    assert {error.message for error in imported.errors if error.line == 4} == {NEEDED}
    assert next(error.message for error in imported.errors if error.line == 7) == REPEATED
    assert "swapped" in next(error.message for error in imported.errors if error.line == 5)
    assert names(country) == []


def test_bad_rows_are_skipped_when_asked(country: Country, tmp_path: Path) -> None:
    written(tmp_path / "a.csv", HEAD + APPLE + BAD)
    imported = import_places(country.store, Request(tmp_path / "a.csv", skip_bad=True), country.region.id)
    assert counts(imported) == (9, 1, 0, 8, True)
    assert names(country) == ["Apple Farm"]


def test_only_the_state_asked_for_is_taken(country: Country, tmp_path: Path) -> None:
    other = APPLE.replace("mi-1", "oh-1").replace("MI", "OH")
    request = written(tmp_path / "a.csv", HEAD + APPLE + other)
    imported = import_places(country.store, request, country.region.id, state="mi")
    assert counts(imported) == (2, 1, 0, 0, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_chinese_name_arrives_whole(country: Country, tmp_path: Path, encoding: str) -> None:
    text = (HEAD + APPLE).replace("Apple Farm", "苹果园").replace("\n", "\r\n")
    import_places(country.store, written(tmp_path / "a.csv", text, encoding), country.region.id)
    assert names(country) == ["苹果园"]


def test_another_encoding_is_read_when_it_is_named_and_refused_when_it_is_not(country: Country, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", (HEAD + APPLE).replace("Apple Farm", "苹果园"), "gb18030").path
    guessed = import_places(country.store, Request(path), country.region.id)
    assert (guessed.stands, guessed.errors[0].column) == (False, "name")
    assert import_places(country.store, Request(path, encoding="gb18030"), country.region.id).stands
    assert names(country) == ["苹果园"]
    with pytest.raises(UnknownEncodingError, match="klingon"):
        import_places(country.store, Request(path, encoding="klingon"), country.region.id)


def test_a_long_file_comes_in_batches_and_tells_how_far_it_is(
    country: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("farmlink.store.sheets.BATCH", 10)
    lines = "".join(APPLE.replace("mi-1", f"mi-{number}") for number in range(25)) + APPLE.replace("mi-1", "mi-3")
    path = written(tmp_path / "a.csv", HEAD + lines).path
    told: list[tuple[int, int]] = []
    request = Request(path, progress=lambda done, of: told.append((done, of)))
    imported = import_places(country.store, request, country.region.id)
    assert [(error.line, error.message) for error in imported.errors] == [(27, REPEATED)]
    assert len(told) == 3
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


def test_a_picture_is_not_read_into_memory_as_one_line(country: Country, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\xd8" + bytes(3_000_000))
    tracemalloc.start()
    imported = import_places(country.store, Request(path), country.region.id)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (imported.stands, len(imported.errors)) == (False, 1)
    assert peak < 20_000_000
