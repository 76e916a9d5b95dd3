"""Whose money: a farm's, a point's or a hub's, each shown to its own people and to who plans where it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from api.dependencies import ActingStore, Asking
from api.guards import Audience, held_by
from api.planners import require_hub
from api.reach import require_own_farm, require_own_point
from farmlink.network.values import FarmId, HubId, PointId
from farmlink.people.values import Role

OwnerId = NamedDependency[UUID]
"""`owner_id: OwnerId`: the farm, point or hub of the address, once whoever asks may see its money."""


def own_farm(store: ActingStore, principal: Asking, farm_id: FromPath[FarmId]) -> UUID:
    """A farm of which one is a farmer, or that one plans."""
    require_own_farm(store, principal, farm_id)
    return farm_id


def own_point(store: ActingStore, principal: Asking, point_id: FromPath[PointId]) -> UUID:
    """A point that one leads or plans."""
    require_own_point(store, principal, point_id)
    return point_id


def own_hub(store: ActingStore, principal: Asking, hub_id: FromPath[HubId]) -> UUID:
    """A hub that one plans for."""
    require_hub(store, principal, hub_id)
    return hub_id


@dataclass(frozen=True, slots=True)
class Owner:
    """Where an owner's money is found, for whom, and who is judged to be that."""

    address: str
    opt: Mapping[str, Audience]
    dependencies: Mapping[str, Provide]


FARM = Owner(
    "/farms/{farm_id:uuid}",
    held_by(Role.FARMER, Role.PLANNER, Role.ADMIN),
    {"owner_id": Provide(own_farm, sync_to_thread=True)},
)
POINT = Owner(
    "/points/{point_id:uuid}",
    held_by(Role.LEADER, Role.PLANNER, Role.ADMIN),
    {"owner_id": Provide(own_point, sync_to_thread=True)},
)
HUB = Owner(
    "/hubs/{hub_id:uuid}",
    held_by(Role.PLANNER, Role.ADMIN),
    {"owner_id": Provide(own_hub, sync_to_thread=True)},
)
