"""What changes in claims; what an accepted one gives back is written in settlement."""

from farmlink.claims.commands.deciding import decline, grant, pass_on, pass_unanswered_on
from farmlink.claims.commands.making import forget_of_erased, make

__all__ = ["decline", "forget_of_erased", "grant", "make", "pass_on", "pass_unanswered_on"]
