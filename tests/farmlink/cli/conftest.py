import socket
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from farmlink import cli
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import open_engine
from farmlink.store.migrations import newest_revision
from farmlink.store.schema import build
from farmlink.store.scratch import make_database
from tests.conftest import EMPTY

Run = Callable[..., tuple[int, str, str]]
MIGRATED = "farmlink_cli"
PLACES = (
    "id,kind,name,city,state,zip,latitude,longitude,products\n"
    "mi-1,farm,Apple Farm,Holland,MI,49423,42.79,-86.11,fruit;eggs\n"
    "mi-2,market,Holland Market,Holland,MI,,42.8,-86.1,\n"
)


@pytest.fixture
def run_anywhere(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a person would, wherever the environment says: its code, its answer, what else it said."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("FARMLINK_PUBLIC_URL", "")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)

    def execute(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["farmlink", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return execute


@pytest.fixture(scope="session")
def migrated_url(embedded_server: EmbeddedServer) -> URL:
    """A database with the newest schema: built, which is equal to migrated, and faster."""
    url = make_database(embedded_server, MIGRATED)
    with open_engine(url) as engine:
        build(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    return url


@pytest.fixture
def url(embedded_server: EmbeddedServer, migrated_url: URL) -> URL:
    """The same, empty again."""
    with psycopg.connect(embedded_server.cluster.conninfo(MIGRATED), autocommit=True) as connection:
        connection.execute(EMPTY)
        connection.execute("INSERT INTO alembic_version VALUES (%s)", [newest_revision()])
    return migrated_url


@pytest.fixture
def run(url: URL, run_anywhere: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same on an empty database with the newest schema."""
    monkeypatch.setenv("FARMLINK_DATABASE_URL", url.render_as_string(hide_password=False))
    return run_anywhere


@pytest.fixture
def run_bare(bare_url: URL, run_anywhere: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same on a database without any tables."""
    monkeypatch.setenv("FARMLINK_DATABASE_URL", bare_url.render_as_string(hide_password=False))
    return run_anywhere


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def places(tmp_path: Path) -> Path:
    file = tmp_path / "places.csv"
    file.write_text(PLACES)
    return file
