from collections.abc import Iterator

import pytest
from sqlalchemy import URL, Column, Engine, Integer, MetaData, Table, Text, text
from sqlalchemy.exc import IntegrityError

from farmlink.store.engine import open_engine
from farmlink.store.transitions import guard_transitions, keep_immutable


@pytest.fixture
def crates(bare_url: URL) -> Iterator[Engine]:
    """A crate is empty, then full, then sealed; a sealed one stays so. Weighings stay as they are."""
    metadata = MetaData()
    crate = Table("crate", metadata, Column("id", Integer, primary_key=True), Column("state", Text))
    guard_transitions(
        crate, "state", {"empty": frozenset({"full"}), "full": frozenset({"empty", "sealed"}), "sealed": frozenset()}
    )
    guard_transitions(crate, "id", {})
    keep_immutable(Table("weighing", metadata, Column("weight_g", Integer)))
    with open_engine(bare_url) as engine:
        metadata.create_all(engine)
        do(engine, "INSERT INTO crate VALUES (1, 'empty')")
        do(engine, "INSERT INTO weighing VALUES (500)")
        yield engine
        metadata.drop_all(engine)
        with engine.connect() as connection:
            left = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            assert connection.execute(text(left)).scalar_one() == 0


def do(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_a_state_moves_only_along_its_arrows(crates: Engine) -> None:
    for state in ("full", "full", "empty", "full", "sealed", "sealed"):
        do(crates, f"UPDATE crate SET state = '{state}'")
    with pytest.raises(IntegrityError, match="cannot move from sealed to full"):
        do(crates, "UPDATE crate SET state = 'full'")


def test_a_state_without_arrows_stays(crates: Engine) -> None:
    do(crates, "UPDATE crate SET id = 1")
    with pytest.raises(IntegrityError, match="cannot move from 1 to 2"):
        do(crates, "UPDATE crate SET id = 2")


@pytest.mark.parametrize("statement", ["UPDATE weighing SET weight_g = 1", "DELETE FROM weighing", "TRUNCATE weighing"])
def test_what_stays_for_ever_cannot_be_changed_or_removed(crates: Engine, statement: str) -> None:
    with pytest.raises(IntegrityError, match="weighing is never changed"):
        do(crates, statement)
