"""Identifiers: UUID version 7 (RFC 9562), sortable by the millisecond they were made in."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Make an id: 48 bits of Unix milliseconds, then 74 random bits."""
    random = int.from_bytes(os.urandom(10), "big")
    stamp = (time.time_ns() // 1_000_000) << 80
    version = 0x7 << 76
    variant = 0b10 << 62
    return UUID(int=stamp | version | (random >> 68 & 0xFFF) << 64 | variant | (random & (1 << 62) - 1))
