"""Signing in by a one-time code: asked for in one browser, sent to the address, typed into that same browser."""

from __future__ import annotations

from uuid import UUID

from farmlink.kernel.ids import uuid7
from farmlink.people import queries, rules
from farmlink.people.commands.links import device_secret, secret_of
from farmlink.people.commands.sign_ins import count_wrong, sign_in_as
from farmlink.people.rules import codes
from farmlink.people.values import Carrier, CodeAsked, CodeId, PersonId, SignedIn, SignInCodeAsked
from farmlink.store import locks
from farmlink.store.transaction import Transaction

CODES = "code"
ASK = """
INSERT INTO sign_in_code (id, person_id, email_hash, browser_hash, tries, asked_at, expires_at)
VALUES (:id, (SELECT id FROM person WHERE email = :email), :email_hash, :browser_hash, 0, :now, :expires_at)
ON CONFLICT (email_hash) DO UPDATE SET id = excluded.id, person_id = excluded.person_id,
  browser_hash = excluded.browser_hash, tries = 0, asked_at = excluded.asked_at, expires_at = excluded.expires_at
"""
ASKER = "SELECT person_id FROM sign_in_code WHERE browser_hash = :browser_hash"
TRY = """
UPDATE sign_in_code SET tries = tries + 1 WHERE browser_hash = :browser_hash AND tries < :most AND expires_at > :now
RETURNING id, person_id, email_hash
"""


def ask_code(tx: Transaction, email: str) -> CodeAsked:
    """Ask for a code, whether or not the address is known: the same is kept of both. It replaces an earlier one."""
    asked = CodeAsked(rules.new_token(), tx.now + codes.CODE_LASTS)
    code_id = CodeId(uuid7())
    tx.execute(
        ASK,
        {
            "id": code_id,
            "email": email,
            "email_hash": rules.hashed(email),
            "browser_hash": rules.hashed(asked.token),
            "now": tx.now,
            "expires_at": asked.expires_at,
        },
    )
    tx.announce(SignInCodeAsked(code_id))
    return asked


def make_code(tx: Transaction, code_id: CodeId) -> str:
    """Reckon a code just when its message is written; refused once it is used, replaced or too old."""
    if queries.code_reader(tx, code_id) is None:
        raise rules.TokenSpentError
    return codes.code_of(secret_of(tx, CODES), code_id)


def enter_by_code(  # noqa: PLR0913  # what a sign-in is judged by
    tx: Transaction,
    token: str,
    code: str,
    *,
    network: str,
    device: str | None = None,
    carrier: Carrier = Carrier.BEARER,
    replaces: str | None = None,
    browser: str = "",
) -> SignedIn | None:
    """Sign in who typed the code where it was asked for; none if it is wrong, which counts however it ends."""
    _refuse_guessers(tx, token, network, device)
    named = {"browser_hash": rules.hashed(token), "most": codes.CODE_TRIES, "now": tx.now}
    wish = tx.execute(TRY, named).first()
    if wish is None:
        raise codes.CodeSpentError
    right = codes.same_code(secret_of(tx, CODES), wish.id, code)
    if not right or wish.person_id is None:
        count_wrong(tx, wish.email_hash, network)
        return None
    tx.execute("DELETE FROM sign_in_code WHERE id = :id", {"id": wish.id})
    return sign_in_as(tx, PersonId(wish.person_id), carrier, replaces, browser)


def _refuse_guessers(tx: Transaction, token: str, network: str, device: str | None) -> None:
    """Refuse a network that was wrong too often over all addresses; its guesses are judged one after another."""
    locks.exclude(tx, UUID(bytes=rules.hashed(network)[:16]))
    asker = tx.execute(ASKER, {"browser_hash": rules.hashed(token)}).scalar()
    if asker is None or not rules.knows_device(device_secret(tx), PersonId(asker), device):
        codes.check_guesses(queries.wrong_from(tx, network, codes.WRONG_PER_NETWORK), tx.now)
