"""Sign-ins: what their owners, and what guessers, notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from farmlink.kernel.errors import MissingError
from farmlink.people import commands, queries, rules, work
from farmlink.people.values import Carrier, Role
from tests.farmlink.people.builders import EMAIL, HERE, PASSWORD, add_ana, age, enter

if TYPE_CHECKING:
    from farmlink.store.store import Store


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
        age,
        "sign_in",
        "signed_in_at = signed_in_at - interval '31 days', expires_at = expires_at - interval '31 days'",
    )

    known = store.read(queries.principal_of, token)
    store.run(commands.forget_old)

    assert known is None
    assert store.read(lambda tx: tx.execute("SELECT count(*) FROM sign_in").scalar_one()) == 0


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
    store.run(age, "sign_in_failure", "failed_at = failed_at - interval '16 minutes'")

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


def test_five_thousand_consumers_are_seeded_at_once_and_signed_in(store: Store) -> None:
    seeded = store.run(commands.seed_consumers, 5_000)

    last = store.read(queries.principal_of, seeded[-1].token)
    assert len({one.token for one in seeded}) == 5_000
    assert last is not None
    assert last.person_id == seeded[-1].person_id
    assert last.has(Role.CONSUMER)


def test_a_person_sees_where_they_are_signed_in_and_ends_what_they_do_not_know(store: Store) -> None:
    ana = add_ana(store)
    stolen = store.run(commands.sign_in_as, ana, Carrier.COOKIE, None, "Edge, Windows")
    mine = work.sign_in(store, EMAIL, PASSWORD, network=HERE, carrier=Carrier.COOKIE, browser="Firefox, Linux")
    newest, oldest = store.read(queries.sign_ins, ana, mine.token)

    store.run(commands.end_sign_in, ana, oldest.id)

    assert (newest.browser, newest.here) == ("Firefox, Linux", True)
    assert (oldest.browser, oldest.here, oldest.carrier) == ("Edge, Windows", False, Carrier.COOKIE)
    assert store.read(queries.principal_of, stolen.token) is None
    assert store.read(queries.principal_of, mine.token) is not None


def test_nobody_ends_the_sign_in_of_somebody_else(store: Store) -> None:
    ana, eve = add_ana(store), store.run(commands.add_person, "Eve")
    entered = store.run(commands.sign_in_as, ana)
    [shown] = store.read(queries.sign_ins, ana, entered.token)

    with pytest.raises(MissingError):
        store.run(commands.end_sign_in, eve, shown.id)
    store.run(commands.sign_out_elsewhere, eve, "")

    assert store.read(queries.principal_of, entered.token) is not None


def test_signing_out_everywhere_else_leaves_this_one(store: Store) -> None:
    ana = add_ana(store)
    others, here = [store.run(commands.sign_in_as, ana) for _ in range(2)], store.run(commands.sign_in_as, ana)

    store.run(commands.sign_out_elsewhere, ana, here.token)

    assert [one.here for one in store.read(queries.sign_ins, ana, here.token)] == [True]
    assert all(store.read(queries.principal_of, one.token) is None for one in others)
