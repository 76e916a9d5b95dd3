"""Mail goes out at least once and is seen once, whatever breaks on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.notify import rules
from farmlink.notify.commands.posting import take_turn
from farmlink.notify.tables import Message
from farmlink.notify.values import Kind
from farmlink.notify.work import send_due, send_waiting
from farmlink.notify.work.couriers import MailFolder, MailServer, Post, RefusedForGoodError
from farmlink.notify.work.envelope import Sender
from farmlink.people import commands as people
from farmlink.people.rules import TokenSpentError
from farmlink.people.values import PersonId, RegistrationRepeated
from farmlink.scheduler import JOBS, REACTIONS
from farmlink.store.outbox import relay_due
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.counted import counted
from tests.farmlink.notify.builders import SENDER, PostOffice, ask, token
from tests.farmlink.notify.mail_server import DEAD, SILENCE, MailHouse
from tests.farmlink.planning.builders import run_sql

SEND = """
from farmlink.notify.work import send_waiting
from farmlink.store.engine import open_store
with open_store() as store:
    send_waiting(store)
"""


def wish(tx: Transaction, kind: Kind, person_id: PersonId) -> None:
    message = Message(cause=uuid7(), kind=kind, person_id=person_id, subject_id=uuid7(), asked_at=tx.now, due_at=tx.now)
    tx.add(message)


def test_mail_reaches_the_mail_server(post: PostOffice, house: MailHouse) -> None:
    ask(post, language="zh-CN")
    ask(post, "bob@example.org")

    assert post.send(MailServer(house.url)) == 2

    assert [(letter["To"], letter["Auto-Submitted"]) for letter in house.letters] == [
        ("ana@example.org", "auto-generated"),
        ("bob@example.org", "auto-generated"),
    ]
    assert house.letters[0]["Subject"] == "您的 farmlink 账户"
    assert house.connections == 1, "a round keeps its connection"
    assert post.send(MailServer(house.url)) == 0


def test_who_waits_at_the_screen_is_written_to_before_everybody_else(post: PostOffice) -> None:
    bulk = [post.person(f"ana{number}@example.org") for number in range(3)]
    for person_id in bulk:
        post.store.run(wish, Kind.ORDER_STANDS, person_id)
    awaited = [Kind.SIGN_IN_CODE, Kind.PASSWORD_RESET, Kind.REGISTRATION, Kind.KNOWN_ADDRESS]
    for kind in awaited:
        post.store.run(wish, kind, bulk[0])
    turn = post.store.run(take_turn)

    assert [one.kind for one in turn.messages] == [*awaited, *([Kind.ORDER_STANDS] * 3)]


def test_an_event_that_is_relayed_twice_makes_one_message(post: PostOffice) -> None:
    ask(post)
    run_sql(post.store, "UPDATE outbox_event SET delivered_at = NULL")

    assert relay_due(post.store, REACTIONS) == 1

    assert post.states() == [("registration", "waiting")]


def test_two_events_about_the_same_make_two_messages(post: PostOffice) -> None:
    ana = post.person()
    for _ in range(2):
        post.store.run(lambda tx: tx.announce(RegistrationRepeated(ana)))
    assert post.send() == 2


def test_a_lost_reply_brings_the_same_message_again_and_both_its_links_work(post: PostOffice, house: MailHouse) -> None:
    house.answer("DATA", DEAD)
    ask(post)

    assert post.send(MailServer(house.url)) == 0
    assert post.rows()[0].last_error == "SMTPDataError 421"
    post.make_due()
    assert post.send(MailServer(house.url)) == 1

    first, second = house.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert post.store.run(people.confirm_registration, token(first)) is not None
    assert token(first) != token(second)


def test_a_new_password_can_be_chosen_by_whichever_of_two_sendings_arrived(post: PostOffice, house: MailHouse) -> None:
    ana = post.person()
    house.answer("DATA", DEAD)
    post.store.run(people.ask_reset, "ana@example.org")
    post.send(MailServer(house.url))
    post.make_due()
    post.send(MailServer(house.url))

    first, second = map(token, house.letters)

    assert post.store.run(people.set_password, first, "hash") == ana
    with pytest.raises(TokenSpentError):
        post.store.run(people.set_password, second, "hash")


def test_a_sender_killed_before_it_could_say_so_is_outwaited(
    post: PostOffice, house: MailHouse, database_url: str
) -> None:
    house.answer("DATA", SILENCE)
    ask(post)
    environment = os.environ | {"FARMLINK_DATABASE_URL": database_url, "FARMLINK_SMTP_URL": house.url}
    sender = subprocess.Popen([sys.executable, "-c", SEND], env=environment)
    assert house.arrived.wait(30)
    sender.send_signal(signal.SIGKILL)
    sender.wait()

    early = post.send(MailServer(house.url))
    post.make_due()
    later = send_due(post.store, MailServer(house.url), Sender("farmlink <farmlink@localhost>", "https://farm.example"))

    assert (early, later) == (0, 1)
    assert len(house.letters) == 2
    assert len(set(house.ids())) == 1
    assert post.states() == [("registration", "sent")]


def test_a_busy_mail_server_is_tried_again_later(post: PostOffice, house: MailHouse) -> None:
    house.answer("RCPT", b"450 mailbox of ana@example.org is busy")
    ask(post)

    assert post.send(MailServer(house.url)) == 0

    [row] = post.rows()
    assert (row.state, row.attempts, row.last_error) == ("waiting", 1, "SMTPResponseException 450")
    assert post.send(MailServer(house.url)) == 0, "not before it is due"


@pytest.mark.parametrize(
    ("verb", "reply", "error"),
    [
        ("RCPT", b"550 no ana@example.org here", "recipient refused 550"),
        ("DATA", b"554 not this", "letter refused 554"),
    ],
)
def test_what_a_mail_server_refuses_for_good_is_given_up(
    post: PostOffice, house: MailHouse, verb: str, reply: bytes, error: str
) -> None:
    house.answer(verb, reply)
    ask(post)
    ask(post, "bob@example.org")

    assert post.send(MailServer(house.url)) == 1

    assert [(row.state, row.last_error) for row in post.rows()] == [("failed", error), ("sent", None)]


def test_an_international_address_is_given_up_where_the_server_does_not_know_them(
    post: PostOffice, house: MailHouse
) -> None:
    ask(post, "张@例子.cn")
    assert post.send(MailServer(house.url)) == 0
    assert [row.state for row in post.rows()] == ["failed"]


def test_without_a_mail_server_there_mail_waits_and_is_given_up_at_last(post: PostOffice) -> None:
    ask(post)
    nowhere = MailServer("smtp://127.0.0.1:1")
    post.send(nowhere)
    assert [(row.state, row.last_error) for row in post.rows()] == [("waiting", "ConnectionRefusedError")]
    run_sql(post.store, "UPDATE message SET attempts = :last, due_at = now()", last=rules.MOST_ATTEMPTS - 1)

    post.send(nowhere)

    assert post.states() == [("registration", "failed")]


def test_a_letter_that_cannot_be_written_does_not_stop_the_others(post: PostOffice) -> None:
    ask(post)
    ask(post, "bob@example.org")
    run_sql(post.store, "UPDATE registration SET language = 'tlh_' WHERE email = 'ana@example.org'")
    run_sql(
        post.store,
        "UPDATE message SET kind = 'question' WHERE subject_id IN (SELECT id FROM registration"
        " WHERE email = 'ana@example.org')",
    )

    post.send()

    assert [letter["To"] for letter in post.letters()] == ["bob@example.org"]


def test_a_courier_who_comes_too_late_changes_nothing(post: PostOffice) -> None:
    """One that slept through its lease fails while another has sent the message."""

    class Sleeper(MailFolder):
        @contextmanager
        def round(self) -> Iterator[Post]:
            def fail(_letter: object) -> None:
                post.make_due()
                assert post.send() == 1
                raise RefusedForGoodError("too late")

            yield fail

    ask(post)
    post.send(Sleeper(post.folder))

    assert post.states() == [("registration", "sent")]


def test_many_couriers_at_once_send_each_message_once(post: PostOffice, house: MailHouse) -> None:
    for number in range(20):
        ask(post, f"person{number}@example.org")
    threads = [threading.Thread(target=post.send, args=[MailServer(house.url)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(house.letters) == 20
    assert len(set(house.ids())) == 20


def test_a_sender_that_is_told_to_stop_gives_back_what_is_not_in_the_post_yet(post: PostOffice) -> None:
    stop = threading.Event()

    class LastRound(MailFolder):
        @contextmanager
        def round(self) -> Iterator[Post]:
            def put(letter: EmailMessage) -> None:
                self._put(letter)
                stop.set()

            yield put

    for email in ("ana@example.org", "bo@example.org", "cy@example.org"):
        ask(post, email)
    assert send_due(post.store, LastRound(post.folder), SENDER, stop) == 1
    assert sorted((row.state, row.attempts) for row in post.rows()) == [("sent", 1), ("waiting", 0), ("waiting", 0)]
    assert post.send() == 2


def test_a_message_that_was_sent_is_never_sent_again(post: PostOffice) -> None:
    ask(post)
    post.send()
    with pytest.raises(Exception, match="cannot move from sent to waiting"):
        run_sql(post.store, "UPDATE message SET state = 'waiting', sent_at = NULL")


def test_the_scheduler_sends(post: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARMLINK_DATA", str(tmp_path))
    monkeypatch.delenv("FARMLINK_SMTP_URL", raising=False)
    ask(post)
    [job] = [job for job in JOBS if job.work is send_waiting]

    job.work(post.store, stop=threading.Event())

    assert job.every_s <= 5
    assert post.only_letter()["To"] == "ana@example.org"


def test_two_thousand_messages_to_people_without_an_address_end_together(store: Store, post: PostOffice) -> None:
    consumers = [one.person_id for one in store.run(people.seed_consumers, 2_000)]
    run_sql(
        store,
        "INSERT INTO message (id, cause, kind, person_id, subject_id, state, attempts, asked_at, due_at)"
        " SELECT gen_random_uuid(), gen_random_uuid(), 'order', person, gen_random_uuid(), 'waiting', 0, now(), now()"
        " FROM unnest(:persons) person",
        persons=consumers,
    )
    with counted(store) as statements:
        assert post.send() == 0

    assert len(statements) < 40, "they are not looked at one by one"
    assert {state for _, state in post.states()} == {"nobody"}
