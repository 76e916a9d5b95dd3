"""What changes about persons, organisations, roles, sign-ins and links."""

from farmlink.people.commands.admins import name_admin
from farmlink.people.commands.codes import ask_code, enter_by_code, make_code
from farmlink.people.commands.homes import forget_left_homes, hold_person, leave_home, move_to
from farmlink.people.commands.invitations import invite
from farmlink.people.commands.leading import share_lead, stop_leading
from farmlink.people.commands.links import device_secret, make_link, use_link
from farmlink.people.commands.organisations import (
    add_organisation,
    add_organisations,
    apply,
    decide_application,
    found_platform,
    grant,
    rename_organisation,
    revoke,
)
from farmlink.people.commands.persons import add_person, change_person, erase_person
from farmlink.people.commands.recipients import forget_recipient, name_recipient
from farmlink.people.commands.registration import (
    ask_registration,
    ask_reset,
    confirm_registration,
    count_letter,
    make_registration_token,
    make_reset_token,
    set_password,
)
from farmlink.people.commands.seeding import seed_consumers
from farmlink.people.commands.sign_ins import (
    begin_attempt,
    end_sign_in,
    enter,
    forget_old,
    note_failure,
    sign_in_as,
    sign_out,
    sign_out_elsewhere,
    sign_out_everywhere,
)

__all__ = [
    "add_organisation",
    "add_organisations",
    "add_person",
    "apply",
    "ask_code",
    "ask_registration",
    "ask_reset",
    "begin_attempt",
    "change_person",
    "confirm_registration",
    "count_letter",
    "decide_application",
    "device_secret",
    "end_sign_in",
    "enter",
    "enter_by_code",
    "erase_person",
    "forget_left_homes",
    "forget_old",
    "forget_recipient",
    "found_platform",
    "grant",
    "hold_person",
    "invite",
    "leave_home",
    "make_code",
    "make_link",
    "make_registration_token",
    "make_reset_token",
    "move_to",
    "name_admin",
    "name_recipient",
    "note_failure",
    "rename_organisation",
    "revoke",
    "seed_consumers",
    "set_password",
    "share_lead",
    "sign_in_as",
    "sign_out",
    "sign_out_elsewhere",
    "sign_out_everywhere",
    "stop_leading",
    "use_link",
]
