"""Where an embedded server keeps its things."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from farmlink.store.embedded.account import Account, EmbeddedServerError, make_folder
from farmlink.store.embedded.refusals import SIGNS, DataFolderError, explained, require_ours

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107
"""Bytes the kernel has room for in a socket's address."""
PLAIN = re.compile(r"[A-Za-z0-9_./+-]+")
SHELL_SIGNS = set('"$`\\\n')
"""`pg_ctl` and `initdb` hand paths to a shell in double quotes."""


class Place:
    """The folder of one embedded server: its data, socket, password, log and locks."""

    def __init__(self, base: Path, account: Account) -> None:
        self.account = account
        self.base = base.expanduser().absolute()
        if SHELL_SIGNS & set(str(self.base)):
            raise DataFolderError(folder=str(self.base), reason=SIGNS)
        with explained(self.base, account):
            make_folder(self.base)
            self.base = self.base.resolve()
            require_ours(self.base)
            account.share(self.base, 0o750)

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def data_part(self) -> Path:
        """A cluster that is being made; worth nothing before it is renamed."""
        return self.base / "data.part"

    @property
    def data_next(self) -> Path:
        """A complete cluster of a newer release, on its way to become `data`."""
        return self.base / "data.next"

    @property
    def release_name(self) -> Path:
        """The version marker: the release that last served `data`."""
        return self.base / "postgres-release"

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def passfile(self) -> Path:
        return self.base / "passfile"

    @property
    def configuration(self) -> Path:
        return self.base / "postgresql.conf"

    @property
    def socket(self) -> Path:
        """The socket's folder: ours, or a short one when ours has a long or unusual path."""
        usual = self.base / "run"
        if PLAIN.fullmatch(str(usual)) and len(os.fsencode(usual / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return usual
        digest = hashlib.sha256(os.fsencode(self.base)).hexdigest()[:16]
        return Path(tempfile.gettempdir() if PLAIN.fullmatch(tempfile.gettempdir()) else "/tmp") / f"farmlink-{digest}"  # noqa: S108  # checked by make_socket_folder

    def make_socket_folder(self) -> None:
        """Make the socket's folder private to the server; one that somebody else put there is refused."""
        folder = self.socket
        try:
            folder.mkdir(mode=0o700)
            self.account.give(folder, 0o700)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid or found.st_mode & 0o077:
                raise EmbeddedServerError(f"{folder} exists and does not belong to the server's user") from None

    def write(self, path: Path, text: str, mode: int = 0o600) -> None:
        """Replace one of our own files in one step."""
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        self.account.share(part, mode)
        part.rename(path)
