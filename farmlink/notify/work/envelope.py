"""A letter in its envelope: built by the standard library, so that no name or subject can add a header."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import parseaddr

from farmlink.notify.values import Letter, MessageId


@dataclass(frozen=True, slots=True)
class Sender:
    """Who letters come from, such as `farmlink <post@farmlink.example>`, and where their links lead."""

    mail_from: str
    public_url: str

    @property
    def address(self) -> Address:
        """The sender as a header has it."""
        name, spec = parseaddr(self.mail_from)
        user, _, domain = spec.rpartition("@")
        return Address(name, user, domain)


def envelope(message_id: MessageId, letter: Letter, sender: Sender) -> EmailMessage:
    """Put a letter into its envelope; the same message has the same Message-ID whenever it is sent."""
    user, _, domain = letter.to.rpartition("@")
    international = not letter.to.isascii()
    sealed = EmailMessage(policy=SMTPUTF8 if international else SMTP)
    sealed["Message-ID"] = f"<{message_id.hex}@{sender.address.domain}>"
    sealed["Date"] = datetime.now(UTC)
    sealed["From"] = sender.address
    sealed["To"] = Address("", user, domain)
    sealed["Subject"] = letter.subject
    sealed["Auto-Submitted"] = "auto-generated"
    if letter.ended_at:
        sealed["List-Unsubscribe"] = f"<{letter.ended_at}>"
        if letter.ended_at.startswith("https:"):  # RFC 8058 allows one click only over https
            sealed["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    sealed.set_content(letter.body, cte="7bit" if letter.body.isascii() else "quoted-printable")
    sealed["Content-Language"] = letter.language  # set_content removes what it finds of content
    return sealed
