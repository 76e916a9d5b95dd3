"""What the scheduler does: when each job ran last, what fails since when, and what may be done now."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore
from api.guards import open_to, platform
from api.pages.forms import taken_by
from api.pages.page import Asked, page, part
from farmlink.kernel.locale import marked
from farmlink.people.values import Role
from farmlink.store import jobs
from farmlink.store.transaction import Transaction

ADMINS = platform(Role.ADMIN)
WISHED_FROM_S: Final = 30
"""What is looked for more often is done before anybody could wish it."""
NAMES: Final = {
    "open": marked("Open cycles for orders"),
    "standing": marked("Place standing orders"),
    "close": marked("Close cycles at their cut-off"),
    "stock": marked("Count anew what can be sold"),
    "remind": marked("Remind farms of their answer"),
    "lapse": marked("Take farms' silence"),
    "plan": marked("Make plans"),
    "unserved": marked("End what no plan served"),
    "overdue": marked("Tell of cycles that nobody ends"),
    "claims": marked("Pass claims on"),
    "seal": marked("Seal the audit"),
    "send": marked("Send letters"),
    "pay": marked("Ask payment providers"),
    "refunds": marked("Ask after refunds"),
    "reconcile": marked("Compare the books with the providers'"),
    "forget": marked("Forget what nobody needs any more"),
}
"""What a job is for, in a few words; one that is not here is shown by its name."""


class JobPages(Controller):
    """The scheduler's jobs."""

    path = "/ops/jobs"
    opt = open_to(ADMINS)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def shown(self, request: Asked, store: ActingStore) -> Response[Any]:
        """Show all jobs, those that fail first."""
        seen = store.read(_seen)
        may = [job for job in seen["jobs"] if job.every_s >= WISHED_FROM_S]
        return page("ops/jobs.html", request, may=may, **seen)

    @get("/now", sync_to_thread=True)
    def now(self, request: Asked, store: ActingStore) -> Response[Any]:
        """The same part of the page as it is now."""
        return part("ops/jobs_now.html", request, **store.read(_seen))

    @post("/{name:str}/wished", opt=taken_by(ADMINS), sync_to_thread=True)
    def wish(self, store: ActingStore, name: FromPath[str]) -> Response[Any]:
        """Have a job done now; it does only what is due, so that asking twice does nothing twice."""
        store.run(jobs.wish, name)
        return Redirect("/ops/jobs", status_code=303)


def _seen(tx: Transaction) -> dict[str, Any]:
    found = jobs.standing(tx)
    listed = sorted(found.jobs, key=lambda job: (-job.failures, job.name))
    return {"standing": found, "jobs": listed, "NAMES": NAMES, "zone": "UTC"}
