"""What is read of fairness: the ledger, and the shop's shelf."""

from farmlink.fairness.queries.ledger import (
    balances,
    consumer_shares,
    farm_shares,
    is_recorded,
    owed_ppm,
    recorded,
    spread,
)
from farmlink.fairness.queries.origins import origins
from farmlink.fairness.queries.shelf import shelf

__all__ = [
    "balances",
    "consumer_shares",
    "farm_shares",
    "is_recorded",
    "origins",
    "owed_ppm",
    "recorded",
    "shelf",
    "spread",
]
