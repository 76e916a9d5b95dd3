"""Which backups there are, how old the newest is, and how one comes back."""

from typing import Any

from litestar import Controller, Response, get

from api.dependencies import ActingStore
from api.guards import open_to, platform
from api.pages.page import Asked, page
from farmlink.people.values import Role
from farmlink.store import safekeeping


class BackupPages(Controller):
    """Backups as the database remembers them; they are made, verified and brought back on the server."""

    path = "/ops/backups"
    opt = open_to(platform(Role.ADMIN))
    include_in_schema = False

    @get("", sync_to_thread=True)
    def shown(self, request: Asked, store: ActingStore) -> Response[Any]:
        """Show the backups, the newest first, and the commands."""
        return page("ops/backups.html", request, standing=store.read(safekeeping.standing), zone="UTC")
