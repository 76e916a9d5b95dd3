"""What changes in settlement."""

from farmlink.settlement.commands.cash import hand_over
from farmlink.settlement.commands.claims import accept_claim
from farmlink.settlement.commands.credit import credit, take_back_crates
from farmlink.settlement.commands.paying import keep_bank_details, pay_out
from farmlink.settlement.commands.settle import settle, settle_finished
from farmlink.settlement.commands.weigh import weigh

__all__ = [
    "accept_claim",
    "credit",
    "hand_over",
    "keep_bank_details",
    "pay_out",
    "settle",
    "settle_finished",
    "take_back_crates",
    "weigh",
]
