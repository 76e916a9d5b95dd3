"""What an operator gets wrong, or a machine: one line that says how to mend it, and never a traceback."""

import errno
import os
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import DiskFull, InsufficientPrivilege, UndefinedTable
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError, ProgrammingError

from farmlink import scheduler
from farmlink.cli import BAD_INPUT, FAILED
from farmlink.kernel.errors import StaleError
from farmlink.planning.work import NoPlanError
from farmlink.store import engine
from farmlink.store.embedded import EmbeddedServerError
from farmlink.store.store import OutcomeUnknownError
from tests.farmlink.cli.conftest import Run


@pytest.mark.parametrize(
    ("variable", "value", "mend"),
    [
        ("FARMLINK_POOL_SIZE", "abc", "use a whole number from 1 to 16"),
        ("FARMLINK_POOL_SIZE", "0", "use a whole number from 1 to 16"),
        ("FARMLINK_GEOCODER", "zzz", "use offline, nominatim:DOMAIN or baidu:KEY"),
        ("FARMLINK_DATABASE_URL", "nonsense", "use postgresql://user:password@host:port/database"),
        ("FARMLINK_DATABASE_URL", "postgresql://a:b@c:d/e", "use postgresql://user:password@host:port/database"),
        ("FARMLINK_SMTP_URL", "mail:25", "use smtp://host:25 or smtps://user:password@host:465"),
    ],
)
def test_a_wrong_setting_is_named_with_how_it_is_written(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, mend: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert run("tick") == (BAD_INPUT, "", f"farmlink: The setting {variable} is wrong: {mend}.\n")


def test_a_database_that_is_not_there_is_said_without_its_password(
    run_anywhere: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARMLINK_DATABASE_URL", "postgresql://ann:secret@127.0.0.1:1/farm")
    code, _, err = run_anywhere("check")
    assert code == FAILED
    assert "No connection to postgresql://ann:***@127.0.0.1:1/farm (FARMLINK_DATABASE_URL): connection failed" in err
    assert "secret" not in err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"database": "nowhere"}, 'database "nowhere" does not exist'),
        ({"query": {"host": "/nowhere"}}, "No such file or directory"),
        ({"query": {"colour": "red"}}, 'invalid connection option "colour"'),
    ],
)
def test_a_server_that_does_not_let_us_in_says_why(
    run_anywhere: Run, url: URL, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], said: str
) -> None:
    monkeypatch.setenv("FARMLINK_DATABASE_URL", url.set(**change).render_as_string(hide_password=False))  # type: ignore[arg-type]  # parts of an address
    code, _, err = run_anywhere("check")
    assert code == FAILED
    assert said in err


def test_a_server_that_is_too_old_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "OLDEST_SERVER", 10_000_000)
    code, _, err = run("check")
    assert code == BAD_INPUT
    assert "is too old (FARMLINK_DATABASE_URL). Use 15 or newer." in err


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (OperationalError("SELECT 1", {}, DiskFull("no space on device")), "The database did not do it: no space"),
        (InsufficientPrivilege("permission denied for schema public"), "did not do it: permission denied for schema"),
        (psycopg.OperationalError("the connection is lost"), "The database did not do it: the connection is lost."),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/data/mail"), "/data/mail: No space left on device"),
        (NoPlanError("crashed"), "No plan could be made: crashed"),
        (OutcomeUnknownError(), "The connection broke at the very end."),
        (EmbeddedServerError("initdb ended with 1"), "PostgreSQL did not start: initdb ended with 1"),
        (ExceptionGroup("two", [NoPlanError("one"), StaleError()]), "No plan could be made: one\nfarmlink: This was"),
    ],
)
def test_what_fails_outside_the_program_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    def fail(*_arguments: object) -> None:
        raise failure

    monkeypatch.setattr(scheduler, "tick", fail)
    code, _, err = run("tick")
    assert code == FAILED
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "mistake",
    [
        ZeroDivisionError(),
        ProgrammingError("SELECT", {}, UndefinedTable("no such table")),
        OSError(errno.EBADF, "bad file descriptor"),
        ExceptionGroup("two", [NoPlanError("one"), ZeroDivisionError()]),
    ],
)
def test_a_mistake_of_ours_keeps_its_traceback(run: Run, monkeypatch: pytest.MonkeyPatch, mistake: Exception) -> None:
    def fail(*_arguments: object) -> None:
        raise mistake

    monkeypatch.setattr(scheduler, "tick", fail)
    with pytest.raises(type(mistake)):
        run("tick")


def test_a_state_without_a_file_is_refused_before_the_demo_begins(run: Run) -> None:
    code, _, err = run("demo", "--once", "--state", "OH")

    assert code == 2
    assert "--state OH picks rows of a file: name that with --farms FILE." in err


@pytest.mark.parametrize(
    ("place", "said"),
    [("nowhere/x.json", "its folder does not exist"), (".", "it is no file"), ("/proc/x", "may not write there")],
)
def test_a_summary_that_would_have_nowhere_to_go_is_refused_before_the_demo_begins(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, said: str
) -> None:
    # Root may write everywhere as far as the system says beforehand.
    monkeypatch.setattr(os, "access", lambda path, _mode: "proc" not in str(path))
    code, _, err = run("demo", "--once", "--json", tmp_path / place)
    assert code == BAD_INPUT
    assert said in err
    assert "Nothing was begun." in err


def test_the_help_says_what_the_exit_codes_mean(run_anywhere: Run) -> None:
    code, out, _ = run_anywhere("--help")
    assert code == 0
    assert (
        "Exit codes: 0 done; 1 failed, check found something wrong, or an import left rows out; 2 refused"
        in " ".join(out.split())
    )
