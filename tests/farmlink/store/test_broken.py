"""What broke is told so that somebody can mend it, and never whose it was."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.store.broken import what_broke
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

ADDRESS = "ana@example.org"


def twice(tx: Transaction) -> None:
    """Keep one address twice where each may stand once."""
    tx.execute("CREATE TEMPORARY TABLE reached (address text CONSTRAINT once UNIQUE) ON COMMIT DROP")
    for _ in range(2):
        tx.execute("INSERT INTO reached VALUES (:address)", {"address": ADDRESS})


def misread(tx: Transaction) -> None:
    """Take an address for a number."""
    tx.execute("SELECT CAST(CAST(:address AS text) AS integer)", {"address": ADDRESS})


def test_a_rule_that_was_broken_is_named_and_not_the_row(store: Store) -> None:
    with pytest.raises(DBAPIError) as broken:
        store.run(twice)
    assert ADDRESS in str(broken.value.orig), "the database quotes the row"
    assert what_broke(broken.value) == ('UniqueViolation 23505: duplicate key value violates unique constraint "once"')


def test_a_value_that_cannot_be_read_is_not_quoted(store: Store) -> None:
    with pytest.raises(DBAPIError) as broken:
        store.run(misread)
    assert ADDRESS in str(broken.value.orig)
    assert what_broke(broken.value) == "InvalidTextRepresentation 22P02"


def test_what_a_statement_carried_does_not_stand_in_the_error_itself(store: Store) -> None:
    with pytest.raises(DBAPIError) as broken:
        store.run(Transaction.execute, "SELECT :address FROM nowhere", {"address": ADDRESS})
    assert ADDRESS not in str(broken.value)
