"""What changes in order cycles."""

from farmlink.cycles.commands.draft import change, copy, create, invite
from farmlink.cycles.commands.guests import invite_guest
from farmlink.cycles.commands.homes import admit, admit_many
from farmlink.cycles.commands.intake import (
    hold_many,
    hold_open,
    occupy,
    occupy_many,
    offer_many,
    offers,
    release_all,
    reserve,
    reserve_many,
    space_many,
    spaces,
)
from farmlink.cycles.commands.listings import (
    add_listings,
    follow_lots,
    follow_supply,
    held_in_part,
    lower_price,
    refresh_available,
)
from farmlink.cycles.commands.points import follow_changed_point, refresh_points
from farmlink.cycles.commands.relisting import change_listing
from farmlink.cycles.commands.stages import extend, move, open_cycle, open_due, pause, resume
from farmlink.cycles.commands.thresholds import cut_seed, end_thresholds, judge, release_dropped

__all__ = [
    "add_listings",
    "admit",
    "admit_many",
    "change",
    "change_listing",
    "copy",
    "create",
    "cut_seed",
    "end_thresholds",
    "extend",
    "follow_changed_point",
    "follow_lots",
    "follow_supply",
    "held_in_part",
    "hold_many",
    "hold_open",
    "invite",
    "invite_guest",
    "judge",
    "lower_price",
    "move",
    "occupy",
    "occupy_many",
    "offer_many",
    "offers",
    "open_cycle",
    "open_due",
    "pause",
    "refresh_available",
    "refresh_points",
    "release_all",
    "release_dropped",
    "reserve",
    "reserve_many",
    "resume",
    "space_many",
    "spaces",
]
