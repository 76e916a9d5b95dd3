"""A post office: what happened is relayed, what waits is sent, and the mail can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Final

from farmlink.notify.work import send_due
from farmlink.notify.work.couriers import Courier, MailFolder
from farmlink.notify.work.envelope import Sender
from farmlink.people import commands as people
from farmlink.people.values import OrganisationId, PersonId, Role
from farmlink.scheduler import REACTIONS
from farmlink.store.outbox import relay_due
from farmlink.store.store import Store
from tests.farmlink.planning.builders import run_sql

SENDER: Final = Sender("farmlink <post@farm.example>", "https://farm.example")


@dataclass
class PostOffice:
    """The messages of one store, and the folder that they are put into."""

    store: Store
    folder: Path

    def send(self, courier: Courier | None = None) -> int:
        """Relay what was announced and send what is due."""
        relay_due(self.store, REACTIONS)
        return send_due(self.store, courier or MailFolder(self.folder), SENDER)

    def letters(self) -> list[EmailMessage]:
        """What is in the folder, the oldest first."""
        return [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(self.folder.glob("*.eml"))]

    def only_letter(self) -> EmailMessage:
        [letter] = self.letters()
        return letter

    def states(self) -> list[tuple[str, str]]:
        """What became of each message, by kind."""
        return [(row.kind, row.state) for row in self.rows()]

    def told(self) -> list[tuple[str, str]]:
        """The same without those whom no message reaches."""
        return [(kind, state) for kind, state in self.states() if state != "nobody"]

    def rows(self) -> list[Any]:
        return list(self.store.read(lambda tx: tx.execute("SELECT * FROM message ORDER BY id").all()))

    def make_due(self) -> None:
        """Let the time pass until everything that waits is due again."""
        run_sql(self.store, "UPDATE message SET due_at = now() WHERE state = 'waiting'")

    def person(
        self,
        email: str | None = "ana@example.org",
        language: str = "en",
        role: Role = Role.CONSUMER,
        organisation_id: OrganisationId | None = None,
    ) -> PersonId:
        return self.store.run(
            people.add_person, "Ana", email=email, language=language, role=role, organisation_id=organisation_id
        )


def body(letter: EmailMessage) -> str:
    content = letter.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def said(letter: EmailMessage) -> str:
    """What a letter says above its foot, which names the way out of such letters."""
    above, foot, _ = body(letter).partition("\nYou can do without letters of this kind: ")
    assert foot, "this letter always comes"
    return above


def link(letter: EmailMessage) -> str:
    """The link in a letter."""
    [found] = re.findall(r"https://\S+", body(letter))
    return str(found)


def token(letter: EmailMessage) -> str:
    """What the link in a letter ends with."""
    return link(letter).rpartition("/")[2]


def ask(post: PostOffice, email: str = "ana@example.org", language: str = "en") -> None:
    """Ask for an account, the plainest cause of a message."""
    post.store.run(people.ask_registration, email, "Ana", language, "hash")
    relay_due(post.store, REACTIONS)
