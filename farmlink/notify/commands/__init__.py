"""What changes in notify."""

from farmlink.notify.commands.bank import say_bank_details_changed
from farmlink.notify.commands.books import say_books_differ, say_refunds_stuck
from farmlink.notify.commands.cases import say_orders_adjusted
from farmlink.notify.commands.choices import choose_letters, end_letters, forget_choices
from farmlink.notify.commands.claims import say_claims_decided, say_claims_made
from farmlink.notify.commands.jobs import say_jobs_failing
from farmlink.notify.commands.letters import write_letter
from farmlink.notify.commands.overdue import say_overdue
from farmlink.notify.commands.payments import say_payments_fell_through, say_refunds_credited
from farmlink.notify.commands.posting import give_back, mark_failed, mark_sent, put_off, take_turn
from farmlink.notify.commands.prices import say_credited, say_final_prices
from farmlink.notify.commands.questions import remind
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
    send_code,
    welcome,
    write_reset,
)
from farmlink.notify.commands.standing import say_standing_fell_short
from farmlink.notify.commands.thresholds import say_cut_off_moved, say_orders_cheaper, say_thresholds_moved

__all__ = [
    "choose_letters",
    "confirm_orders",
    "end_letters",
    "forget_choices",
    "give_back",
    "invite_farmers",
    "invite_person",
    "mark_failed",
    "mark_sent",
    "put_off",
    "remind",
    "say_address_is_known",
    "say_answered_for",
    "say_application_decided",
    "say_bank_details_changed",
    "say_books_differ",
    "say_claims_decided",
    "say_claims_made",
    "say_credited",
    "say_cut_off_moved",
    "say_final_prices",
    "say_harvest_failed",
    "say_jobs_failing",
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
    "say_refunds_stuck",
    "say_short",
    "say_standing_fell_short",
    "say_thresholds_moved",
    "say_what_silence_meant",
    "send_code",
    "take_turn",
    "welcome",
    "write_letter",
    "write_reset",
]
