"""Somebody who has fetched their order, and says what was not right with it."""

from __future__ import annotations

from typing import Any

from farmlink.claims import commands, queries
from farmlink.claims.values import Claim, ClaimId, Granted, Kind, NewClaim, State, Trail
from farmlink.dispatch import commands as dispatch
from farmlink.dispatch.values import Arrived
from farmlink.kernel.pictures import Picture, bare
from farmlink.orders.values import Order
from farmlink.settlement import commands as settlement
from farmlink.settlement.values import CreditNote
from tests.farmlink.kernel.drawn import PNG
from tests.farmlink.settlement.builders import Ledgered

PHOTO: Picture = bare(PNG)


class Claimed(Ledgered):
    """A season whose thirty and twenty bags of 3.00 were handed out and charged."""

    def claim(self, order: Order | None = None, quantity: int = 6_000, **changed: Any) -> ClaimId:
        """Claim a part of the one line of an order, the first one's unless another is meant."""
        order = order or self.orders[0]
        return self.store.run(commands.make, self.wanted(order, quantity, **changed), order.consumer_id)

    def wanted(self, order: Order, quantity: int, **changed: Any) -> NewClaim:
        given: dict[str, Any] = {"order_id": order.id, "line_id": order.lines[0].id, "kind": Kind.DAMAGED}
        return NewClaim(**given | {"quantity": quantity} | changed)

    def passed_on(self, **changed: Any) -> ClaimId:
        claim_id = self.claim(**changed)
        self.store.run(commands.pass_on, claim_id, "They came like that.")
        return claim_id

    def accept(
        self, claim_id: ClaimId, quantity: int = 6_000, seen: State = State.OPEN, reason: str = ""
    ) -> CreditNote:
        return self.store.run(settlement.accept_claim, Granted(claim_id, seen, quantity, reason))

    def read(self, claim_id: ClaimId) -> Claim:
        return self.store.read(queries.claim, claim_id)

    def trail(self, claim_id: ClaimId) -> Trail:
        return self.store.read(queries.trail, self.read(claim_id))

    def arrive(self, counted: int, damaged: int = 0, picture: Picture | None = None) -> int:
        """The leader counts what came of the bags."""
        listing_id = self.orders[0].lines[0].listing_id
        counts = [Arrived(listing_id, counted, damaged, picture)]
        leader = self.orders[0].consumer_id
        return self.store.run(dispatch.arrive, self.cycle_id, self.market.point.id, counts, leader)
