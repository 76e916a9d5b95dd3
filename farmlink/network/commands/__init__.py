"""What changes in the network."""

from farmlink.network.commands.homes import blur_forgotten_homes, settle, settle_for
from farmlink.network.commands.hubs import (
    add_vehicle,
    change_hub,
    change_region,
    change_vehicle,
    create_region,
    open_hub,
)
from farmlink.network.commands.places import (
    add_farm,
    add_places,
    add_point,
    approve_farm,
    approve_point,
    change_farm,
    change_point,
    known_places,
    suspend_farm,
    suspend_point,
)

__all__ = [
    "add_farm",
    "add_places",
    "add_point",
    "add_vehicle",
    "approve_farm",
    "approve_point",
    "blur_forgotten_homes",
    "change_farm",
    "change_hub",
    "change_point",
    "change_region",
    "change_vehicle",
    "create_region",
    "known_places",
    "open_hub",
    "settle",
    "settle_for",
    "suspend_farm",
    "suspend_point",
]
