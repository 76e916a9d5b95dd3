"""Accounts, passwords and sign-ins: what their owners, and what guessers, notice."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from argon2 import PasswordHasher

from farmlink.people import commands, queries, rules, work
from farmlink.people.values import Carrier, PersonId, RegistrationId, ResetId, Role

if TYPE_CHECKING:
    from farmlink.store.store import Store
    from farmlink.store.transaction import Transaction

EMAIL, PASSWORD, HERE = "ana@example.org", "a long pass phrase", "192.0.2.7"


def add_ana(store: Store) -> PersonId:
    return store.run(commands.add_person, "Ana", email=EMAIL, password_hash=work.hash_password(PASSWORD))


def announced(store: Store, name: str, field: str) -> list[UUID]:
    """Ids in the events of one name, in order."""
    rows = store.read(lambda tx: tx.execute("SELECT name, payload FROM outbox_event ORDER BY announced_at, id").all())
    return [UUID(row.payload[field]) for row in rows if row.name == name]


def enter(store: Store, password: str = PASSWORD, network: str = HERE, device: str | None = None) -> PersonId:
    return work.sign_in(store, EMAIL, password, network=network, device=device).person_id


def test_a_person_signs_in_and_is_known_by_the_token_until_signing_out(store: Store) -> None:
    ana = add_ana(store)

    entered = work.sign_in(store, "ANA@example.org", PASSWORD, network=HERE)
    known = store.read(queries.principal_of, entered.token)
    store.run(commands.sign_out, entered.token)

    assert known is not None
    assert known.person_id == ana
    assert known.has(Role.CONSUMER)
    assert store.read(queries.principal_of, entered.token) is None


def test_the_database_never_holds_the_token(store: Store) -> None:
    token = store.run(commands.sign_in_as, add_ana(store)).token

    stored = store.read(lambda tx: tx.execute("SELECT sign_in::text FROM sign_in").scalar_one())
    assert token not in stored
    assert token.encode().hex() not in stored


def test_an_expired_sign_in_is_nobody_and_is_forgotten(store: Store) -> None:
    token = store.run(commands.sign_in_as, add_ana(store)).token
    store.run(
        _age,
        "sign_in",
        "signed_in_at = signed_in_at - interval '31 days', expires_at = expires_at - interval '31 days'",
    )

    known = store.read(queries.principal_of, token)
    store.run(commands.forget_old)

    assert known is None
    assert store.read(lambda tx: tx.execute("SELECT count(*) FROM sign_in").scalar_one()) == 0


def _age(tx: Transaction, table: str, change: str) -> None:
    tx.execute(f"UPDATE {table} SET {change}")


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(store: Store, email: str) -> None:
    add_ana(store)

    with pytest.raises(rules.WrongPasswordError):
        work.sign_in(store, email, "wrong", network=HERE)


def test_an_unknown_address_costs_the_same_hashing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    real = work._matches

    def watched(kept: str, password: str) -> bool:
        judged.append(kept[:30])
        return real(kept, password)

    monkeypatch.setattr(work, "_matches", watched)
    add_ana(store)

    for email in (EMAIL, "nobody@example.org"):
        with pytest.raises(rules.WrongPasswordError):
            work.sign_in(store, email, "wrong", network=HERE)

    assert len(judged) == 2
    assert judged[0] == judged[1]


def test_ten_wrong_passwords_stop_their_network_but_not_the_owner_elsewhere(store: Store) -> None:
    ana = add_ana(store)
    for _ in range(rules.FAILURES_PER_NETWORK):
        store.run(commands.note_failure, EMAIL, "203.0.113.9")

    with pytest.raises(rules.TooManyFailuresError):
        enter(store, network="203.0.113.9")
    assert enter(store, network=HERE) == ana


def test_guessing_from_everywhere_never_stops_a_device_that_signed_in_before(store: Store) -> None:
    ana = add_ana(store)
    device = work.device_token(store, ana)
    for number in range(rules.FAILURES_PER_ADDRESS):
        store.run(commands.note_failure, EMAIL, f"203.0.113.{number}")

    with pytest.raises(rules.TooManyFailuresError):
        enter(store)
    assert enter(store, device=device) == ana


def test_wrong_passwords_are_forgotten_after_a_while(store: Store) -> None:
    add_ana(store)
    for _ in range(rules.FAILURES_PER_NETWORK):
        store.run(commands.note_failure, EMAIL, HERE)
    store.run(_age, "sign_in_failure", "failed_at = failed_at - interval '16 minutes'")

    enter(store)


def test_signing_in_ends_what_the_browser_carried_before(store: Store) -> None:
    planted = store.run(commands.sign_in_as, add_ana(store), Carrier.COOKIE).token

    work.sign_in(store, EMAIL, PASSWORD, network=HERE, carrier=Carrier.COOKIE, replaces=planted)

    assert store.read(queries.principal_of, planted) is None


def test_an_old_hash_is_renewed_at_the_next_sign_in(store: Store) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    store.run(commands.add_person, "Ana", email=EMAIL, password_hash=weak)

    enter(store)

    kept = store.read(queries.credentials, EMAIL)
    assert kept is not None
    assert not work.HASHER.check_needs_rehash(kept.password_hash)
    enter(store)


def test_an_account_opens_only_by_the_token_in_the_message(store: Store) -> None:
    work.register(store, EMAIL, "Ana", "zh-CN", PASSWORD)
    with pytest.raises(rules.WrongPasswordError):
        enter(store)
    [asked] = announced(store, "registration.asked.v1", "registration_id")

    email, language, token = store.run(commands.make_registration_token, RegistrationId(asked))
    ana = store.run(commands.confirm_registration, token)

    assert (email, language) == (EMAIL, "zh-CN")
    assert enter(store) == ana
    with pytest.raises(rules.TokenSpentError):
        store.run(commands.confirm_registration, token)


def test_registering_a_known_address_tells_its_owner_and_nobody_else(store: Store) -> None:
    ana = add_ana(store)

    work.register(store, EMAIL, "Eve", "en", "another long phrase")

    assert announced(store, "registration.repeated.v1", "person_id") == [ana]
    assert announced(store, "registration.asked.v1", "registration_id") == []
    assert enter(store) == ana


def test_whoever_confirms_decides_the_password_however_many_others_asked(store: Store) -> None:
    work.register(store, EMAIL, "Eve", "en", "the password of eve")
    work.register(store, EMAIL, "Ana", "en", PASSWORD)
    eves, anas = announced(store, "registration.asked.v1", "registration_id")
    eves_token = store.run(commands.make_registration_token, RegistrationId(eves))[2]
    anas_token = store.run(commands.make_registration_token, RegistrationId(anas))[2]

    ana = store.run(commands.confirm_registration, anas_token)

    assert enter(store) == ana
    with pytest.raises(rules.TokenSpentError):
        store.run(commands.confirm_registration, eves_token)


def test_a_token_lies_no_longer_than_it_should(store: Store) -> None:
    work.register(store, EMAIL, "Ana", "en", PASSWORD)
    [asked] = announced(store, "registration.asked.v1", "registration_id")
    token = store.run(commands.make_registration_token, RegistrationId(asked))[2]
    store.run(_age, "registration", "expires_at = expires_at - interval '3 hours'")

    with pytest.raises(rules.TokenSpentError):
        store.run(commands.confirm_registration, token)


def test_an_account_that_came_otherwise_meanwhile_is_not_taken_over(store: Store) -> None:
    work.register(store, EMAIL, "Ana", "en", PASSWORD)
    [asked] = announced(store, "registration.asked.v1", "registration_id")
    token = store.run(commands.make_registration_token, RegistrationId(asked))[2]
    store.run(commands.add_person, "Ana of the roll-call", email=EMAIL)

    with pytest.raises(rules.TokenSpentError):
        store.run(commands.confirm_registration, token)


def test_a_new_password_ends_every_sign_in_and_every_other_token(store: Store) -> None:
    ana = add_ana(store)
    open_one = store.run(commands.sign_in_as, ana).token
    store.run(commands.ask_reset, EMAIL)
    store.run(commands.ask_reset, EMAIL)
    first, second = announced(store, "password.reset-asked.v1", "reset_id")
    (whom, token), (_, other) = (store.run(commands.make_reset_token, ResetId(one)) for one in (first, second))

    work.reset_password(store, token, "a fresh pass phrase")

    assert whom == ana
    assert store.read(queries.principal_of, open_one) is None
    assert enter(store, "a fresh pass phrase") == ana
    with pytest.raises(rules.TokenSpentError):
        work.reset_password(store, other, "a third pass phrase")


def test_asking_for_an_unknown_address_sends_nothing(store: Store) -> None:
    store.run(commands.ask_reset, "nobody@example.org")

    assert announced(store, "password.reset-asked.v1", "reset_id") == []


def test_five_thousand_consumers_are_seeded_at_once_and_signed_in(store: Store) -> None:
    seeded = store.run(commands.seed_consumers, 5_000)

    last = store.read(queries.principal_of, seeded[-1].token)
    assert len({one.token for one in seeded}) == 5_000
    assert last is not None
    assert last.person_id == seeded[-1].person_id
    assert last.has(Role.CONSUMER)
