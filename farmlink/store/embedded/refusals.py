"""What the embedded server needs of its folder, and how to mend a folder that has it not."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.store.embedded.account import SYSTEM_USER, Account, EmbeddedServerError

NOT_A_FOLDER = marked("it is not a folder; name a folder")
IN_USE = marked("it holds other things; name an empty or a new folder")
SIGNS = marked('its name has one of " $ ` \\ or a line break; name another folder')
FULL = marked("the disk is full; make room, then run the command again")
OURS = frozenset({"gate", "users", "data.part", "data.next", "passfile", "postgres-release"})
"""Any of these stands in a folder that farmlink has used before, and hardly in one that it has not."""
NOTHING = frozenset({"mail", "lost+found"})
"""What may stand in a folder that the server has not used yet."""


class DataFolderError(RefusedError):
    """The embedded server cannot live in this folder."""

    code = "data-folder-unusable"
    message = "{folder} cannot be the data folder (FARMLINK_DATA): {reason}."


class DataFolderClosedError(RefusedError):
    """We ourselves may not make or use the folder."""

    code = "data-folder-closed"
    message = (
        "{folder} cannot be used for the data (FARMLINK_DATA): {said}. Name a folder that the user {user} may write to."
    )


class DataFolderHiddenError(RefusedError):
    """Root may go where the server's own user may not."""

    code = "data-folder-hidden"
    message = (
        "PostgreSQL runs as the user {user}, who may not enter {folder}. "
        "Open it with chmod o+x {folder}, or name another folder with FARMLINK_DATA."
    )


def require_ours(folder: Path) -> None:
    """Refuse a folder whose rights we would change though it holds somebody else's things."""
    if not folder.is_dir():
        raise DataFolderError(folder=str(folder), reason=NOT_A_FOLDER)
    found = {entry.name for entry in folder.iterdir()} - NOTHING
    if found and not found & OURS and not any(name.startswith(("postgres-", "copying-")) for name in found):
        raise DataFolderError(folder=str(folder), reason=IN_USE)


@contextmanager
def explained(folder: Path, account: Account) -> Iterator[None]:
    """Turn what the system says no to into what an operator can mend; anything else goes on as it is."""
    try:
        yield
    except (FileExistsError, NotADirectoryError):
        raise DataFolderError(folder=str(folder), reason=NOT_A_FOLDER) from None
    except OSError as error:
        if "No space left" in str(error):
            raise DataFolderError(folder=str(folder), reason=FULL) from error
        raise DataFolderClosedError(folder=str(folder), said=error.strerror or str(error), user=_name()) from error
    except EmbeddedServerError as error:
        if "No space left" in str(error):
            raise DataFolderError(folder=str(folder), reason=FULL) from error
        if account.other and (closed := _closed_to(account, folder)):
            raise DataFolderHiddenError(folder=str(closed), user=SYSTEM_USER) from error
        raise


def _closed_to(account: Account, folder: Path) -> Path | None:
    """Find the outermost folder on the way that the server's user may not enter."""
    for step in (*reversed(folder.absolute().parents), folder):
        found = step.stat()
        owner = stat.S_IXUSR if found.st_uid == account.uid else 0
        group = stat.S_IXGRP if found.st_gid == account.gid else 0
        if not found.st_mode & (owner or group or stat.S_IXOTH):
            return step
    return None


def _name() -> str:
    """Our own name, or number where nobody gave us a name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
