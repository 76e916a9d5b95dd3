"""Passwords: hashing is slow on purpose, so it happens between transactions, a few at a time."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from farmlink.people import commands, rules
from farmlink.people.values import Carrier, PersonId, SignedIn
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's argon2id figures: about 20 ms and 19 MiB each."""
AT_ONCE: Final = BoundedSemaphore(4)
"""However many sign in at once, hashing takes no more than four times 19 MiB."""
NOBODYS: Final = HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Hash a password that satisfies the rule of length."""
    rules.check_password(password)
    with AT_ONCE:
        return HASHER.hash(password)


def sign_in(  # what a sign-in is judged by
    store: Store,
    email: str,
    password: str,
    *,
    network: str,
    device: str | None = None,
    carrier: Carrier = Carrier.BEARER,
    replaces: str | None = None,
) -> SignedIn:
    """Sign in by password; an unknown address costs the same time and gets the same answer."""
    attempt = store.run(commands.begin_attempt, rules.clean_email(email), network, device)
    found = attempt.credentials
    if not _matches(found.password_hash if found else NOBODYS, password) or found is None:
        raise rules.WrongPasswordError
    if HASHER.check_needs_rehash(found.password_hash):
        store.run(_rehash, found.person_id, hash_password(password))
    return store.run(commands.enter, attempt.id, found.person_id, carrier, replaces)


def device_token(store: Store, person_id: PersonId) -> str:
    """What the device keeps, so that wrong guesses elsewhere never stop it."""
    return rules.known_device_token(store.run(commands.device_secret), person_id)


def register(store: Store, email: str, name: str, language: str, password: str) -> None:
    """Ask for an account; the answer takes as long and says the same whether the address is known or not."""
    store.run(
        commands.ask_registration, rules.clean_email(email), rules.clean_name(name), language, hash_password(password)
    )


def reset_password(store: Store, token: str, password: str) -> PersonId:
    """Set a new password by the token of the message."""
    return store.run(commands.set_password, token, hash_password(password))


def _matches(password_hash: str, password: str) -> bool:
    with AT_ONCE:
        try:
            return HASHER.verify(password_hash, password)
        except VerifyMismatchError:
            return False


def _rehash(tx: Transaction, person_id: PersonId, password_hash: str) -> None:
    tx.execute("UPDATE person SET password_hash = :hash WHERE id = :id", {"hash": password_hash, "id": person_id})
