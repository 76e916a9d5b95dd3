"""Letters that strangers ask for are counted, or they would fill somebody's box."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from farmlink.people import commands, rules, work
from tests.farmlink.people.builders import EMAIL, HERE, PASSWORD, add_ana, age, announced

if TYPE_CHECKING:
    from farmlink.store.store import Store


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_a_few_letters_an_hour_are_sent_to_an_address_and_no_more_whoever_asks(store: Store, email: str) -> None:
    add_ana(store)
    asks = [partial(work.ask_reset, store, email), partial(work.register, store, email, "Eve", "en", PASSWORD)]
    for number in range(rules.LETTERS_PER_ADDRESS):
        asks[number % 2](network=f"203.0.113.{number}")

    for ask in asks:
        with pytest.raises(rules.TooManyLettersError) as refused:
            ask(network="198.51.100.1")
        assert refused.value.facts["minutes"] == 60

    store.run(age, "letter_ask", "asked_at = asked_at - interval '61 minutes'")
    work.ask_reset(store, email, network=HERE)
    store.run(commands.forget_old)
    assert store.read(lambda tx: tx.execute("SELECT count(*) FROM letter_ask").scalar_one()) == 1


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
    for number in range(rules.LETTERS_PER_NETWORK):
        work.ask_reset(store, f"somebody-{number}@example.org", network=HERE)

    monkeypatch.setattr(work, "_hashed", lambda _password: pytest.fail("hashed"))
    with pytest.raises(rules.TooManyLettersError):
        work.register(store, EMAIL, "Ana", "en", PASSWORD, network=HERE)
    work.ask_reset(store, EMAIL, network="198.51.100.1")
