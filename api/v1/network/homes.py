"""Homes, to which orders are brought: each is seen by who lives there; planners learn only that there is one."""

from uuid import UUID

from litestar import Controller, delete, get, put
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, Asking
from api.guards import OPT, role, signed_in
from api.reach import require_region
from api.v1.network.bodies import HomeBody
from farmlink.network import commands, queries
from farmlink.network.values import HomeCard, HomeSign
from farmlink.people import commands as people
from farmlink.people.values import PersonId, Role

PLANNERS = role(Role.PLANNER, Role.ADMIN)


class HomeController(Controller):
    """One's own home, and for planners the homes of those who cannot sign in."""

    path = "/people"
    tags = ("people",)

    @get("/me/home", opt={OPT: signed_in}, sync_to_thread=True)
    def home(self, store: ActingStore, principal: Asking) -> HomeCard:
        """Where one lives."""
        return store.read(queries.home_of, principal.person_id)

    @put("/me/home", opt={OPT: signed_in}, sync_to_thread=True)
    def settle(self, store: ActingStore, principal: Asking, data: JSONBody[HomeBody]) -> HomeCard:
        """Say where one lives, or has moved to; orders that go to the old home still find it."""
        return store.run(commands.settle, principal.person_id, data.draft())

    @delete("/me/home", opt={OPT: signed_in}, sync_to_thread=True)
    def leave(self, store: ActingStore, principal: Asking) -> None:
        """Have no home here any more; orders that go there stand until they are changed."""
        store.run(people.leave_home, principal.person_id)

    @get("/persons/{person_id:uuid}/home", opt={OPT: PLANNERS}, sync_to_thread=True)
    def home_of(self, store: ActingStore, principal: Asking, person_id: FromPath[UUID]) -> HomeSign:
        """The id of somebody's home, to order there for them."""
        found = store.read(queries.home_sign, PersonId(person_id))
        require_region(store, principal, found.region_id, person_id, "home")
        return found

    @put("/persons/{person_id:uuid}/home", opt={OPT: PLANNERS}, sync_to_thread=True)
    def settle_for(
        self, store: ActingStore, principal: Asking, person_id: FromPath[UUID], data: JSONBody[HomeBody]
    ) -> HomeSign:
        """Say where somebody lives who cannot sign in, in a region that one plans."""
        return store.run(commands.settle_for, principal, PersonId(person_id), data.draft())
