"""What is read of settlement."""

from farmlink.settlement.queries.credit import crates_out, credit_note, credit_notes, note_value, reversible
from farmlink.settlement.queries.ending import (
    carriage_minor,
    delivered,
    ended_orders,
    terms,
    to_weigh,
    unweighed,
    weighed,
)
from farmlink.settlement.queries.paying import bank_details, pay_out, pay_outs, payees
from farmlink.settlement.queries.received import received, settled_cycles, sums_by_lot
from farmlink.settlement.queries.statements import order_charge, settled, statement, statement_sums

__all__ = [
    "bank_details",
    "carriage_minor",
    "crates_out",
    "credit_note",
    "credit_notes",
    "delivered",
    "ended_orders",
    "note_value",
    "order_charge",
    "pay_out",
    "pay_outs",
    "payees",
    "received",
    "reversible",
    "settled",
    "settled_cycles",
    "statement",
    "statement_sums",
    "sums_by_lot",
    "terms",
    "to_weigh",
    "unweighed",
    "weighed",
]
