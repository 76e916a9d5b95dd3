"""Accounts and new passwords, by the token in a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from farmlink.people import commands, queries, rules, work
from farmlink.people.values import RegistrationId, ResetId
from tests.farmlink.people.builders import EMAIL, HERE, PASSWORD, add_ana, age, announced, enter

if TYPE_CHECKING:
    from farmlink.store.store import Store


def test_an_account_opens_only_by_the_token_in_the_message(store: Store) -> None:
    work.register(store, EMAIL, "Ana", "zh-CN", PASSWORD, network=HERE)
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

    work.register(store, EMAIL, "Eve", "en", "another long phrase", network=HERE)

    assert announced(store, "registration.repeated.v1", "person_id") == [ana]
    assert announced(store, "registration.asked.v1", "registration_id") == []
    assert enter(store) == ana


def test_whoever_confirms_decides_the_password_however_many_others_asked(store: Store) -> None:
    work.register(store, EMAIL, "Eve", "en", "the password of eve", network=HERE)
    work.register(store, EMAIL, "Ana", "en", PASSWORD, network=HERE)
    eves, anas = announced(store, "registration.asked.v1", "registration_id")
    eves_token = store.run(commands.make_registration_token, RegistrationId(eves))[2]
    anas_token = store.run(commands.make_registration_token, RegistrationId(anas))[2]

    ana = store.run(commands.confirm_registration, anas_token)

    assert enter(store) == ana
    with pytest.raises(rules.TokenSpentError):
        store.run(commands.confirm_registration, eves_token)


def test_a_token_lies_no_longer_than_it_should(store: Store) -> None:
    work.register(store, EMAIL, "Ana", "en", PASSWORD, network=HERE)
    [asked] = announced(store, "registration.asked.v1", "registration_id")
    token = store.run(commands.make_registration_token, RegistrationId(asked))[2]
    store.run(age, "registration", "expires_at = expires_at - interval '3 hours'")

    with pytest.raises(rules.TokenSpentError):
        store.run(commands.confirm_registration, token)


def test_an_account_that_came_otherwise_meanwhile_is_not_taken_over(store: Store) -> None:
    work.register(store, EMAIL, "Ana", "en", PASSWORD, network=HERE)
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
