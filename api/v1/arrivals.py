"""What came to a point, counted by its leader when it was unloaded."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import held_by
from api.pictures import LARGEST_BODY, shown
from api.shapes import Whole
from api.v1.dispatch import Changed
from farmlink.cycles.values import CycleId, ListingId
from farmlink.dispatch import commands, queries
from farmlink.dispatch.values import ArrivalView, Arrived
from farmlink.kernel.page import Page, part
from farmlink.network.values import PointId
from farmlink.people.values import Role
from farmlink.store import pictures
from farmlink.store.pictures import PictureId

MOST_PHOTOS = 3
"""So many fit into one body; counts with further photos are sent after it."""


class ArrivedRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What came of one listing's packs, in base units: all of it, the damaged part, and a photo of that as base64."""

    listing_id: ListingId
    counted: Whole
    damaged: Whole = 0
    photo: bytes | None = None


class ArrivedBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a leader counted."""

    counts: Annotated[list[ArrivedRow], msgspec.Meta(min_length=1, max_length=1000)]


class ArrivalController(Controller):
    """The arrival at a point: for its leader, and for the cycle's planners."""

    path = "/cycles/{cycle_id:uuid}/points/{point_id:uuid}/arrival"
    tags = ("dispatch",)
    opt = held_by(Role.LEADER, Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def arrival(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        cycle_id: FromPath[CycleId],
        point_id: FromPath[PointId],
    ) -> Page[ArrivalView]:
        """What was sent to a point beside what was counted there."""
        store.read(queries.require_point_leader, principal, cycle_id, point_id)
        return part(store.read(queries.arrival, cycle_id, point_id), paging, lambda one: one.listing_id)

    @post("", status_code=200, request_max_body_size=LARGEST_BODY, sync_to_thread=True)
    def arrive(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        cycle_id: FromPath[CycleId],
        point_id: FromPath[PointId],
        data: JSONBody[ArrivedBody],
    ) -> Changed:
        """Write what was counted; counting again corrects it until the hand-out begins."""
        store.read(queries.require_point_leader, principal, cycle_id, point_id)
        seen = iter(pictures.seen([row.photo for row in data.counts if row.photo is not None], MOST_PHOTOS))
        counts = [
            Arrived(row.listing_id, row.counted, row.damaged, None if row.photo is None else next(seen))
            for row in data.counts
        ]
        return Changed(store.once(key, commands.arrive, cycle_id, point_id, counts, principal.person_id))

    @get("/pictures/{picture_id:uuid}", sync_to_thread=True)
    def picture(
        self,
        store: ActingStore,
        principal: Asking,
        cycle_id: FromPath[CycleId],
        point_id: FromPath[PointId],
        picture_id: FromPath[PictureId],
    ) -> Response[bytes]:
        """A photo of what came damaged."""
        store.read(queries.require_point_leader, principal, cycle_id, point_id)
        return shown(store.read(queries.arrival_picture, cycle_id, point_id, picture_id))


controllers = [ArrivalController]
