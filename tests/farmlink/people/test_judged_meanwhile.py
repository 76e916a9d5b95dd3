"""What happens to a person while their password is being judged: hashing is slow, and no transaction is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from farmlink.kernel.errors import MissingError
from farmlink.people import commands, rules, work
from farmlink.people.values import PersonId, ResetId
from farmlink.store.check import check
from tests.farmlink.people.builders import EMAIL, PASSWORD, add_ana, announced, enter

if TYPE_CHECKING:
    from farmlink.store.store import Store


def changed_while_hashing(store: Store, monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Let something happen once, between a password that was judged right and the sign-in that it opens."""
    real = work._matches
    left = [change]

    def slow(kept: str, password: str) -> bool:
        right = real(kept, password)
        while left:
            left.pop()()
        return right

    monkeypatch.setattr(work, "_matches", slow)


def test_somebody_who_is_erased_while_the_password_is_judged_does_not_come_in(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = add_ana(store)
    changed_while_hashing(store, monkeypatch, lambda: store.run(commands.erase_person, ana))

    with pytest.raises(rules.WrongPasswordError):
        enter(store)

    assert check(store) == []
    assert store.read(lambda tx: tx.execute("SELECT count(*) FROM sign_in").scalar_one()) == 0
    with pytest.raises(MissingError):
        store.run(commands.sign_in_as, ana)


@pytest.mark.parametrize("strength", [8, work.HASHER.memory_cost], ids=["an old hash", "a hash of today"])
def test_a_password_that_is_replaced_while_it_is_judged_opens_nothing_and_stays_replaced(
    store: Store, monkeypatch: pytest.MonkeyPatch, strength: int
) -> None:
    stolen = PasswordHasher(time_cost=1, memory_cost=strength, parallelism=1).hash(PASSWORD)
    ana = store.run(commands.add_person, "Ana", email=EMAIL, password_hash=stolen)
    store.run(commands.ask_reset, EMAIL)
    [asked] = announced(store, "password.reset-asked.v1", "reset_id")
    token = store.run(commands.make_reset_token, ResetId(asked))[1]
    changed_while_hashing(store, monkeypatch, lambda: work.reset_password(store, token, "a fresh pass phrase"))

    with pytest.raises(rules.WrongPasswordError):
        enter(store)

    assert store.read(lambda tx: tx.execute("SELECT count(*) FROM sign_in").scalar_one()) == 0
    assert enter(store, "a fresh pass phrase") == ana


def test_two_who_come_in_at_once_with_an_old_hash_both_come_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    ana = store.run(commands.add_person, "Ana", email=EMAIL, password_hash=weak)
    others: list[PersonId] = []
    changed_while_hashing(store, monkeypatch, lambda: others.append(enter(store)))

    assert [enter(store), *others] == [ana, ana]
