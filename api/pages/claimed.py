"""Claims as pages show them: what is claimed of which goods, what was counted on their way, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from farmlink.catalogue import queries as catalogue
from farmlink.claims import queries
from farmlink.claims.rules import blame_of
from farmlink.claims.values import Claim, Kind, State, Step, Trail
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle
from farmlink.kernel.errors import MissingError
from farmlink.kernel.locale import marked
from farmlink.orders import queries as orders
from farmlink.orders.rules.codes import pick_up_code
from farmlink.people import queries as people
from farmlink.people.values import Principal
from farmlink.settlement import queries as settlement
from farmlink.store.transaction import Transaction

KINDS: Final = {
    Kind.MISSING: marked("Missing"),
    Kind.DAMAGED: marked("Damaged"),
    Kind.SPOILT: marked("Spoilt"),
    Kind.OTHER: marked("Not what was ordered"),
}
STATES: Final = {
    State.OPEN: (marked("Your point looks at it"), "wait", "clock"),
    State.PASSED_ON: (marked("The hub looks at it"), "wait", "clock"),
    State.ACCEPTED: (marked("Accepted"), "go", "check"),
    State.DECLINED: (marked("Declined"), "stop", "cross"),
}
STEPS: Final = {
    Step.FARM: marked("At the farms: less came in than they had promised"),
    Step.ROAD: marked("On the road from the hub to the point"),
    Step.HUB: marked("At the hub"),
    Step.POINT: marked("At the point, after it had come whole"),
    Step.UNKNOWN: marked("The counts do not say"),
}
WORDS: Final[dict[str, Any]] = {"KINDS": KINDS, "STATES_OF_CLAIMS": STATES, "STEPS": STEPS}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenClaim:
    """A claim with the goods it is about, and whose it is; `charged` tells whether anything can be given back yet.

    `own` is one about an order of whoever looks at it: they do not answer it.
    """

    claim: Claim
    name: str
    family: str
    unit: str
    who: str
    code: str
    cycle: Cycle
    trail: Trail
    blame: Step
    charged: bool
    own: bool


def seen_claims(tx: Transaction, principal: Principal, found: Sequence[Claim], language: str) -> list[SeenClaim]:
    """Claims for somebody who answers them."""
    who = people.names(tx, sorted({one.claimant_id for one in found}))
    return [_seen(tx, principal, one, who.get(one.claimant_id, ""), language) for one in found]


def _seen(tx: Transaction, principal: Principal, found: Claim, who: str, language: str) -> SeenClaim:
    line = next(one for one in orders.lines_of(tx, [found.order_id])[found.order_id] if one.id == found.line_id)
    product = catalogue.product_card(tx, line.product_id)
    trail = queries.trail(tx, found)
    return SeenClaim(
        claim=found,
        name=orders.line_names(tx, [line], language)[line.id],
        family=product.family,
        unit=product.base_unit.value,
        who=who,
        code=pick_up_code(found.order_id),
        cycle=cycles.cycle(tx, found.cycle_id),
        trail=trail,
        blame=found.blame or blame_of(found.kind, trail),
        charged=_is_charged(tx, found),
        own=queries.is_own(tx, principal, found),
    )


def _is_charged(tx: Transaction, found: Claim) -> bool:
    try:
        settlement.order_charge(tx, found.order_id)
    except MissingError:
        return False
    return True
