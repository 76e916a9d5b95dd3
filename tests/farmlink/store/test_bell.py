from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
from sqlalchemy import Engine

from farmlink.store import bell
from farmlink.store.bell import Bell
from farmlink.store.engine import open_engine

RINGERS = 8


def listener(engine: Engine) -> psycopg.Connection:
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    assert isinstance(connection, psycopg.Connection)
    pooled.detach()
    connection.autocommit = True
    connection.execute(f"LISTEN {bell.NAME}")
    return connection


def test_everybody_who_rings_at_once_is_heard_without_a_ring_for_each(engine: Engine) -> None:
    ours, together = Bell(engine), Barrier(RINGERS)

    def ring(_number: int) -> None:
        together.wait()
        ours.ring()

    with listener(engine) as hearing:
        with ThreadPoolExecutor(RINGERS) as pool:
            list(pool.map(ring, range(RINGERS)))
        heard = list(hearing.notifies(timeout=5, stop_after=1))
        ours.ring()
        again = list(hearing.notifies(timeout=5, stop_after=1))

    assert 1 <= len(heard) <= RINGERS
    assert again


def test_a_connection_that_rang_begins_transactions_again(engine: Engine) -> None:
    Bell(engine).ring()

    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        assert not driver.autocommit


def test_a_database_that_is_away_is_not_waited_for(engine: Engine) -> None:
    away = engine.url.set(query={**engine.url.query, "host": "/nowhere"})
    with open_engine(away) as lost:
        Bell(lost).ring()
