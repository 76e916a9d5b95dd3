"""One data folder served by one release of PostgreSQL: made, started, watched, stopped."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from farmlink.store.embedded.account import EmbeddedServerError
from farmlink.store.embedded.place import SOCKET_NAME, Place
from farmlink.store.embedded.release import Release

SUPERUSER = "farmlink"
PATIENCE_S = 60
SILENCE_S = 5
"""How long a server that lives but does not answer is given before it counts as dead."""
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "idle_in_transaction_session_timeout": "5min",
}


class Cluster:
    """A data folder and the programs that serve it."""

    def __init__(self, place: Place, data: Path, release: Release, settings: Mapping[str, str]) -> None:
        self.place = place
        self.data = data
        self.release = release
        self.settings = {**SETTINGS, **settings}

    def conninfo(self, database: str = "postgres") -> str:
        """How to connect; the password is read from its private file."""
        return make_conninfo(
            host=str(self.place.socket), user=SUPERUSER, dbname=database, passfile=str(self.place.passfile)
        )

    def initialise(self) -> None:
        """Make an empty cluster with its password; what a killed attempt left is thrown away."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self.place.account.give(self.data, 0o700)
        if not self.place.passfile.exists():
            self.place.write(self.place.passfile, f"*:*:*:{SUPERUSER}:{secrets.token_urlsafe(24)}\n")
        password_file = self.place.base / "initial-password"
        self.place.write(password_file, self.place.passfile.read_text().rstrip().rsplit(":", 1)[1])
        self.place.account.give(password_file, 0o600)
        try:
            self._run(
                "initdb",
                f"--pgdata={self.data}",
                f"--username={SUPERUSER}",
                "--auth=scram-sha-256",
                f"--pwfile={password_file}",
                "--encoding=UTF8",
                "--locale-provider=builtin",  # the wheel has no ICU
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                *(["--no-sync"] if self.settings.get("fsync") == "off" else []),
            )
        finally:
            password_file.unlink()

    def start(self) -> None:
        """Start the server; whoever outlived a killed one is ended first."""
        self._end_orphans()
        self.place.make_socket_folder()
        self.place.log.mkdir(exist_ok=True, mode=0o700)
        self.place.account.give(self.place.log, 0o700)
        settings = self.settings | {"unix_socket_directories": str(self.place.socket)}
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        self.place.write(self.place.configuration, "".join(lines), 0o640)
        options = shlex.quote(f"--config_file={self.place.configuration}")
        log = self.place.log / "server.log"
        try:
            self._run("pg_ctl", "start", "-D", self.data, "-w", "-t", str(PATIENCE_S), "-l", log, "-o", options)
        except EmbeddedServerError as error:
            said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise EmbeddedServerError(f"{error}\n{said}") from None

    def stop(self) -> None:
        """Stop the server as soon as its transactions are rolled back; one that is gone already is no fault."""
        with suppress(EmbeddedServerError):
            self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", str(PATIENCE_S))
        self._end_orphans()

    def alive(self) -> bool:
        """Tell whether the recorded process works in our folder and answers (both: its number may be another's now)."""
        conninfo = self.conninfo().encode()
        silent_since = time.monotonic()
        while self._postmaster() is not None:
            answer = PGconn.ping(conninfo)
            if answer == Ping.OK:
                return True
            # One that starts or recovers says so and deserves patience; silence is shorter tolerated.
            patience = PATIENCE_S if answer == Ping.REJECT else SILENCE_S
            if time.monotonic() - silent_since > patience:
                return False
            time.sleep(0.02)
        return False

    def _postmaster(self) -> psutil.Process | None:
        try:
            process = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
            return process if _works_in(process, self.data) else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def _end_orphans(self) -> None:
        """End whoever lives in our folder: a backend that computes outlives its postmaster and keeps the memory."""
        orphans = [process for process in psutil.process_iter() if _works_in(process, self.data)]
        for process in orphans:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for process in orphans:
            while _works_in(process, self.data):
                time.sleep(0.01)
        # A killed postmaster that nobody waited for still owns its number, and its lock files would be believed.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.place.socket / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _run(self, program: str, *arguments: str | Path) -> str:
        return self.place.account.run(self.release.program(program), *arguments, folder=self.place.base)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.cwd() == os.fspath(folder) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
