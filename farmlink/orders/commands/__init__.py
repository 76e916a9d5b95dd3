"""What changes orders."""

from farmlink.orders.commands.amend import amend, cancel
from farmlink.orders.commands.cases import fill_cases
from farmlink.orders.commands.checkout import checkout
from farmlink.orders.commands.closing import (
    batch_lines,
    cancel_cycle,
    drop_unmet_listings,
    settle_prices,
)
from farmlink.orders.commands.cutting import set_packs
from farmlink.orders.commands.erased import cancel_of_erased, forget_left_homes
from farmlink.orders.commands.opening import place_standing
from farmlink.orders.commands.partial import share_partial
from farmlink.orders.commands.place import place, place_many
from farmlink.orders.commands.standing import (
    change_standing,
    end_standing,
    end_standing_of_erased,
    make_standing,
    pause_standing,
    resume_standing,
)

__all__ = [
    "amend",
    "batch_lines",
    "cancel",
    "cancel_cycle",
    "cancel_of_erased",
    "change_standing",
    "checkout",
    "drop_unmet_listings",
    "end_standing",
    "end_standing_of_erased",
    "fill_cases",
    "forget_left_homes",
    "make_standing",
    "pause_standing",
    "place",
    "place_many",
    "place_standing",
    "resume_standing",
    "set_packs",
    "settle_prices",
    "share_partial",
]
