"""Folders that cannot hold the embedded server's data: each is refused with how to mend it, and left as it was."""

import errno
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from farmlink.settings import default_data
from farmlink.store.embedded import EmbeddedServer, EmbeddedServerError
from farmlink.store.embedded.account import Account, ourselves
from farmlink.store.embedded.refusals import (
    DataFolderClosedError,
    DataFolderError,
    DataFolderHiddenError,
    explained,
)
from farmlink.store.embedded.release import Release, current_release
from farmlink.store.scratch import CARELESS

SHELF = default_data(os.environ).parent


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder that the server's user reaches, whoever runs the tests."""
    with tempfile.TemporaryDirectory(prefix="farmlink-faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_file_or_a_folder_of_other_things_is_no_data_folder_and_keeps_its_rights(base: Path) -> None:
    (base / "theirs").mkdir(mode=0o755)
    (base / "theirs" / "letters").touch()
    (base / "file").touch(mode=0o644)
    for name, said in (("theirs", "holds other things"), ("file", "not a folder"), ("file/below", "not a folder")):
        with pytest.raises(DataFolderError, match=said):
            EmbeddedServer(base / name, shelf=SHELF)
    assert ((base / "theirs").stat().st_mode & 0o777, (base / "file").stat().st_mode & 0o777) == (0o755, 0o644)


def test_a_folder_that_held_only_mail_becomes_a_data_folder(base: Path) -> None:
    (base / "mail").mkdir()
    with EmbeddedServer(base, CARELESS, SHELF) as server:
        assert server.cluster.alive()


def test_a_folder_that_the_system_does_not_let_us_make_is_said_with_its_reason(base: Path) -> None:
    with pytest.raises(DataFolderClosedError, match="/proc/farmlink"):
        EmbeddedServer(Path("/proc/farmlink"), shelf=SHELF)


def test_a_full_disk_is_said_as_such_whoever_finds_it_full(base: Path) -> None:
    for failure in (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), EmbeddedServerError("No space left on device")):
        with pytest.raises(DataFolderError, match="the disk is full"), explained(base, ourselves()):
            raise failure


def test_what_has_nothing_to_do_with_the_folder_is_said_as_it_is(base: Path) -> None:
    other = replace(ourselves(), other=True)
    with pytest.raises(EmbeddedServerError, match="shared_buffers"), explained(base, other):
        raise EmbeddedServerError("shared_buffers")


def test_a_way_that_the_servers_user_may_not_go_is_named(base: Path) -> None:
    hidden = base / "hidden" / "data"
    hidden.mkdir(parents=True)
    hidden.parent.chmod(0o700)
    stranger = Account(54_321, 54_321, other=True)
    with pytest.raises(DataFolderHiddenError, match=f"may not enter {hidden.parent}."), explained(hidden, stranger):
        raise EmbeddedServerError("initdb: could not access directory")


def test_who_has_no_name_goes_by_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    with pytest.raises(DataFolderClosedError, match="the user 54321"), explained(Path("/x"), ourselves()):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_programs_are_kept_with_the_data_where_the_shelf_is_not_ours(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> Release:
        if folder != base / "data":
            raise PermissionError
        return current_release(SHELF)

    monkeypatch.setattr("farmlink.store.embedded.server.current_release", refuse)
    assert EmbeddedServer(base / "data", CARELESS, base).release == current_release(SHELF)
