"""Who leads a pick-up point together."""

from uuid import UUID

from litestar import Controller, delete, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, Asking, OnceKey
from api.guards import held_by
from api.v1.people.bodies import NewPerson
from farmlink.network.queries.leading import led
from farmlink.people import commands
from farmlink.people.values import PersonId, Role


class LeaderController(Controller):
    """Leaders of one's own point."""

    path = "/points/{point_id:uuid}/leaders"
    tags = ("network",)
    opt = held_by(Role.LEADER)

    @post("/", status_code=204, sync_to_thread=True)
    def share(
        self, store: ActingStore, principal: Asking, key: OnceKey, point_id: FromPath[UUID], data: JSONBody[NewPerson]
    ) -> None:
        """Have whoever has this address lead one's point too; who cannot sign in yet gets a letter with the way in."""
        own = store.read(led, principal, point_id)
        store.once(key, commands.share_lead, own.organisation_id, data.name, data.email, data.language)

    @delete("/me", sync_to_thread=True)
    def leave(self, store: ActingStore, principal: Asking, point_id: FromPath[UUID]) -> None:
        """Leave one's point to the others who lead it; refused while nobody else who can sign in does."""
        own = store.read(led, principal, point_id)
        store.run(commands.stop_leading, own.organisation_id, principal.person_id)

    @delete("/{person_id:uuid}", sync_to_thread=True)
    def end(self, store: ActingStore, principal: Asking, point_id: FromPath[UUID], person_id: FromPath[UUID]) -> None:
        """End the part of somebody who leads one's point too; refused while nobody else who can sign in does."""
        own = store.read(led, principal, point_id)
        store.run(commands.stop_leading, own.organisation_id, PersonId(person_id))
