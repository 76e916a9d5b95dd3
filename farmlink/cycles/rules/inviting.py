"""How far a listing has come, and what a shop says of it, so that others join: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from farmlink.catalogue.rules import amount
from farmlink.catalogue.values import BaseUnit
from farmlink.cycles.rules import price_reached
from farmlink.cycles.rules.thresholds import due_at, is_overdue
from farmlink.cycles.values import Cycle, Listing, ListingProgress, NextStep, PriceStep, Stage, Unmet
from farmlink.kernel.locale import marked, render
from farmlink.kernel.money import Money, line_total_minor

NEEDED: Final[Mapping[Unmet, str]] = {
    Unmet.ZERO: marked("{to_go} more must be ordered by {due_at}, or nothing of it comes and nobody pays for it."),
    Unmet.PARTIAL: marked("{to_go} more must be ordered by {due_at}, or what is there is shared by the public rules."),
}
CHEAPER: Final = marked("Join until {quantity}: a pack then costs everybody {price} instead of {before}.")


def progress_of(listing: Listing, cycle: Cycle, unit: BaseUnit, language: str) -> ListingProgress:
    """Say how far a listing has come towards its threshold and its next price."""
    step = next_step(listing.price_steps, listing.ordered)
    return ListingProgress(
        listing_id=listing.id,
        ordered=listing.ordered,
        threshold=listing.threshold,
        to_go=max(0, listing.threshold - listing.ordered),
        state=listing.threshold_state,
        unmet=listing.unmet,
        due_at=due_at(listing.threshold_state, cycle.closes_at, cycle.hand_out_on, cycle.time_zone),
        overdue=is_overdue(listing.threshold_state, cycle.hand_out_on, cycle.time_zone, cycle.server_at),
        price_minor_per_1000=price_reached(listing.price_minor_per_1000, listing.price_steps, listing.ordered),
        next_step=step,
        says=_says(listing, cycle, step, unit, language) if cycle.stage is Stage.OPEN else (),
    )


def next_step(steps: tuple[PriceStep, ...], ordered: int) -> NextStep | None:
    """Say how much more must be ordered for the price to fall again, and to what; nothing below the last step."""
    ahead = [step for step in steps if step.from_quantity > ordered]
    if not ahead:
        return None
    step = min(ahead, key=lambda one: one.from_quantity)
    return NextStep(step.from_quantity, step.price_minor_per_1000, step.from_quantity - ordered)


def _says(listing: Listing, cycle: Cycle, step: NextStep | None, unit: BaseUnit, language: str) -> tuple[str, ...]:
    """Invite others: to what is still needed, and to the next price, for the pack."""
    said = []
    if listing.ordered < listing.threshold:
        to_go = amount(listing.threshold - listing.ordered, unit, language)
        needed = {"to_go": to_go, "due_at": cycle.closes_at}
        said.append(render(NEEDED[listing.unmet], language, needed, cycle.time_zone))
    if step is not None:
        before = price_reached(listing.price_minor_per_1000, listing.price_steps, listing.ordered)
        prices = {"price": step.price_minor_per_1000, "before": before}
        paid = {name: Money(line_total_minor(listing.pack, price), cycle.currency) for name, price in prices.items()}
        said.append(render(CHEAPER, language, paid | {"quantity": amount(step.from_quantity, unit, language)}))
    return tuple(said)
