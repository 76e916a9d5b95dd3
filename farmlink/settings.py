"""Settings: read from the environment once, judged there, then handed on."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked

SYSTEM_DATA = Path("/var/lib/farmlink")
MAIL_FROM = "farmlink <farmlink@localhost>"
PUBLIC_URL = "http://127.0.0.1:8000"
MOST_CONNECTIONS: Final = 16
"""A process never has more connections open than this, those beyond the pool's size included."""

POOL_SIZE_WRONG = marked("use a whole number from 1 to 16")
GEOCODER_WRONG = marked("use offline, nominatim:DOMAIN or baidu:KEY")
DATABASE_URL_WRONG = marked("use postgresql://user:password@host:port/database")
SMTP_URL_WRONG = marked("use smtp://host:25 or smtps://user:password@host:465")
MAIL_FROM_WRONG = marked("use an address such as farmlink <orders@example.org>")
PUBLIC_URL_WRONG = marked("use an address such as https://farmlink.example.org")
TILES_WRONG = marked("use an address with {z}, {x} and {y} such as https://tiles.example.org/{z}/{x}/{y}.png")
METRICS_TOKEN_WRONG = marked("use at least 20 letters and digits that nobody guesses")
HOME_UNKNOWN = marked("name a folder: this user has no home of its own")


class SettingWrongError(RefusedError):
    """An environment variable that says nothing farmlink understands; its value may be secret and is not repeated."""

    code = "setting-wrong"
    message = "The setting {variable} is wrong: {reason}."


@dataclass(frozen=True, slots=True)
class Tiles:
    """Pictures behind maps: their address with {z}, {x} and {y}, and whom to thank for them."""

    address: str
    credit: str = ""

    @property
    def origin(self) -> str:
        """The one server from which they come."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where farmlink keeps its data, and which database it uses."""

    data: Path
    """Folder of the embedded server; unused when `database_url` is given."""
    database_url: str | None = None
    """A PostgreSQL of one's own, `postgresql://user:password@host/database`."""
    pool_size: int = 8
    geocoder: str = "offline"
    """Who finds addresses: `offline`, `nominatim:<domain>` or `baidu:<key>`."""
    smtp_url: str | None = None
    """The mail server, `smtp://host:25` or `smtps://user:password@host:465`; without one mail is put into a folder."""
    mail_from: str = MAIL_FROM
    public_url: str = PUBLIC_URL
    """Where people reach the pages: the beginning of every link in a message."""
    payments: Path | None = None
    """File of the accounts at payment providers; without one, orders are paid by credit or at pick-up."""
    tiles: Tiles | None = None
    """Pictures behind the planner's map; without them, shores and borders from open data of our own."""
    metrics_token: str | None = None
    """What a program carries that reads `/metrics`; without one only admins do."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read what the environment says under `FARMLINK_`, and refuse what cannot be right."""
    chosen = environment.get("FARMLINK_DATA")
    return Settings(
        data=Path(chosen) if chosen else default_data(environment),
        database_url=_database_url(environment.get("FARMLINK_DATABASE_URL") or None),
        pool_size=_pool_size(environment.get("FARMLINK_POOL_SIZE") or "8"),
        geocoder=_geocoder(environment.get("FARMLINK_GEOCODER") or "offline"),
        smtp_url=_smtp_url(environment.get("FARMLINK_SMTP_URL") or None),
        mail_from=_mail_from(environment.get("FARMLINK_MAIL_FROM") or MAIL_FROM),
        public_url=_public_url(environment.get("FARMLINK_PUBLIC_URL") or PUBLIC_URL),
        payments=Path(accounts) if (accounts := environment.get("FARMLINK_PAYMENTS")) else None,
        tiles=_tiles(environment.get("FARMLINK_TILES") or ""),
        metrics_token=_metrics_token(environment.get("FARMLINK_METRICS_TOKEN") or None),
    )


def default_data(environment: Mapping[str, str]) -> Path:
    """Name one folder per checkout: below the system's for root, below the user's own otherwise."""
    checkout = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:8]
    name = f"{re.sub(r'[^a-z0-9]+', '-', checkout.name.lower()).strip('-')[:24] or 'farmlink'}-{digest}"
    if os.geteuid() == 0:
        return SYSTEM_DATA / name
    home = environment.get("XDG_DATA_HOME") or ""
    try:
        base = Path(home) if home.startswith("/") else Path.home() / ".local" / "share"
    except RuntimeError as error:  # neither HOME nor an entry among the users, as in many a container
        raise SettingWrongError(variable="FARMLINK_DATA", reason=HOME_UNKNOWN) from error
    return base / "farmlink" / name


def shelf(environment: Mapping[str, str]) -> Path | None:
    """Where data folders share PostgreSQL's programs; nothing for a user without a home of its own."""
    try:
        return default_data(environment).parent
    except SettingWrongError:
        return None


def _pool_size(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= MOST_CONNECTIONS:
        raise SettingWrongError(variable="FARMLINK_POOL_SIZE", reason=POOL_SIZE_WRONG)
    return int(text)


def _geocoder(text: str) -> str:
    if text != "offline" and not re.fullmatch(r"(nominatim|baidu):\S+", text):
        raise SettingWrongError(variable="FARMLINK_GEOCODER", reason=GEOCODER_WRONG)
    return text


def _database_url(text: str | None) -> str | None:
    if text is not None and not re.match(r"postgres(ql)?(\+\w+)?://", text):
        raise SettingWrongError(variable="FARMLINK_DATABASE_URL", reason=DATABASE_URL_WRONG)
    return text


def _smtp_url(text: str | None) -> str | None:
    if text is not None and not _is_url(text, "smtp", "smtps"):
        raise SettingWrongError(variable="FARMLINK_SMTP_URL", reason=SMTP_URL_WRONG)
    return text


def _mail_from(text: str) -> str:
    mailbox, _, host = parseaddr(text)[1].rpartition("@")
    if not mailbox or not host or not text.isprintable():
        raise SettingWrongError(variable="FARMLINK_MAIL_FROM", reason=MAIL_FROM_WRONG)
    return text


def _public_url(text: str) -> str:
    if not _is_url(text, "http", "https"):
        raise SettingWrongError(variable="FARMLINK_PUBLIC_URL", reason=PUBLIC_URL_WRONG)
    return text.rstrip("/")


def _tiles(text: str) -> Tiles | None:
    """An address, then whom to thank; one server, because browsers are told which to trust."""
    if not text:
        return None
    address, _, credit = text.strip().partition(" ")
    plain = address.replace("{z}", "0").replace("{x}", "0").replace("{y}", "0")
    named = all(part in urlsplit(address).path for part in ("{z}", "{x}", "{y}"))
    if not named or not _is_url(plain, "http", "https") or not re.fullmatch(r"[^\s;,'\"{}]+", plain):
        raise SettingWrongError(variable="FARMLINK_TILES", reason=TILES_WRONG)
    return Tiles(address, credit.strip())


def _metrics_token(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"[!-~]{20,200}", text):
        raise SettingWrongError(variable="FARMLINK_METRICS_TOKEN", reason=METRICS_TOKEN_WRONG)
    return text


def _is_url(text: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and text.isprintable()
    except ValueError:  # a port that is none
        return False
