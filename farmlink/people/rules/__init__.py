"""What people may do, how passwords and links are judged: pure, no database."""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import secrets
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from farmlink.kernel.errors import ForbiddenError, InvalidError, MissingError, RefusedError, UnknownPersonError
from farmlink.kernel.locale import LANGUAGES, marked
from farmlink.people.values import Link, OrganisationId, OrganisationKind, PersonId, Principal, Role

SIGN_IN_LASTS = timedelta(days=30)
TOKEN_LASTS = timedelta(hours=2)
INVITATION_LASTS = timedelta(days=7)
"""Who is invited did not ask, and may look into the mail only at the weekend."""
HOMES_KEPT_FOR = timedelta(days=60)
"""So long what was brought to a home that was left may still be complained about."""
FAILURES_COUNT_FOR = timedelta(minutes=15)
FAILURES_PER_NETWORK = 10
FAILURES_PER_ADDRESS = 100
LETTERS_COUNT_FOR = timedelta(hours=1)
LETTERS_PER_ADDRESS = 5
"""Of one kind: whoever is refused has as many letters that say what the next one would."""
LETTERS_PER_NETWORK = 600
"""Of one kind; a carrier's or a market's one address stands for hundreds of people."""
INVITATIONS_PER_PERSON = 60
MOST_RECIPIENTS = 50
PASSWORD_AT_LEAST = 10
PASSWORD_AT_MOST = 200
LINK_BODY = 16 + 16 + 16 + 8
LINK_SEAL = 16
APPLIES_FOR = {Role.FARMER: OrganisationKind.FARM, Role.LEADER: OrganisationKind.POINT}


class WrongPasswordError(UnknownPersonError):
    """The address is unknown, has no password, or the password is wrong: the answer is the same."""

    code = "wrong-password"
    message = "This e-mail address and password do not belong together."


class TooManyFailuresError(RefusedError):
    """Too many wrong passwords or codes from here; known devices and signed links are not affected."""

    code = "too-many-failures"
    message = "Too many wrong passwords or codes. Try again in {minutes} minutes, or ask for a new password."


class TooManyLettersError(RefusedError):
    """So many letters to an address, or for a network, would only fill somebody's box."""

    code = "too-many-letters"
    message = "Several letters were sent already. Look for them in the mail, or try again in {minutes} minutes."


class TokenSpentError(RefusedError):
    """The token of a message was used, has expired, or never was."""

    code = "token-spent"
    message = "This link was used already or has expired. Ask for a new one."


class TooManyRecipientsError(RefusedError):
    """Whom somebody gives something are friends and family, not a mailing list."""

    code = "too-many-recipients"
    message = "You have named {most} people already. Remove somebody to whom you give nothing any more."


class AlreadyDecidedError(RefusedError):
    """An application is decided once."""

    code = "application-decided"
    message = "This application was decided already: {stage}."


class AlreadyAppliedError(RefusedError):
    """One open application per role."""

    code = "already-applied"
    message = "Your application is waiting to be decided."


class LastAdminError(RefusedError):
    """Without an admin nobody could ever name one."""

    code = "last-admin"
    message = "This is the only admin. Name another one first."


class DeclinedUnsaidError(InvalidError):
    """Whoever is declined can mend only what they are told."""

    code = "application-reason"
    message = "{field}: say why the application is declined. The applicant reads it."


class LinkBrokenError(MissingError):
    """A link that was altered, cut off in the mail, or made for something else."""

    code = "link-broken"
    message = "This link is not complete. Open it again from the message."


class LinkExpiredError(RefusedError):
    """The link's time is over."""

    code = "link-expired"
    message = "This link has expired. Ask for a new one."


class LinkElsewhereError(ForbiddenError):
    """The link belongs to the device that used it first."""

    code = "link-elsewhere"
    message = "This link was used on another device. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Failures:
    """Tries for one address within the last minutes, how many came from here, and when enough will be forgotten."""

    from_here: int
    from_everywhere: int
    free_in_s: int = int(FAILURES_COUNT_FOR.total_seconds())


def require(principal: Principal, organisation_id: OrganisationId, *roles: Role, noun: str = "organisation") -> None:
    """Refuse whoever holds none of the roles there, as if the thing did not exist."""
    if organisation_id not in principal.organisations(*roles):
        raise MissingError(noun=noun, id=organisation_id)


def plans_for(principal: Principal, organisation_id: OrganisationId) -> bool:
    """Tell whether somebody plans for this keeper of a hub: its own planners do, and the platform's for all."""
    planned = principal.organisations(Role.PLANNER, Role.ADMIN)
    return organisation_id in planned or principal.serves_platform(Role.PLANNER, Role.ADMIN)


def require_member(principal: Principal, organisation_id: OrganisationId, *roles: Role) -> None:
    """Refuse whoever does not act for this farm, point or hub; all consumers belong to the platform, so it is none."""
    if organisation_id == principal.platform_id:
        raise MissingError(noun="organisation", id=organisation_id)
    require(principal, organisation_id, *roles)


def clean_name(name: str, field: str = "name") -> str:
    """A name as it is kept: trimmed, composed, without control characters (mail headers, logs)."""
    kept = unicodedata.normalize("NFC", name).strip()
    if not kept or len(kept) > 200:
        raise InvalidError(field=field, reason=marked("Give between 1 and 200 characters."))
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in kept):
        raise InvalidError(field=field, reason=marked("Leave out line breaks and control characters."))
    return kept


def clean_email(email: str) -> str:
    """An address as it is kept and compared: lower case, one @, nothing that could leave its mail header."""
    kept = unicodedata.normalize("NFC", email).strip().lower()
    if len(kept) > 254 or not re.fullmatch(
        r"[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f]+@[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f]+", kept
    ):
        raise InvalidError(field="email", reason=marked("Give an e-mail address such as name@example.org."))
    return kept


def clean_language(language: str) -> str:
    """One of the languages that farmlink speaks."""
    if language not in LANGUAGES:
        raise InvalidError(field="language", reason=marked("Choose en or zh-CN."))
    return language


def check_password(password: str) -> None:
    """Length is the only rule (NIST SP 800-63B): composition rules make passwords worse."""
    if not PASSWORD_AT_LEAST <= len(password) <= PASSWORD_AT_MOST:
        raise InvalidError(field="password", reason=marked("Choose a password of 10 to 200 characters."))


def check_failures(failures: Failures, *, known_device: bool) -> None:
    """Slow down guessing without locking anybody out: a device that signed in before is never stopped."""
    if known_device:
        return
    if failures.from_here >= FAILURES_PER_NETWORK or failures.from_everywhere >= FAILURES_PER_ADDRESS:
        raise TooManyFailuresError(minutes=-(-failures.free_in_s // 60), retry_after_s=failures.free_in_s)


def check_letters(to_address: Sequence[datetime], from_here: Sequence[datetime], now: datetime) -> None:
    """Refuse another letter when enough of its kind were asked for lately; both name moments, the newest first."""
    _refuse_beyond((to_address, LETTERS_PER_ADDRESS), (from_here, LETTERS_PER_NETWORK), now=now)


def check_invitations(sent: Sequence[datetime], now: datetime) -> None:
    """Refuse another invitation by who sent enough of them lately; names moments, the newest first."""
    _refuse_beyond((sent, INVITATIONS_PER_PERSON), now=now)


def _refuse_beyond(*counted: tuple[Sequence[datetime], int], now: datetime) -> None:
    full = [asked[most - 1] for asked, most in counted if len(asked) >= most]
    if full:
        free_in_s = max(1, math.ceil((max(full) + LETTERS_COUNT_FOR - now).total_seconds()))
        raise TooManyLettersError(minutes=-(-free_in_s // 60), retry_after_s=free_in_s)


def founds(role: Role) -> OrganisationKind:
    """The kind of organisation that an approved applicant opens."""
    if role not in APPLIES_FOR:
        raise InvalidError(field="role", reason=marked("Apply as farmer or leader."))
    return APPLIES_FOR[role]


def check_decision(reason: str | None, *, approve: bool) -> None:
    """Nobody is declined without a word."""
    if not approve and not (reason or "").strip():
        raise DeclinedUnsaidError(field="reason")


def new_token() -> str:
    """An opaque token of 256 random bits."""
    return secrets.token_urlsafe(32)


def require_few_recipients(named: int) -> None:
    """Refuse one more than anybody gives something to."""
    if named >= MOST_RECIPIENTS:
        raise TooManyRecipientsError(most=MOST_RECIPIENTS)


def hashed(token: str) -> bytes:
    """What is kept of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def sign_link(secret: bytes, purpose: str, link: Link) -> str:
    """Write a link's token: what it says, and a seal over that and its purpose."""
    until = int(link.expires_at.timestamp()).to_bytes(8, "big")
    body = link.id.bytes + link.subject_id.bytes + link.person_id.bytes + until
    return urlsafe_b64encode(body + _seal(secret, purpose, body)).decode().rstrip("=")


def read_link(secret: bytes, purpose: str, token: str, now: datetime) -> Link:
    """Read a link's token; refused when altered, made for another purpose, or too old."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (Base64Error, ValueError) as error:
        raise LinkBrokenError from error
    body, seal = raw[:LINK_BODY], raw[LINK_BODY:]
    if len(raw) != LINK_BODY + LINK_SEAL or not hmac.compare_digest(seal, _seal(secret, purpose, body)):
        raise LinkBrokenError
    expires_at = datetime.fromtimestamp(int.from_bytes(body[48:], "big"), UTC)
    if now >= expires_at:
        raise LinkExpiredError
    return Link(UUID(bytes=body[:16]), UUID(bytes=body[16:32]), PersonId(UUID(bytes=body[32:48])), expires_at)


def known_device_token(secret: bytes, person_id: PersonId) -> str:
    """What a device keeps after a sign-in, so that guessing elsewhere never stops it."""
    return f"{person_id.hex}.{hmac.digest(secret, b'device:' + person_id.bytes, 'sha256').hex()}"


def knows_device(secret: bytes, person_id: PersonId, device: str | None) -> bool:
    """Tell whether this device signed this person in before."""
    return device is not None and hmac.compare_digest(
        device.encode("utf-8", "replace"), known_device_token(secret, person_id).encode()
    )


def _seal(secret: bytes, purpose: str, body: bytes) -> bytes:
    return hmac.digest(secret, purpose.encode() + b"\0" + body, "sha256")[:LINK_SEAL]
