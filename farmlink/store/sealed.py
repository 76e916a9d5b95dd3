"""What a whole backup ends with: its revision, and a digest of all before it, by which it is known wherever it lies."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from farmlink.kernel.errors import RefusedError

SEAL = re.compile(rb"\nfarmlink backup 1 ([0-9A-Za-z_]{1,100}) ([0-9a-f]{64})\n\Z")
LONGEST_SEAL = 256


class BackupUnreadableError(RefusedError):
    """The file is no backup, or not a whole one."""

    code = "backup-unreadable"
    message = "{file} is not a whole backup: {said}"


@dataclass(frozen=True, slots=True)
class Seal:
    """What a backup says of itself; `size_bytes` is that of the whole file."""

    revision: str
    digest: str
    size_bytes: int


def seal_of(file: Path) -> Seal:
    """Read a backup's end; whether what is before it is as it was written is not looked at."""
    try:
        with file.open("rb") as lines:
            size = lines.seek(0, os.SEEK_END)
            lines.seek(max(0, size - LONGEST_SEAL))
            found = SEAL.search(lines.read())
    except OSError as error:
        raise BackupUnreadableError(file=file.name, said=str(error.strerror)) from None
    if found is None:
        raise BackupUnreadableError(file=file.name, said="its end is missing")
    return Seal(found[1].decode(), found[2].decode(), size)


def whole(file: Path) -> Seal:
    """Read a backup to its end, and refuse it when anything of it is missing or changed."""
    seal = seal_of(file)
    if digest_of(file, seal.size_bytes - _length(seal), seal.revision) != seal.digest:
        raise BackupUnreadableError(file=file.name, said="it was changed")
    return seal


def digest_of(file: Path, length: int, revision: str) -> str:
    """The digest of a revision and of so many bytes of a file."""
    digest = hashlib.sha256(revision.encode())
    with file.open("rb") as pieces:
        while length and (piece := pieces.read(min(length, 1 << 20))):
            digest.update(piece)
            length -= len(piece)
    return digest.hexdigest()


def _length(seal: Seal) -> int:
    return len(f"\nfarmlink backup 1 {seal.revision} {seal.digest}\n")
