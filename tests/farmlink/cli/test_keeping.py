"""Schema, checks, backups and what was given up, as an operator keeps them."""

from pathlib import Path
from uuid import UUID

import pytest
from rich.console import Console
from sqlalchemy import URL, text

from farmlink.cli import keeping, screen
from farmlink.kernel.ids import uuid7
from farmlink.store import migrations, safekeeping
from farmlink.store.check import Violation
from farmlink.store.engine import open_engine, open_store
from farmlink.store.migrations import current_revision, migrate, newest_revision
from tests.farmlink.cli.conftest import PLACES, Run

NEW = ("--region", "Michigan", "--time-zone", "America/Detroit")
DEAD = """
INSERT INTO outbox_event (id, name, payload, announced_at, due_at, attempts, dead_at, last_error)
VALUES (:id, 'order.placed.v1', '{}', now(), now(), 12, now(), 'ValueError: no [such] thing')
"""


def give_up(url: URL) -> UUID:
    """An announcement that no attempt could deliver."""
    event = uuid7()
    with open_engine(url) as engine, engine.begin() as connection:
        connection.execute(text(DEAD), {"id": event})
    return event


def test_a_new_database_is_given_its_schema_and_that_is_said_once(run_bare: Run) -> None:
    newest = newest_revision()
    assert run_bare("migrate") == (0, f"schema {newest}\n", f"The empty database was given schema {newest}.\n")
    assert run_bare("migrate") == (0, f"schema {newest}\n", "")


def test_a_command_that_works_brings_an_older_database_along_and_says_so(run_bare: Run, bare_url: URL) -> None:
    with open_engine(bare_url) as engine:
        migrate(engine, "0001_store")
    code, out, err = run_bare("tick")
    assert (code, out) == (0, "What was due is done.\n")
    assert err == f"The database was brought from schema 0001_store to {newest_revision()}.\n"


def test_who_only_looks_changes_no_schema(run_bare: Run, bare_url: URL, tmp_path: Path) -> None:
    for command in (("check",), ("outbox", "list"), ("backup", tmp_path / "x")):
        code, _, err = run_bare(*command)
        assert (code, err) == (2, "farmlink: This database has no farmlink schema. Run farmlink migrate first.\n")
    with open_engine(bare_url) as engine:
        assert current_revision(engine) is None
        migrate(engine, "0001_store")
        code, _, err = run_bare("check")
        assert code == 2
        assert f"has schema 0001_store, and farmlink needs {newest_revision()}. Run farmlink migrate first." in err
        assert current_revision(engine) == "0001_store"


@pytest.mark.parametrize("command", ["migrate", "check", "tick"])
def test_a_database_of_a_newer_farmlink_is_left_alone(run: Run, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "known_revisions", lambda: {"0001_store"})
    code, _, err = run(command)
    assert code == 2
    assert "which this version of farmlink does not know. Upgrade farmlink first." in err


def test_a_fresh_database_breaks_nothing(run: Run) -> None:
    assert run("check") == (0, "Everything holds.\n", "")


def test_a_row_that_breaks_a_statement_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "find_violations", lambda _store: [Violation(3, "lot", "the-lot", "over-promised")])
    code, out, _ = run("check")
    assert code == 1
    assert "the-lot" in out
    assert "over-promised" in out


def test_a_backup_comes_back(run: Run, places: Path, tmp_path: Path) -> None:
    run("import", "places", places, *NEW)
    assert run("backup", tmp_path / "all.backup")[0] == 0
    places.write_text(PLACES.replace("mi-1", "mi-3"))
    assert "written                  1" in run("import", "places", places)[1]
    assert run("restore", tmp_path / "all.backup")[0] == 0
    assert "written                  1" in run("import", "places", places)[1], "mi-3 is gone again"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("nowhere/x", "No such file or directory"),
        (".", "Is a directory"),
        ("/dev/null", "Invalid argument"),
        ("file/x", "Not a directory"),
        ("n" * 300, "File name too long"),
    ],
)
def test_a_place_where_no_backup_can_be_is_refused_and_nothing_is_left(
    run: Run, tmp_path: Path, place: str, said: str
) -> None:
    (tmp_path / "file").touch()
    code, _, err = run("backup", tmp_path / place)
    assert code == 2
    assert f"cannot be written: {said}." in err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_backup_through_a_link_is_written_to_what_it_points_to(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    assert run("backup", tmp_path / "link")[0] == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").stat().st_size > 1000


def test_a_backup_that_is_there_is_not_replaced_unless_that_is_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    file.write_text("the only good one")
    assert run("backup", file) == (
        2,
        "",
        f"farmlink: {file} is there already. Name another file, or say --force to replace it. Nothing was written.\n",
    )
    assert file.read_text() == "the only good one"
    assert run("backup", file, "--force")[0] == 0
    assert file.stat().st_size > 1000
    assert list(tmp_path.iterdir()) == [file]


def test_a_backup_is_read_to_its_end_and_what_was_found_is_remembered(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    assert run("backup", file)[0] == 0
    code, out, err = run("verify", file)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])

    assert (code, f"{file} is whole: schema {newest_revision()}" in " ".join(out.split()), err) == (0, True, "")
    assert run("verify", file)[::2] == (2, "farmlink: all.backup is not a whole backup: it was changed\n")
    with open_store() as store:
        assert [one.broken for one in store.read(safekeeping.standing).backups] == ["it was changed"]


def test_a_file_that_is_no_backup_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("no backup")
    code, _, err = run("restore", tmp_path / "x")
    assert (code, err) == (2, "farmlink: x is not a whole backup: its end is missing\n")
    assert run("restore", tmp_path / "nowhere")[0] == 2


def test_what_was_given_up_is_listed_and_tried_again(run: Run, url: URL) -> None:
    assert run("outbox", "list") == (0, "Nothing was given up.\n", "")
    one, other = give_up(url), give_up(url)
    assert run("tick")[2] == "2 announcements were given up; farmlink outbox list shows them.\n"
    listed = run("outbox", "list")[1]
    assert str(one) in listed
    assert "[such]" in listed
    assert run("outbox", "revive", one)[1].startswith("1 tried again")
    assert str(one) not in (listed := run("outbox", "list")[1])
    assert str(other) in listed
    assert run("outbox", "revive", "--all")[1].startswith("1 tried again")
    assert run("outbox", "list")[1] == run("outbox", "revive", "--all")[1] == "Nothing was given up.\n"


def test_reviving_names_one_event_that_is_there_or_all(run: Run) -> None:
    for wrong in ((), (uuid7(), "--all")):
        code, _, err = run("outbox", "revive", *wrong)
        assert code == 2
        assert "or say --all" in err
    assert "There is no dead letter with this id." in run("outbox", "revive", uuid7())[2]


def test_long_work_shows_on_a_screen_that_it_goes_on(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")  # where it is dumb, nothing moves
    monkeypatch.setattr(screen, "err", Console(stderr=True, force_terminal=True, width=100))
    assert "sealing the file" in run("backup", tmp_path / "x")[2]
