"""Who carries the mail, what they give away, and what they refuse to carry."""

from __future__ import annotations

from pathlib import Path

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.notify.values import Letter, MessageId
from farmlink.notify.work import courier_of
from farmlink.notify.work.couriers import MailFolder, MailServer, UnsafeMailServerError
from farmlink.notify.work.envelope import envelope
from farmlink.settings import read_settings
from tests.farmlink.notify.builders import SENDER, PostOffice, ask
from tests.farmlink.notify.mail_server import DEAD, MailHouse
from tests.farmlink.planning.builders import force_sql


def test_a_password_is_given_only_under_tls(post: PostOffice, house: MailHouse) -> None:
    courier = MailServer(house.url.replace("//", "//ana:secret@"))
    with pytest.raises(UnsafeMailServerError), courier.round() as carry:
        carry(envelope(MessageId(uuid7()), Letter("a@b", "en", "s", "b"), SENDER))
    house.answer("EHLO", b"250-loopback\r\n250 STARTTLS")
    ask(post)

    post.send(courier)

    assert post.rows()[0].state == "waiting", "what offers TLS and does not speak it gets nothing"
    assert house.letters == []


def test_a_server_of_the_secure_scheme_that_speaks_no_tls_gets_nothing(post: PostOffice, house: MailHouse) -> None:
    ask(post)
    post.send(MailServer(house.url.replace("smtp:", "smtps:")))
    assert [(row.state, row.last_error) for row in post.rows()] == [("waiting", "SSLError")]


def test_a_server_that_hangs_up_after_the_round_has_its_mail_all_the_same(post: PostOffice, house: MailHouse) -> None:
    house.answer("QUIT", DEAD)
    ask(post)
    assert post.send(MailServer(house.url)) == 1


def test_the_mail_folder_is_private_and_a_letter_sent_twice_is_one_file(post: PostOffice) -> None:
    ask(post)
    post.send()
    force_sql(post.store, "UPDATE message SET state = 'waiting', sent_at = NULL, due_at = now()")

    assert post.send() == 1

    [file] = post.folder.iterdir()
    assert post.folder.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_settings_name_the_courier(tmp_path: Path) -> None:
    folder = read_settings({"FARMLINK_DATA": str(tmp_path)})
    server = read_settings(
        {
            "FARMLINK_SMTP_URL": "smtp://mail",
            "FARMLINK_PUBLIC_URL": "https://farm.example/",
            "FARMLINK_MAIL_FROM": "a@b",
        }
    )
    assert courier_of(folder) == MailFolder(tmp_path / "mail")
    assert courier_of(server) == MailServer("smtp://mail")
    assert (folder.public_url, server.public_url, server.mail_from) == (
        "http://127.0.0.1:8000",
        "https://farm.example",
        "a@b",
    )


def test_a_header_cannot_be_planted(post: PostOffice) -> None:
    letter = Letter("ana@example.org\r\nBcc: eve@example.org", "en", "s", "b")
    with pytest.raises(ValueError, match="CR or LF"):
        envelope(MessageId(uuid7()), letter, SENDER)
