"""The code that somebody says when they collect an order: short, and the same wherever it is shown. Pure."""

from __future__ import annotations

import hashlib
from typing import Final

from farmlink.orders.values import OrderId

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what looks or sounds like something else: 0 and O, 1, I and L."""
LENGTH: Final = 5


def pick_up_code(order_id: OrderId) -> str:
    """Five signs out of an order's id; a leader who finds two alike at a point tells them apart by name."""
    number = int.from_bytes(hashlib.sha256(order_id.bytes).digest()[:8], "big")
    signs = []
    for _ in range(LENGTH):
        number, sign = divmod(number, len(SIGNS))
        signs.append(SIGNS[sign])
    return "".join(signs)
