"""What will be short, receiving at the hub, sharing out, arriving at and handing out from the point, and the end."""

from farmlink.dispatch.commands.arriving import arrive
from farmlink.dispatch.commands.ending import end_unserved
from farmlink.dispatch.commands.finishing import book_shares, finish
from farmlink.dispatch.commands.handing import hand_out, hand_out_point
from farmlink.dispatch.commands.receiving import receive
from farmlink.dispatch.commands.sharing import foresee, share

__all__ = [
    "arrive",
    "book_shares",
    "end_unserved",
    "finish",
    "foresee",
    "hand_out",
    "hand_out_point",
    "receive",
    "share",
]
