"""Backups as the database remembers them: the newest that is good counts, and one found broken does not."""

from __future__ import annotations

from farmlink.store import safekeeping
from farmlink.store.safekeeping import Standing
from farmlink.store.sealed import Seal
from farmlink.store.store import Store
from tests.farmlink.planning.builders import run_sql

YESTERDAY = "UPDATE backup_made SET made_at = made_at - interval '25 hours' WHERE path = :path"


def made(store: Store, letter: str, path: str) -> Seal:
    """A backup whose digest is of one letter."""
    seal = Seal("0037_jobs_seen", letter * 64, 4096)
    store.run(safekeeping.write_down, seal, "barn", path)
    return seal


def standing(store: Store) -> Standing:
    return store.read(safekeeping.standing)


def test_without_a_backup_one_is_missed(store: Store) -> None:
    assert standing(store) == Standing((), None, None, late=True)


def test_a_backup_of_today_is_enough_and_one_of_yesterday_is_not(store: Store) -> None:
    made(store, "a", "/backups/all of it")
    today = standing(store)
    run_sql(store, YESTERDAY, path="/backups/all of it")

    assert (today.late, today.backups[0].word) == (False, "'/backups/all of it'")
    assert standing(store).late


def test_a_backup_that_was_found_broken_does_not_count_until_it_is_found_whole(store: Store) -> None:
    old, new = made(store, "a", "/old"), made(store, "b", "/new")
    run_sql(store, YESTERDAY, path="/old")
    store.run(safekeeping.judge, new.digest, "it was changed")
    broken = standing(store)
    store.run(safekeeping.judge, new.digest)

    assert (broken.late, [one.broken for one in broken.backups]) == (True, ["it was changed", None])
    assert not standing(store).late
    assert store.run(safekeeping.judge, old.digest)


def test_a_backup_of_elsewhere_is_not_known_and_one_written_down_twice_is_one(store: Store) -> None:
    made(store, "a", "/old")
    made(store, "a", "/copied")

    assert [one.path for one in standing(store).backups] == ["/old"]
    assert not store.run(safekeeping.judge, "f" * 64)
