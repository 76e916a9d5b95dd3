"""The life cycle: whoever uses the server holds a shared lock; the last one out stops it.

The kernel drops a killed user's lock, so that nobody is counted who is not there; a server that was killed is cleaned
up and started again by the next `enter` or `ensure`.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from farmlink.store.embedded.account import server_account
from farmlink.store.embedded.cluster import SUPERUSER, Cluster
from farmlink.store.embedded.place import Place
from farmlink.store.embedded.refusals import explained
from farmlink.store.embedded.release import Release, current_release, kept_release
from farmlink.store.embedded.upgrade import upgrade

DATABASE = "farmlink"


class EmbeddedServer:
    """A PostgreSQL of our own in a folder, shared by all processes that enter it."""

    def __init__(self, base: Path, settings: Mapping[str, str] | None = None, shelf: Path | None = None) -> None:
        self.place = Place(base, server_account())
        with explained(self.place.base, self.place.account):
            self.release = _release(shelf or self.place.base, self.place.base)
        self.cluster = Cluster(self.place, self.place.data, self.release, settings or {})
        self._user: int | None = None

    @property
    def conninfo(self) -> str:
        return self.cluster.conninfo(DATABASE)

    def enter(self) -> None:
        """Become a user, and start the server if it is not running."""
        with explained(self.place.base, self.place.account), self._gate():
            self._user = os.open(self.place.base / "users", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._user, fcntl.LOCK_SH)
            try:
                self._start()
            except BaseException:
                self._forget()
                raise

    def ensure(self) -> None:
        """Answer a lost connection: start the server again unless somebody already has."""
        with self._gate():
            self._start()

    def leave(self) -> None:
        """Stop being a user; the last one out stops the server."""
        if self._user is None:
            return
        with self._gate():
            # A failed conversion drops the shared lock, which is wanted here.
            with suppress(BlockingIOError):
                fcntl.flock(self._user, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.cluster.stop()
            self._forget()

    def __enter__(self) -> Self:
        self.enter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def _start(self) -> None:
        if self.cluster.alive():
            return
        self._settle_data()
        self.cluster.start()
        self._make_database()

    def _settle_data(self) -> None:
        """Have a complete data folder of our release: make it, upgrade it, or finish a killed upgrade."""
        place = self.place
        if place.data_next.exists():
            _put_into_place(place)
        if not place.data.exists():
            Cluster(place, place.data_part, self.release, self.cluster.settings).initialise()
            os.sync()
            place.data_part.rename(place.data)
        elif place.release_name.exists():
            before = kept_release(self.release.folder.parent, place.release_name.read_text().strip())
            if before.major != self.release.major:
                upgrade(place, before, self.release, self.cluster.settings)
                _put_into_place(place)
        place.write(place.release_name, self.release.name)

    def _make_database(self) -> None:
        with psycopg.connect(self.cluster.conninfo(), autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {SUPERUSER}".encode())

    def _forget(self) -> None:
        if self._user is not None:
            os.close(self._user)
            self._user = None

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        gate = os.open(self.place.base / "gate", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)


def _release(shelf: Path, base: Path) -> Release:
    """Copy the programs to the shelf, or into the data folder where the shelf is not ours to fill."""
    try:
        return current_release(shelf)
    except PermissionError:
        return current_release(base)


def _put_into_place(place: Place) -> None:
    """Let the upgraded cluster become the data; the old one is kept beside it. Killed between, it is done again."""
    if place.data.exists():
        major = (place.data / "PG_VERSION").read_text().strip()
        kept = place.base / f"data-before-upgrade-from-{major}"
        suffix = 1
        while kept.exists():
            suffix += 1
            kept = place.base / f"data-before-upgrade-from-{major}-{suffix}"
        place.data.rename(kept)
    place.data_next.rename(place.data)
