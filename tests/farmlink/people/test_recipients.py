"""Whom somebody gives something: known to the giver alone, forgotten when the giver says so or goes."""

from __future__ import annotations

import pytest

from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.kernel.page import Paging
from farmlink.people import commands, queries
from farmlink.people.rules import MOST_RECIPIENTS, TooManyRecipientsError
from farmlink.people.values import PersonId, Recipient
from farmlink.store.store import Store


def named_by(store: Store, giver: PersonId) -> list[Recipient]:
    return store.read(queries.recipients, giver, Paging()).items


def test_recipients_are_known_to_who_named_them(store: Store) -> None:
    ada, bob = store.run(commands.add_person, "Ada"), store.run(commands.add_person, "Bob")
    rose = store.run(commands.name_recipient, ada, " Rose ", phone="+1 231 555 0101")

    assert named_by(store, ada) == [Recipient(rose, "Rose", "+1 231 555 0101")]
    assert named_by(store, bob) == []
    assert not store.read(queries.signs_in, rose)


def test_a_recipient_is_forgotten_by_who_named_them_and_by_nobody_else(store: Store) -> None:
    ada, bob = store.run(commands.add_person, "Ada"), store.run(commands.add_person, "Bob")
    rose = store.run(commands.name_recipient, ada, "Rose")

    for giver, one in ((bob, rose), (ada, bob)):
        with pytest.raises(MissingError):
            store.run(commands.forget_recipient, giver, one)
    store.run(commands.forget_recipient, ada, rose)

    assert named_by(store, ada) == []
    assert store.read(queries.contact, rose).name == ""
    assert store.read(queries.contact, bob).name == "Bob"


def test_who_is_erased_leaves_nobody_behind_whom_only_they_named(store: Store) -> None:
    ada = store.run(commands.add_person, "Ada")
    rose = store.run(commands.name_recipient, ada, "Rose", phone="+1 231 555 0101")

    store.run(commands.erase_person, ada)

    gone = store.read(queries.contact, rose)
    assert (gone.name, gone.phone) == ("", None)
    with pytest.raises(MissingError):
        store.run(commands.name_recipient, ada, "Rose")


def test_a_recipient_who_asks_for_it_is_erased_like_anybody(store: Store) -> None:
    ada = store.run(commands.add_person, "Ada")
    rose = store.run(commands.name_recipient, ada, "Rose")

    store.run(commands.erase_person, rose)

    assert named_by(store, ada) == []


def test_recipients_are_friends_and_family_with_a_name(store: Store) -> None:
    ada = store.run(commands.add_person, "Ada")
    with pytest.raises(InvalidError):
        store.run(commands.name_recipient, ada, " ")
    for number in range(MOST_RECIPIENTS):
        store.run(commands.name_recipient, ada, f"Friend {number}")
    with pytest.raises(TooManyRecipientsError):
        store.run(commands.name_recipient, ada, "One too many")
