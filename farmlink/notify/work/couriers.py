"""Couriers carry letters out of the house: by SMTP, or into a folder of files where no mail server is named."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

PATIENCE_S: Final = 10
PERMANENT: Final = 500
"""SMTP replies from here on say that trying again is of no use (RFC 5321, 4.2.1)."""
Post = Callable[[EmailMessage], None]


class RefusedForGoodError(Exception):
    """No further attempt can deliver this letter."""


class UnsafeMailServerError(Exception):
    """A mail server that wants a password and speaks no TLS gets none."""


class Courier(Protocol):
    """Whoever carries letters."""

    def round(self) -> AbstractContextManager[Post]:
        """Set out with several letters; what is given to the `Post` has arrived when it returns."""
        ...


@dataclass(frozen=True, slots=True)
class MailFolder:
    """A folder of `.eml` files that only its owner reads; a letter sent twice is one file."""

    folder: Path

    @contextmanager
    def round(self) -> Iterator[Post]:
        """Write each letter to its file."""
        yield self._put

    def _put(self, letter: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{letter['Message-ID'].strip('<>').partition('@')[0]}.eml"
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(letter.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, `smtp://host:25` (TLS when it offers that) or `smtps://user:password@host:465`."""

    url: str

    @contextmanager
    def round(self) -> Iterator[Post]:
        """Keep one connection for the round; one that broke is opened anew for the next letter."""
        held: list[smtplib.SMTP] = []

        def post(letter: EmailMessage) -> None:
            session = held.pop() if held else self._connect()
            try:
                _hand_over(session, letter)
            except BaseException:
                session.close()
                raise
            held.append(session)

        try:
            yield post
        finally:
            for session in held:
                with suppress(OSError, smtplib.SMTPException):  # the letters have arrived, however the server parts
                    session.quit()

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, safe = parts.hostname or "localhost", ssl.create_default_context()
        if parts.scheme == "smtps":
            session: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE_S, context=safe)
        else:
            session = smtplib.SMTP(host, parts.port or 25, timeout=PATIENCE_S)
        try:
            _introduce(session, safe, unquote(parts.username or ""), unquote(parts.password or ""))
        except BaseException:
            session.close()
            raise
        return session


def _introduce(session: smtplib.SMTP, safe: ssl.SSLContext, user: str, password: str) -> None:
    """Ask for TLS where it is offered, and give the password only under it."""
    session.ehlo_or_helo_if_needed()
    secured = isinstance(session.sock, ssl.SSLSocket)
    if not secured and session.has_extn("starttls"):
        session.starttls(context=safe)
        secured = True
    if user and not secured:
        raise UnsafeMailServerError
    if user:
        session.login(user, password)


def _hand_over(session: smtplib.SMTP, letter: EmailMessage) -> None:
    try:
        session.send_message(letter)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        if min(codes) >= PERMANENT:
            raise RefusedForGoodError(f"recipient refused {min(codes)}") from refused
        raise smtplib.SMTPResponseException(min(codes), "recipient put off") from None
    except smtplib.SMTPDataError as refused:
        if refused.smtp_code >= PERMANENT:
            raise RefusedForGoodError(f"letter refused {refused.smtp_code}") from refused
        raise
    except smtplib.SMTPNotSupportedError as refused:
        raise RefusedForGoodError("the mail server takes no international addresses") from refused
