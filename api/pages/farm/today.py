"""The farmer's first page: what waits for an answer, what is to be picked, what is on offer."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.exceptions import NotFoundException

from api.auth import csrf_word, viewer_id
from api.dependencies import ActingStore, Asking
from api.guards import OPT, anyone
from api.pages.built import STATIC
from api.pages.farm.own import FOR_FARMERS, own_farms, region_of, today_of
from api.pages.farm.told import goods_in, goods_of
from api.pages.farm.words import STATES
from api.pages.page import Asked, page
from farmlink.confirmations import queries as questions
from farmlink.kernel.page import Paging
from farmlink.people.values import Principal
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotState

AHEAD: Final = timedelta(days=1)
"""Yesterday's harvest may still stand at the gate."""
SHOWN: Final = 5


class TodayPages(Controller):
    """The first page, and what the phone keeps to be shown without a signal."""

    path = "/farm"
    opt = FOR_FARMERS
    include_in_schema = False

    @get("", sync_to_thread=True)
    def today(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """Show what waits, the most pressing first."""
        return page("farm/today.html", request, states=STATES, **store.read(_today, principal))

    @get("/no-signal", opt={OPT: anyone}, sync_to_thread=False)
    def no_signal(self, request: Asked) -> Response[Any]:
        """Say that there is no signal; the phone keeps this page for pages that it has not kept."""
        return page("farm/no_signal.html", request)

    @get("/outbox", opt={OPT: anyone}, sync_to_thread=False)
    def outbox(self, request: Asked) -> dict[str, str]:
        """Tell a phone that has a signal again who is signed in on it, and the word that its writes carry."""
        person_id: UUID | None = viewer_id(request)
        return {"csrf": csrf_word(request), "person": str(person_id or "")}


@get("/farm-worker.js", opt={OPT: anyone}, sync_to_thread=True, include_in_schema=False)
def worker() -> Response[bytes]:
    """Serve the service worker from the root, so that it may serve both /farm and /answers."""
    built = STATIC / "worker.js"
    if not built.is_file():  # the front end is not built here: pages work without it
        raise NotFoundException
    return Response(built.read_bytes(), media_type="text/javascript", headers={"cache-control": "no-cache"})


def _today(tx: Transaction, principal: Principal) -> dict[str, Any]:
    farms = own_farms(tx, principal)
    ids, region = [farm.id for farm in farms], region_of(tx, farms)
    waiting = questions.waiting(tx, ids)
    picked = questions.promised(tx, ids, today_of(tx, farms) - AHEAD)
    offered = [
        lot for farm_id in ids for lot in supply.lots(tx, Paging(200), farm_id=farm_id, state=LotState.OFFERED).items
    ]
    return {
        "farms": farms,
        "waiting": waiting,
        "picked": picked,
        "goods": goods_of(tx, [*waiting, *picked]) | goods_in(tx, offered[-SHOWN:]),
        "offered": offered[: -SHOWN - 1 : -1],
        "offers": len(offered),
        "currency": region.currency if region else "",
        "zone": region.time_zone if region else "UTC",
    }
