"""Letters that strangers ask for are counted, or they would fill somebody's box."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from farmlink.kernel.ids import uuid7
from farmlink.people import commands, rules, work
from farmlink.people.values import LetterKind
from tests.farmlink.people.builders import EMAIL, HERE, PASSWORD, add_ana, age, announced

if TYPE_CHECKING:
    from collections.abc import Callable

    from farmlink.people.values import PersonId
    from farmlink.store.store import Store
    from farmlink.store.transaction import Transaction

MORE_FROM_THERE = """
INSERT INTO letter_ask (id, kind, email_hash, network, asked_at)
SELECT gen_random_uuid(), kind, sha256(number::text::bytea), network, asked_at
FROM letter_ask, generate_series(1, :more) AS number
"""


def register(store: Store, email: str, network: str) -> None:
    work.register(store, email, "Eve", "en", PASSWORD, network=network)


def reset(store: Store, email: str, network: str) -> None:
    work.ask_reset(store, email, network=network)


def ask_code(store: Store, email: str, network: str) -> None:
    work.ask_code(store, email, network=network)


@pytest.mark.parametrize("ask", [register, reset, ask_code])
@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_a_few_letters_an_hour_are_sent_to_an_address_and_no_more_whoever_asks(
    store: Store, email: str, ask: Callable[[Store, str, str], None]
) -> None:
    add_ana(store)
    for number in range(rules.LETTERS_PER_ADDRESS):
        ask(store, email, f"203.0.113.{number}")

    with pytest.raises(rules.TooManyLettersError) as refused:
        ask(store, email, "198.51.100.1")
    assert refused.value.facts["minutes"] == 60

    store.run(age, "letter_ask", "asked_at = asked_at - interval '61 minutes'")
    ask(store, email, HERE)
    store.run(commands.forget_old)
    assert store.read(lambda tx: tx.execute("SELECT count(*) FROM letter_ask").scalar_one()) == 1


def test_nobody_keeps_somebody_from_a_new_password_by_registering_the_address(store: Store) -> None:
    add_ana(store)
    for _ in range(rules.LETTERS_PER_ADDRESS):
        register(store, EMAIL, HERE)

    reset(store, EMAIL, HERE)

    assert len(announced(store, "password.reset-asked.v1", "reset_id")) == 1


def test_letters_that_are_asked_for_all_at_once_count_like_those_in_a_row(store: Store) -> None:
    add_ana(store)

    def ask(_number: int) -> bool:
        try:
            work.ask_reset(store, EMAIL, network=HERE)
        except rules.TooManyLettersError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        sent = sum(pool.map(ask, range(30)))

    assert sent == len(announced(store, "password.reset-asked.v1", "reset_id")) == rules.LETTERS_PER_ADDRESS


def test_one_network_asks_for_so_many_letters_and_takes_no_hashing_beyond(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(store, "somebody@example.org", HERE)
    store.run(lambda tx: tx.execute(MORE_FROM_THERE, {"more": rules.LETTERS_PER_NETWORK - 2}))
    register(store, "somebody-else@example.org", HERE)

    monkeypatch.setattr(work, "_hashed", lambda _password: pytest.fail("hashed"))
    with pytest.raises(rules.TooManyLettersError):
        register(store, EMAIL, HERE)
    reset(store, EMAIL, HERE)


def invite(number: int, to: Store) -> PersonId:
    return to.run(commands.invite, f"Guest {number}", f"guest-{number}@example.org", "en")


def test_who_invites_many_within_an_hour_waits_and_others_do_not(store: Store) -> None:
    planner, other = store.by(uuid7()), store.by(uuid7())
    for number in range(rules.INVITATIONS_PER_PERSON):
        invite(number, planner)

    with pytest.raises(rules.TooManyLettersError) as refused:
        invite(rules.INVITATIONS_PER_PERSON, planner)

    assert refused.value.facts["minutes"] == 60
    assert invite(0, planner) == invite(0, other), "whoever is invited already is sent nothing"
    invite(rules.INVITATIONS_PER_PERSON, other)
    assert len(announced(store, "person.invited.v1", "reset_id")) == rules.INVITATIONS_PER_PERSON + 1


def waits(store: Store, command: Callable[[Transaction], object]) -> bool:
    """Tell whether a command waits for the transaction that is open beside it; nothing comes of it."""

    def impatient(tx: Transaction) -> None:
        tx.execute("SET LOCAL lock_timeout = '50ms'")
        command(tx)
        tx.session.flush()

    try:
        store.run(impatient)
    except OperationalError as error:
        return "lock timeout" in str(error)
    return False


def test_who_asks_for_a_letter_waits_for_another_to_the_same_address_or_from_the_same_network(store: Store) -> None:
    def count(tx: Transaction, email: str, network: str) -> None:
        commands.count_letter(tx, LetterKind.RESET, email, network)

    def first(tx: Transaction) -> tuple[bool, ...]:
        count(tx, EMAIL, HERE)
        others = ((EMAIL, "203.0.113.1"), ("other@example.org", HERE), ("third@example.org", "203.0.113.2"))
        return tuple(waits(store, partial(count, email=email, network=network)) for email, network in others)

    assert store.run(first) == (True, True, False)


def test_invitations_of_one_person_wait_for_each_other_and_no_others(store: Store) -> None:
    planner, other = store.by(uuid7()), store.by(uuid7())
    for number in (1, 2, 3):
        store.run(commands.add_person, "Guest", email=f"guest-{number}@example.org")

    def guest(tx: Transaction, number: int) -> None:
        commands.invite(tx, "Guest", f"guest-{number}@example.org", "en")

    def first(tx: Transaction) -> tuple[bool, ...]:
        guest(tx, 1)
        return waits(planner, partial(guest, number=2)), waits(other, partial(guest, number=3))

    assert planner.run(first) == (True, False)


def test_somebody_known_whom_two_invite_at_once_is_sent_one_letter(store: Store) -> None:
    store.run(commands.add_person, "Guest", email="guest-1@example.org")

    def guest(tx: Transaction) -> None:
        commands.invite(tx, "Guest", "guest-1@example.org", "en")

    def first(tx: Transaction) -> bool:
        guest(tx)
        return waits(store.by(uuid7()), guest)

    assert store.by(uuid7()).run(first)
    store.run(guest)
    assert len(announced(store, "person.invited.v1", "reset_id")) == 1
