"""What claims say no to."""

from farmlink.kernel.errors import InvalidError, RefusedError


class NothingHandedOutError(RefusedError):
    """What nobody was given cannot have been bad; it was not charged either."""

    code = "nothing-handed-out"
    message = "Nothing of this line was handed out, so nothing of it is charged and there is nothing to claim."


class ClaimTooLateError(RefusedError):
    """After that nobody can tell any more what it was like at hand-out."""

    code = "claim-too-late"
    message = "Claims were taken until {until}. Write to your pick-up point instead."


class MoreThanHandedOutError(InvalidError):
    """Nobody is given back more than they got."""

    code = "more-than-handed-out"
    message = "{field}: {left} base units of this line can still be claimed. Claim 1 to {left} of them."


class AllClaimedError(RefusedError):
    """Everything of it has been claimed."""

    code = "all-claimed"
    message = "All of this line has been claimed already. What became of that stands at the order."


class ClaimedOftenEnoughError(RefusedError):
    """A line is talked about with a person, not with ever more photos."""

    code = "claimed-often-enough"
    message = "This line has been claimed {most} times, and no more is taken. Write to your pick-up point."


class NotYourTurnError(RefusedError):
    """First the point answers, then the hub."""

    code = "not-your-turn"
    message = "This claim waits for somebody else: first the leader of the point answers, then the hub's planners."


class ClaimDecidedError(RefusedError):
    """A claim ends once."""

    code = "claim-decided"
    message = "This claim is decided. A further mistake is mended by a credit note."


class PartOfClaimError(InvalidError):
    """A decision grants a part of what is claimed."""

    code = "part-of-claim"
    message = "{field}: {claimed} base units are claimed. Accept 1 to {claimed} of them, or decline."
