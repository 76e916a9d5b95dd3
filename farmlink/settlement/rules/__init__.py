"""What everybody pays and gets: pure."""

from farmlink.settlement.rules.amounts import sale_minor, share_of, spread_over, tax_within
from farmlink.settlement.rules.bank import clean, ending, is_iban
from farmlink.settlement.rules.crediting import check_note, deposit_back, require_same_note, taken_back
from farmlink.settlement.rules.paying import handed_over, paid_out, require_collected, transfers_of
from farmlink.settlement.rules.refusals import (
    BankDetailsWrongError,
    CreditAboveChargeError,
    CycleNotDoneError,
    CycleSettledError,
    ImplausibleWeightError,
    MoreCratesError,
    MoreThanCollectedError,
    NoSuchPayOutError,
    NotByWeightError,
    NoteDiffersError,
    NothingToPayError,
    NothingToWeighError,
    NotSepaError,
    NotSettledError,
    OwnBankMissingError,
    WeighedTwiceError,
)
from farmlink.settlement.rules.splitting import carriage_parts, entry_of, farm_parts, split_order, surplus_parts
from farmlink.settlement.rules.weighing import require_plausible, weighed

__all__ = [
    "BankDetailsWrongError",
    "CreditAboveChargeError",
    "CycleNotDoneError",
    "CycleSettledError",
    "ImplausibleWeightError",
    "MoreCratesError",
    "MoreThanCollectedError",
    "NoSuchPayOutError",
    "NotByWeightError",
    "NotSepaError",
    "NotSettledError",
    "NoteDiffersError",
    "NothingToPayError",
    "NothingToWeighError",
    "OwnBankMissingError",
    "WeighedTwiceError",
    "carriage_parts",
    "check_note",
    "clean",
    "deposit_back",
    "ending",
    "entry_of",
    "farm_parts",
    "handed_over",
    "is_iban",
    "paid_out",
    "require_collected",
    "require_plausible",
    "require_same_note",
    "sale_minor",
    "share_of",
    "split_order",
    "spread_over",
    "surplus_parts",
    "taken_back",
    "tax_within",
    "transfers_of",
    "weighed",
]
