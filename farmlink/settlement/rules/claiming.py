"""What an accepted claim gives back, and who bears it: pure."""

from __future__ import annotations

from farmlink.claims.values import Step
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.money import divide_half_up
from farmlink.settlement.values import Bearer, Reversible


class NothingLeftError(RefusedError):
    """What was given back already is not given back twice."""

    code = "nothing-left-of-line"
    message = (
        "What this part of the line cost comes to nothing, or was given back already. Decline the claim, saying so."
    )


def given_back_minor(line: Reversible, handed_out: int, before: int, quantity: int) -> int:
    """What `quantity` more base units of a line cost, of which `before` were granted; never more than is left of it.

    The sum of all grants is rounded, not each of them: who gets all of a line back gets it to the cent.
    """
    whole = divide_half_up(line.charged_minor * (before + quantity), handed_out)
    minor = min(
        whole - divide_half_up(line.charged_minor * before, handed_out), line.charged_minor - line.credited_minor
    )
    if minor <= 0:
        raise NothingLeftError
    return minor


def bearer_of(blame: Step) -> Bearer:
    """Who bears it: what came bad from the farms everybody by their part of the line, the rest the hub alone."""
    return Bearer.SHARED if blame is Step.FARM else Bearer.HUB
