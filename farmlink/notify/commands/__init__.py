"""What changes in notify."""

from farmlink.notify.commands.bank import say_bank_details_changed
from farmlink.notify.commands.books import say_books_differ
from farmlink.notify.commands.cases import say_orders_adjusted
from farmlink.notify.commands.letters import write_letter
from farmlink.notify.commands.overdue import say_overdue
from farmlink.notify.commands.payments import say_payments_fell_through, say_refunds_credited
from farmlink.notify.commands.posting import give_back, mark_failed, mark_sent, put_off, take_turn
from farmlink.notify.commands.prices import say_credited, say_final_prices
from farmlink.notify.commands.reactions import (
    confirm_orders,
    invite_farmers,
    invite_person,
    say_address_is_known,
    say_answered_for,
    say_application_decided,
    say_harvest_failed,
    say_lines_dropped,
    say_nothing_served,
    say_on_standby,
    say_orders_cancelled,
    say_plan_degraded,
    say_question_withdrawn,
    say_short,
    say_what_silence_meant,
    welcome,
    write_reset,
)
from farmlink.notify.commands.standing import say_standing_fell_short
from farmlink.notify.commands.thresholds import say_cut_off_moved, say_orders_cheaper, say_thresholds_moved

__all__ = [
    "confirm_orders",
    "give_back",
    "invite_farmers",
    "invite_person",
    "mark_failed",
    "mark_sent",
    "put_off",
    "say_address_is_known",
    "say_answered_for",
    "say_application_decided",
    "say_bank_details_changed",
    "say_books_differ",
    "say_credited",
    "say_cut_off_moved",
    "say_final_prices",
    "say_harvest_failed",
    "say_lines_dropped",
    "say_nothing_served",
    "say_on_standby",
    "say_orders_adjusted",
    "say_orders_cancelled",
    "say_orders_cheaper",
    "say_overdue",
    "say_payments_fell_through",
    "say_plan_degraded",
    "say_question_withdrawn",
    "say_refunds_credited",
    "say_short",
    "say_standing_fell_short",
    "say_thresholds_moved",
    "say_what_silence_meant",
    "take_turn",
    "welcome",
    "write_letter",
    "write_reset",
]
