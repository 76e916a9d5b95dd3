"""Whom the server runs as: PostgreSQL refuses root, so that root gets a system user for it."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USER = "farmlink"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class EmbeddedServerError(RuntimeError):
    """The embedded server cannot do what was asked; the text says what PostgreSQL said."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user of the server's processes and files; `other` when that is not ourselves."""

    uid: int
    gid: int
    other: bool

    def give(self, path: Path, mode: int) -> None:
        """Make a file or folder the server's own."""
        path.chmod(mode, follow_symlinks=True)
        if self.other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def share(self, path: Path, mode: int) -> None:
        """Keep a file or folder ours and let the server's group in, as far as `mode` says."""
        path.chmod(mode)
        if self.other:
            os.chown(path, os.geteuid(), self.gid, follow_symlinks=False)

    def run(self, program: Path, *arguments: str | Path, folder: Path) -> str:
        """Run one of PostgreSQL's programs as this user and answer what it printed."""
        # A file, not a pipe: the server inherits it, and a pipe would not end before the server does.
        with tempfile.TemporaryFile("w+", errors="replace") as printed:
            done = subprocess.run(  # noqa: S603  # our own binaries, and no shell
                [program, *arguments],
                cwd=folder,
                env=ENVIRONMENT,
                umask=0o077,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                check=False,
                user=self.uid if self.other else None,
                group=self.gid if self.other else None,
                extra_groups=[] if self.other else None,
            )
            printed.seek(0)
            text = printed.read()
        if done.returncode:
            raise EmbeddedServerError(f"{program.name} ended with {done.returncode}: {text.strip()[-2000:]}")
        return text


def ourselves() -> Account:
    """Who runs this process."""
    return Account(os.geteuid(), os.getegid(), other=False)


def server_account() -> Account:
    """Ourselves; for root the system user, made when it is not there yet."""
    if os.geteuid() != 0:
        return ourselves()
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ]
        # A second process may have been faster: what counts is that the user is there afterwards.
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603  # fixed words
        entry = pwd.getpwnam(SYSTEM_USER)
    return Account(entry.pw_uid, entry.pw_gid, other=True)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents so that the server's user gets through them, whatever our umask is."""
    if not folder.exists():
        make_folder(folder.parent)
        with suppress(FileExistsError):  # another process makes the same one
            folder.mkdir()
            folder.chmod(0o755)
