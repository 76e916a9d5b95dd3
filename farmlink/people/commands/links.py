"""Signed links: looking does nothing, the first device that posts keeps it, every other is refused."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from farmlink.kernel.ids import uuid7
from farmlink.people import queries, rules
from farmlink.people.values import Link, PersonId
from farmlink.store.transaction import Transaction

DEVICES = "device"


def make_link(tx: Transaction, purpose: str, subject_id: UUID, person_id: PersonId, expires_at: datetime) -> str:
    """Make the token of a link about one subject for one person; nothing is kept until it is used."""
    return rules.sign_link(secret_of(tx, queries.LINKS), purpose, Link(uuid7(), subject_id, person_id, expires_at))


def use_link(tx: Transaction, purpose: str, token: str, device: str) -> Link:
    """Bind the link to the device at the first use, and refuse every other device from then on."""
    link = queries.link(tx, purpose, token)
    device_hash = rules.hashed(device)
    tx.execute(
        "INSERT INTO link_binding (link_id, device_hash, bound_at, expires_at)"
        " VALUES (:link_id, :device_hash, :now, :expires_at) ON CONFLICT DO NOTHING",
        {"link_id": link.id, "device_hash": device_hash, "now": tx.now, "expires_at": link.expires_at},
    )
    bound = tx.execute("SELECT device_hash FROM link_binding WHERE link_id = :id", {"id": link.id}).scalar_one()
    if bytes(bound) != device_hash:
        raise rules.LinkElsewhereError
    return link


def device_secret(tx: Transaction) -> bytes:
    """The key by which a device shows that it signed somebody in before."""
    return secret_of(tx, DEVICES)


def secret_of(tx: Transaction, purpose: str) -> bytes:
    """The installation's key for one purpose, made when it is needed first."""
    tx.execute(
        "INSERT INTO signing_key (purpose, secret, made_at) VALUES (:purpose, :secret, :now) ON CONFLICT DO NOTHING",
        {"purpose": purpose, "secret": secrets.token_bytes(32), "now": tx.now},
    )
    secret = queries.signing_key(tx, purpose)
    assert secret is not None
    return secret
