"""Sending what waits: letters are written and marked in transactions, and carried between them."""

from __future__ import annotations

import logging
import smtplib
from threading import Event

from farmlink.notify import commands
from farmlink.notify.values import Waiting
from farmlink.notify.work.couriers import Courier, MailFolder, MailServer, Post, RefusedForGoodError
from farmlink.notify.work.envelope import Sender, envelope
from farmlink.settings import Settings, read_settings
from farmlink.store.store import Store

LOG = logging.getLogger(__name__)


def send_waiting(store: Store, *, stop: Event | None = None) -> int:
    """Send what waits by the courier that the settings name."""
    settings = read_settings()
    return send_due(store, courier_of(settings), Sender(settings.mail_from, settings.public_url), stop)


def courier_of(settings: Settings) -> Courier:
    """The mail server if one is named, else the folder beside the data."""
    return MailServer(settings.smtp_url) if settings.smtp_url else MailFolder(settings.data / "mail")


def send_due(store: Store, courier: Courier, sender: Sender, stop: Event | None = None) -> int:
    """Send every message that is due, each at least once and recognisable as the same; the number sent.

    Who is told to stop gives back what is not in the post yet.
    """
    sent, stopping = 0, stop or Event()
    with courier.round() as post:
        while not stopping.is_set() and (turn := store.run(commands.take_turn)).seen:
            for place, message in enumerate(turn.messages):
                if stopping.is_set():
                    store.run(commands.give_back, turn.messages[place:])
                    break
                sent += _send(store, post, sender, message)
    return sent


def _send(store: Store, post: Post, sender: Sender, message: Waiting) -> bool:
    """Carry one message; whatever is wrong with it must not stop the others."""
    try:
        letter = store.run(commands.write_letter, message, sender.public_url)
        if letter is None:
            return False
        post(envelope(message.id, letter, sender))
    except RefusedForGoodError as refusal:
        store.run(commands.mark_failed, message, str(refusal))
        LOG.warning("message %s is given up: %s", message.id, refusal)
        return False
    except Exception as failure:  # noqa: BLE001  # kept, and tried again later
        store.run(commands.put_off, message, named(failure))
        LOG.warning("message %s waits: %s", message.id, named(failure))
        return False
    store.run(commands.mark_sent, message)
    return True


def named(failure: Exception) -> str:
    """Name a failure without what it says: mail servers repeat addresses, which live only in people."""
    code = failure.smtp_code if isinstance(failure, smtplib.SMTPResponseException) else ""
    return f"{type(failure).__name__} {code}".strip()
