from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from farmlink.settings import Settings
from farmlink.store.compare import conninfo
from farmlink.store.engine import open_engine, open_store, own_url
from farmlink.store.migrations import migrate


def one(url: str) -> int:
    with open_store(Settings(Path("/nowhere"), url)) as store:
        return int(store.read(lambda tx: tx.execute("SELECT 1").scalar_one()))


def test_a_server_of_ones_own_is_used_when_it_is_named(bare_url: URL) -> None:
    address = bare_url.render_as_string(hide_password=False)
    assert one(address) == 1
    assert one(address.replace("postgresql+psycopg://", "postgres://")) == 1


def test_the_address_may_be_spelt_in_every_usual_way() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg2"):
        assert own_url(f"{scheme}://ann:secret@db/farm").drivername == "postgresql+psycopg"


def test_a_server_that_is_not_there_is_an_error_and_not_a_wait_for_ever(tmp_path: Path) -> None:
    with (
        open_store(Settings(tmp_path, f"postgresql:///farm?host={tmp_path}")) as store,
        pytest.raises(OperationalError),
    ):
        store.read(lambda tx: tx.now)


def test_instants_come_back_in_utc_whatever_the_server_thinks(bare_url: URL) -> None:
    with open_engine(bare_url) as engine:
        migrate(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {bare_url.database} SET timezone = 'Asia/Shanghai'")
    with open_engine(bare_url) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW timezone").scalar_one() == "UTC"


def test_an_address_is_handed_to_postgresqls_programs_without_its_password() -> None:
    url = own_url("postgresql://ann:secret@db:5433/farm?sslmode=require&host=a&host=b")
    parts = conninfo_to_dict(conninfo(url))
    assert (parts["user"], parts["dbname"], parts["sslmode"], parts["host"]) == ("ann", "farm", "require", "a,b")
    assert "secret" not in conninfo(url)
