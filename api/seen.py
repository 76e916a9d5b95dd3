"""What exists for whom: cycles as far as whoever asks may see them."""

from typing import Any
from uuid import UUID

from litestar import Request

from api.auth import viewer, viewer_id
from api.planners import runs
from farmlink.cycles import queries
from farmlink.cycles.values import Cycle, CycleId
from farmlink.store.store import Store


def seen_cycle(request: Request[Any, Any, Any], store: Store, cycle_id: UUID) -> Cycle:
    """A cycle as far as it exists for whoever asks: a draft for its planners, a private one for its guests."""
    found = store.read(queries.cycle, CycleId(cycle_id))
    if runs(store, viewer(request), found.hub_id):
        return found
    return store.read(queries.seen_cycle, CycleId(cycle_id), viewer_id(request))
