"""Settings: read from the environment once, then handed on."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SYSTEM_DATA = Path("/var/lib/farmlink")
MAIL_FROM = "farmlink <farmlink@localhost>"
PUBLIC_URL = "http://127.0.0.1:8000"


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


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read `FARMLINK_DATA`, `_DATABASE_URL`, `_POOL_SIZE`, `_SMTP_URL`, `_MAIL_FROM` and `_PUBLIC_URL`."""
    chosen = environment.get("FARMLINK_DATA")
    return Settings(
        data=Path(chosen) if chosen else default_data(environment),
        database_url=environment.get("FARMLINK_DATABASE_URL") or None,
        pool_size=int(environment.get("FARMLINK_POOL_SIZE") or 8),
        geocoder=environment.get("FARMLINK_GEOCODER") or "offline",
        smtp_url=environment.get("FARMLINK_SMTP_URL") or None,
        mail_from=environment.get("FARMLINK_MAIL_FROM") or MAIL_FROM,
        public_url=(environment.get("FARMLINK_PUBLIC_URL") or PUBLIC_URL).rstrip("/"),
    )


def default_data(environment: Mapping[str, str]) -> Path:
    """Name one folder per checkout: below the system's for root, below the user's own otherwise."""
    checkout = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:8]
    name = f"{re.sub(r'[^a-z0-9]+', '-', checkout.name.lower()).strip('-')[:24] or 'farmlink'}-{digest}"
    if os.geteuid() == 0:
        return SYSTEM_DATA / name
    home = environment.get("XDG_DATA_HOME") or ""
    base = Path(home) if home.startswith("/") else Path.home() / ".local" / "share"
    return base / "farmlink" / name
