"""Passwords: hashing is slow on purpose, so it happens between transactions, a few at a time."""

from __future__ import annotations

from dataclasses import replace
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from farmlink.people import commands, queries, rules
from farmlink.people.rules import codes
from farmlink.people.values import Attempt, Carrier, CodeAsked, LetterKind, PersonId, SignedIn
from farmlink.store.store import Store

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's argon2id figures: about 20 ms and 19 MiB each."""
AT_ONCE: Final = BoundedSemaphore(4)
"""However many sign in at once, hashing takes no more than four times 19 MiB."""
NOBODYS: Final = HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Hash a password that satisfies the rule of length."""
    rules.check_password(password)
    return _hashed(password)


def sign_in(  # noqa: PLR0913  # what a sign-in is judged by
    store: Store,
    email: str,
    password: str,
    *,
    network: str,
    device: str | None = None,
    carrier: Carrier = Carrier.BEARER,
    replaces: str | None = None,
    browser: str = "",
) -> SignedIn:
    """Sign in by password; an unknown address costs the same time and gets the same answer."""
    address = rules.clean_email(email)
    attempt = store.run(commands.begin_attempt, address, network, device)
    while (entered := _enter(store, attempt, password, carrier, replaces, browser)) is None:
        attempt = replace(attempt, credentials=store.read(queries.credentials, address))
    return entered


def ask_code(store: Store, email: str, *, network: str) -> CodeAsked:
    """Ask for a code to sign in by; the answer takes as long and says the same whether the address is known or not."""
    address = rules.clean_email(email)
    store.run(commands.count_letter, LetterKind.CODE, address, network)
    return store.run(commands.ask_code, address)


def sign_in_by_code(  # noqa: PLR0913  # what a sign-in is judged by
    store: Store,
    token: str,
    code: str,
    *,
    network: str,
    device: str | None = None,
    carrier: Carrier = Carrier.BEARER,
    replaces: str | None = None,
    browser: str = "",
) -> SignedIn:
    """Sign in by the code of the letter, where it was asked for; a wrong one is counted, and nothing said of why."""
    typed = codes.clean_code(code)
    entered = store.run(
        commands.enter_by_code,
        token,
        typed,
        network=network,
        device=device,
        carrier=carrier,
        replaces=replaces,
        browser=browser,
    )
    if entered is None:
        raise codes.WrongCodeError(most=codes.CODE_TRIES)
    return entered


def device_token(store: Store, person_id: PersonId) -> str:
    """What the device keeps, so that wrong guesses elsewhere never stop it."""
    return rules.known_device_token(store.run(commands.device_secret), person_id)


def knows_device(store: Store, person_id: PersonId, device: str | None) -> bool:
    """Tell whether a device is one on which this very person was the last to sign in."""
    return rules.knows_device(store.run(commands.device_secret), person_id, device)


def register(  # what an account is asked for with
    store: Store, email: str, name: str, language: str, password: str, *, network: str
) -> None:
    """Ask for an account; the answer takes as long and says the same whether the address is known or not."""
    address, kept_name = rules.clean_email(email), rules.clean_name(name)
    rules.check_password(password)
    store.run(commands.count_letter, LetterKind.REGISTRATION, address, network)
    store.run(commands.ask_registration, address, kept_name, language, _hashed(password))


def ask_reset(store: Store, email: str, *, network: str) -> None:
    """Ask for a new password; the answer says the same whether the address is known or not."""
    address = rules.clean_email(email)
    store.run(commands.count_letter, LetterKind.RESET, address, network)
    store.run(commands.ask_reset, address)


def reset_password(store: Store, token: str, password: str) -> PersonId:
    """Set a new password by the token of the message."""
    return store.run(commands.set_password, token, hash_password(password))


def _enter(  # what a sign-in is judged by
    store: Store, attempt: Attempt, password: str, carrier: Carrier, replaces: str | None, browser: str
) -> SignedIn | None:
    found = attempt.credentials
    if not _matches(found.password_hash if found else NOBODYS, password) or found is None:
        raise rules.WrongPasswordError
    renewed = _hashed(password) if HASHER.check_needs_rehash(found.password_hash) else None
    return store.run(commands.enter, attempt, carrier, replaces, renewed, browser)


def _hashed(password: str) -> str:
    with AT_ONCE:
        return HASHER.hash(password)


def _matches(password_hash: str, password: str) -> bool:
    with AT_ONCE:
        try:
            return HASHER.verify(password_hash, password)
        except VerifyMismatchError:
            return False
