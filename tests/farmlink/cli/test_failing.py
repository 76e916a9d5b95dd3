"""What fails outside the program: one line that says why, and a traceback only for a mistake of ours."""

import errno
import os

import psycopg
import pytest
from psycopg.errors import DiskFull, InsufficientPrivilege, UndefinedTable
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError, ProgrammingError

from farmlink import scheduler
from farmlink.cli import FAILED
from farmlink.kernel.errors import StaleError
from farmlink.planning.work.holding import NoPlanError
from farmlink.store.embedded import EmbeddedServerError
from farmlink.store.store import OutcomeUnknownError
from tests.farmlink.cli.conftest import Run


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
