"""What changes orders."""

from farmlink.orders.commands.amend import amend, cancel
from farmlink.orders.commands.closing import (
    batch_lines,
    cancel_cycle,
    drop_unmet_listings,
    settle_prices,
)
from farmlink.orders.commands.erased import cancel_of_erased, forget_left_homes
from farmlink.orders.commands.place import place, place_many

__all__ = [
    "amend",
    "batch_lines",
    "cancel",
    "cancel_cycle",
    "cancel_of_erased",
    "drop_unmet_listings",
    "forget_left_homes",
    "place",
    "place_many",
    "settle_prices",
]
