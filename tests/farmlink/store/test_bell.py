from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import ClassVar

import psycopg
from sqlalchemy import Engine

from farmlink.kernel.events import Event
from farmlink.store import bell
from farmlink.store.bell import Bell
from farmlink.store.bulk import announce_many
from farmlink.store.engine import open_engine
from farmlink.store.pipeline import pipeline
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

RINGERS = 8


def listener(engine: Engine) -> psycopg.Connection:
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    assert isinstance(connection, psycopg.Connection)
    pooled.detach()
    connection.autocommit = True
    connection.execute(f"LISTEN {bell.NAME}")
    return connection


class Ear(Bell):
    """Counts rings instead of sending them."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.rung = 0

    def ring(self) -> None:
        self.rung += 1


@dataclass(frozen=True)
class CratesStacked(Event):
    name: ClassVar[str] = "test.crates-stacked.v1"


def announce(tx: Transaction, number: int) -> None:
    with pipeline(tx) as pipe:
        announce_many(pipe, [CratesStacked()] * number)


def test_many_events_announced_at_once_ring_once_and_none_not_at_all(engine: Engine) -> None:
    store = Store(engine, "test", ear := Ear(engine))
    store.run(announce, 3)
    assert ear.rung == 1
    store.run(announce, 0)
    assert ear.rung == 1


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
