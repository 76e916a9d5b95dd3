"""The command line, run as a person runs it, on a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL

from farmlink import cli
from farmlink.store.check import Violation

PLACES = (
    "id,kind,name,city,state,zip,latitude,longitude,products\n"
    "mi-1,farm,Apple Farm,Holland,MI,49423,42.79,-86.11,fruit;eggs\n"
    "mi-2,market,Holland Market,Holland,MI,,42.8,-86.1,\n"
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(bare_url: URL, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("FARMLINK_DATABASE_URL", bare_url.render_as_string(hide_password=False))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)

    def execute(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["farmlink", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return execute


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def places(tmp_path: Path) -> Path:
    file = tmp_path / "places.csv"
    file.write_text(PLACES)
    return file


def test_a_database_is_brought_to_the_newest_schema(run: Run) -> None:
    code, out, _ = run("migrate")
    assert code == 0
    assert out.startswith("schema 0")


def test_a_fresh_database_breaks_nothing(run: Run) -> None:
    code, out, _ = run("check")
    assert (code, out) == (0, "Everything holds.\n")


def test_a_row_that_breaks_a_statement_is_named(run: Run, bare_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    run("migrate")
    monkeypatch.setattr(cli, "find_violations", lambda _store: [Violation(3, "lot", "the-lot", "over-promised")])
    code, out, _ = run("check")
    assert code == 1
    assert "the-lot" in out
    assert "over-promised" in out


def test_a_preview_of_places_writes_nothing(run: Run, places: Path) -> None:
    region = ("--region", "Michigan", "--time-zone", "America/Detroit")
    assert run("import", "places", places, *region, "--preview")[1] == "2 rows: 2 would be written, 0 known, 0 wrong\n"
    assert run("import", "places", places)[1] == "2 rows: 2 written, 0 known, 0 wrong\n"
    assert run("import", "places", places)[1] == "2 rows: 0 written, 2 known, 0 wrong\n"


def test_a_bad_row_is_named_by_line_and_column_and_nothing_is_written(run: Run, places: Path) -> None:
    places.write_text(PLACES.replace("42.79", "nowhere"))
    region = ("--region", "Michigan", "--time-zone", "America/Detroit")
    code, out, err = run("import", "places", places, *region)
    assert code == cli.BAD_INPUT
    assert err.startswith("line 2, latitude: ")
    assert out == "2 rows: 1 nothing written; good, 0 known, 1 wrong\n"
    assert run("import", "places", places, "--skip-bad")[1] == "2 rows: 1 written, 0 known, 1 wrong\n"


def test_a_refusal_is_one_line_in_the_persons_language(run: Run, places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = run("import", "places", places)
    assert code == cli.BAD_INPUT
    assert err.startswith("farmlink: Say which region with --region")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "请用 --region 指明区域" in run("import", "places", places)[2]


@pytest.mark.parametrize("table", ["listings", "orders"])
def test_rows_for_a_cycle_that_does_not_exist_are_refused(run: Run, places: Path, table: str) -> None:
    code, _, err = run("import", table, places, "01890000-0000-7000-8000-000000000000")
    assert code == cli.BAD_INPUT
    assert err.startswith("farmlink: There is no order cycle with this id.")


def test_a_plan_for_a_cycle_that_does_not_exist_is_refused(run: Run) -> None:
    code, _, err = run("plan", "01890000-0000-7000-8000-000000000000")
    assert (code, err.strip()) == (cli.BAD_INPUT, "farmlink: There is no order cycle with this id.")


def test_a_tick_on_an_empty_database_does_nothing(run: Run) -> None:
    assert run("tick")[0] == 0
    assert run("check")[0] == 0


def test_a_backup_comes_back(run: Run, places: Path, tmp_path: Path) -> None:
    run("import", "places", places, "--region", "Michigan", "--time-zone", "America/Detroit")
    assert run("backup", tmp_path / "all.backup")[0] == 0
    places.write_text(PLACES.replace("mi-1", "mi-3"))
    assert run("import", "places", places)[1].startswith("2 rows: 1 written, 1 known")
    assert run("restore", tmp_path / "all.backup")[0] == 0
    assert run("import", "places", places)[1].startswith("2 rows: 1 written, 1 known"), "mi-3 is gone again"


def test_lots_without_a_catalogue_are_refused_row_by_row(run: Run, places: Path, tmp_path: Path) -> None:
    run("import", "places", places, "--region", "Michigan", "--time-zone", "America/Detroit", "--approved")
    lots = tmp_path / "lots.csv"
    lots.write_text(
        "id,farm,product,grade,quantity,ask_minor_per_1000,harvest_on\n1,mi-1,plutonium,3,5000,190,2026-12-01\n"
    )
    code, _, err = run("import", "lots", lots)
    assert code == cli.BAD_INPUT
    assert err.startswith("line 2, product: ")


@pytest.mark.timeout(60)
def test_a_server_serves_and_ticks_until_it_is_told_to_stop(bare_url: URL, free_port: int) -> None:
    environment = os.environ | {"FARMLINK_DATABASE_URL": bare_url.render_as_string(hide_password=False)}
    command = [sys.executable, "-m", "farmlink.cli", "serve", "--port", str(free_port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert str(free_port) in server.stdout.readline()
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


@pytest.mark.timeout(90)
def test_a_server_starts_its_scheduler_again_and_takes_it_along_when_it_ends(bare_url: URL, free_port: int) -> None:
    environment = os.environ | {"FARMLINK_DATABASE_URL": bare_url.render_as_string(hide_password=False)}
    command = [sys.executable, "-m", "farmlink.cli", "serve", "--port", str(free_port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        assert str(free_port) in server.stdout.readline()
        os.kill(first := child_of(server.pid), signal.SIGKILL)
        assert server.stderr.readline() == "the scheduler ended with code -9; it is started again\n"
        second = child_of(server.pid)
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    assert first != second
    assert not Path(f"/proc/{second}").exists()


def child_of(process_id: int) -> int:
    """The process that another one started, as soon as it has."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for children in Path(f"/proc/{process_id}/task").glob("*/children"):
            if found := children.read_text().split():
                return int(found[0])
    raise AssertionError("no child was started")
