"""A server for tests and drafts: empty, private, and gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from farmlink.settings import default_data
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import embedded_url

CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
"""What is thrown away need not survive a power cut."""


@contextmanager
def scratch_server() -> Iterator[EmbeddedServer]:
    """Start a server in a folder of its own, which its user reaches even when we are root."""
    base = Path(tempfile.mkdtemp(prefix="farmlink-scratch-"))
    try:
        with EmbeddedServer(base, CARELESS, shelf=default_data(os.environ).parent) as server:
            yield server
    finally:
        shutil.rmtree(base, ignore_errors=True)


def make_database(server: EmbeddedServer, name: str) -> URL:
    """Make an empty database on it."""
    with psycopg.connect(server.conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return embedded_url(server, name)
