"""Signing in by a one-time code: what its owner, and what a guesser, notices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from farmlink.kernel.errors import InvalidError
from farmlink.people import commands, queries, rules, work
from farmlink.people.rules import codes
from farmlink.people.values import CodeId, ResetId
from tests.farmlink.people.builders import EMAIL, HERE, add_ana, age, announced

if TYPE_CHECKING:
    from farmlink.people.values import CodeAsked, SignedIn
    from farmlink.store.store import Store

NOBODY, THERE = "nobody@example.org", "203.0.113.9"
WIDE = "".join(chr(0xFF10 + digit) for digit in (0, 4, 2, 1, 3, 7, 5, 8))
"""04213758 as a Chinese keyboard may type it."""
SECRET, ONE, OTHER = b"s" * 32, UUID(int=1), UUID(int=2)


def ask(store: Store, email: str = EMAIL) -> CodeAsked:
    return work.ask_code(store, email, network=HERE)


def sent(store: Store) -> str:
    """The code of the newest letter."""
    [*_, newest] = announced(store, "sign-in.code-asked.v1", "code_id")
    return store.run(commands.make_code, CodeId(newest))


def enter(store: Store, token: str, code: str, network: str = HERE, device: str | None = None) -> SignedIn:
    return work.sign_in_by_code(store, token, code, network=network, device=device)


def wrong(store: Store) -> str:
    return f"{(int(sent(store)) + 1) % 10**codes.CODE_DIGITS:0{codes.CODE_DIGITS}}"


def test_a_person_signs_in_by_the_code_where_it_was_asked_for_and_once(store: Store) -> None:
    ana = add_ana(store)
    asked, code = ask(store), sent(store)

    entered = enter(store, asked.token, f" {code[:4]} {code[4:]} ")

    assert entered.person_id == ana
    assert store.read(queries.principal_of, entered.token) is not None
    with pytest.raises(codes.CodeSpentError):
        enter(store, asked.token, code)


def test_a_guessed_code_is_of_no_use_in_another_browser(store: Store) -> None:
    add_ana(store)
    ask(store)
    code = sent(store)
    elsewhere = ask(store, NOBODY)

    with pytest.raises(codes.WrongCodeError):
        enter(store, elsewhere.token, code)
    with pytest.raises(codes.CodeSpentError):
        enter(store, "", code)


@pytest.mark.parametrize("email", [EMAIL, NOBODY])
def test_five_tries_are_all_whether_the_address_is_known_or_not(store: Store, email: str) -> None:
    add_ana(store)
    asked = ask(store, email)
    [code_id] = announced(store, "sign-in.code-asked.v1", "code_id")
    guess = wrong(store) if email == EMAIL else "00000000"

    for _ in range(codes.CODE_TRIES):
        with pytest.raises(codes.WrongCodeError):
            enter(store, asked.token, guess)
    right = sent(store) if email == EMAIL else "00000001"
    with pytest.raises(codes.CodeSpentError):
        enter(store, asked.token, right)

    kept = store.read(lambda tx: tx.execute("SELECT id, tries FROM sign_in_code").all())
    assert [tuple(row) for row in kept] == [(code_id, codes.CODE_TRIES)]


def test_tries_that_come_all_at_once_count_like_those_in_a_row(store: Store) -> None:
    add_ana(store)
    asked, guess = ask(store), wrong(store)

    def judged(_number: int) -> type[Exception] | None:
        try:
            enter(store, asked.token, guess)
        except (codes.WrongCodeError, codes.CodeSpentError) as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(judged, range(16)))

    assert found.count(codes.WrongCodeError) == codes.CODE_TRIES
    assert found.count(codes.CodeSpentError) == 16 - codes.CODE_TRIES


def test_a_network_that_guessed_many_codes_is_refused_for_a_while_whatever_the_address(store: Store) -> None:
    ana = add_ana(store)
    for number in range(codes.WRONG_PER_NETWORK):
        store.run(commands.note_failure, f"somebody{number}@example.org", THERE)
    asked, code, device = ask(store), sent(store), work.device_token(store, ana)

    with pytest.raises(rules.TooManyFailuresError) as refusal:
        enter(store, asked.token, code, THERE)
    assert refusal.value.facts["minutes"] == 15
    assert enter(store, asked.token, code, THERE, device).person_id == ana, "a device that signed in before"
    store.run(age, "sign_in_failure", "failed_at = failed_at - interval '16 minutes'")
    asked = ask(store)
    assert enter(store, asked.token, sent(store), THERE).person_id == ana


def test_wrong_codes_count_and_right_ones_do_not(store: Store) -> None:
    add_ana(store)
    known, unknown = (ask(store, email) for email in (EMAIL, NOBODY))
    [code_id, _] = announced(store, "sign-in.code-asked.v1", "code_id")
    right = store.run(commands.make_code, CodeId(code_id))

    with pytest.raises(codes.WrongCodeError):
        enter(store, unknown.token, right, THERE)
    enter(store, known.token, right, THERE)

    counted = store.read(lambda tx: tx.execute("SELECT network, email_hash FROM sign_in_failure").all())
    assert [tuple(row) for row in counted] == [(THERE, rules.hashed(NOBODY))]


def test_what_cannot_be_a_code_is_no_try(store: Store) -> None:
    add_ana(store)
    asked = ask(store)

    for _ in range(codes.CODE_TRIES):
        with pytest.raises(InvalidError):
            enter(store, asked.token, "12345")

    assert enter(store, asked.token, sent(store)).token


def test_a_new_code_replaces_the_one_before(store: Store) -> None:
    add_ana(store)
    first, old = ask(store), sent(store)
    second = ask(store)

    with pytest.raises(codes.CodeSpentError):
        enter(store, first.token, old)
    assert enter(store, second.token, sent(store)).token


def test_after_ten_minutes_a_code_is_neither_written_nor_taken_and_then_forgotten(store: Store) -> None:
    add_ana(store)
    asked, code = ask(store), sent(store)
    store.run(age, "sign_in_code", "expires_at = expires_at - interval '10 minutes'")

    with pytest.raises(codes.CodeSpentError):
        enter(store, asked.token, code)
    with pytest.raises(rules.TokenSpentError):
        sent(store)
    store.run(commands.forget_old)
    assert store.read(lambda tx: tx.execute("SELECT count(*) FROM sign_in_code").scalar_one()) == 0


def test_the_database_holds_neither_the_code_nor_what_shows_the_browser(store: Store) -> None:
    add_ana(store)
    asked, code = ask(store), sent(store)

    kept = store.read(lambda tx: tx.execute("SELECT sign_in_code::text FROM sign_in_code").scalar_one())

    for secret in (code, asked.token, EMAIL):
        assert secret not in kept
        assert secret.encode().hex() not in kept


def test_an_unknown_address_leaves_as_much_behind_as_a_known_one(store: Store) -> None:
    add_ana(store)
    for email in (EMAIL, NOBODY):
        ask(store, email)

    assert len(announced(store, "sign-in.code-asked.v1", "code_id")) == 2
    assert store.read(lambda tx: tx.execute("SELECT count(*) FROM sign_in_code").scalar_one()) == 2


def test_a_new_password_and_an_erasure_end_a_code(store: Store) -> None:
    ana = add_ana(store)
    asked, code = ask(store), sent(store)
    work.ask_reset(store, EMAIL, network=HERE)
    [reset] = announced(store, "password.reset-asked.v1", "reset_id")
    token = store.run(commands.make_reset_token, ResetId(reset))[1]
    work.reset_password(store, token, "another pass phrase")
    with pytest.raises(codes.CodeSpentError):
        enter(store, asked.token, code)

    asked, code = ask(store), sent(store)
    store.run(commands.erase_person, ana)
    with pytest.raises(codes.CodeSpentError):
        enter(store, asked.token, code)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("04213758", "04213758"), (" 0421 3758 ", "04213758"), ("0421-3758", "04213758"), (WIDE, "04213758")],
)
def test_a_code_is_read_in_whatever_groups_and_digits_it_is_typed(typed: str, read: str) -> None:
    assert codes.clean_code(typed) == read


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567a", WIDE + "1"])
def test_anything_but_eight_digits_is_no_code(typed: str) -> None:
    with pytest.raises(InvalidError):
        codes.clean_code(typed)


def test_each_wish_has_eight_digits_of_its_own_that_only_the_installation_knows() -> None:
    code = codes.code_of(SECRET, ONE)

    assert len(code) == codes.CODE_DIGITS
    assert code.isdigit()
    assert code == codes.code_of(SECRET, ONE)
    assert len({code, codes.code_of(SECRET, OTHER), codes.code_of(b"t" * 32, ONE)}) == 3
    assert codes.same_code(SECRET, ONE, code)
    assert not codes.same_code(SECRET, OTHER, code)


@pytest.mark.parametrize(
    ("user_agent", "named"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) MicroMessenger/8.0.49", "WeChat, iPhone"),
        ("python-httpx/0.28", ""),
        ("", ""),
    ],
)
def test_a_browser_is_known_roughly_by_what_it_calls_itself(user_agent: str, named: str) -> None:
    assert codes.browser_of(user_agent) == named
