"""What is read of persons and organisations."""

from farmlink.people.queries.homes import address_at, addresses, forgotten_homes, home, homes_to_forget, live_in_many
from farmlink.people.queries.members import (
    application,
    application_value,
    applications,
    member_ids,
    members_by_organisation,
    organisation,
    organisation_value,
    organisations,
    people,
    person,
    platform_id,
    principal,
)
from farmlink.people.queries.persons import contact, contacts, found, known_person, names, person_card, signs_in
from farmlink.people.queries.recipients import givers_many, recipients
from farmlink.people.queries.sign_ins import LINKS, credentials, failures, link, principal_of, signing_key

__all__ = [
    "LINKS",
    "address_at",
    "addresses",
    "application",
    "application_value",
    "applications",
    "contact",
    "contacts",
    "credentials",
    "failures",
    "forgotten_homes",
    "found",
    "givers_many",
    "home",
    "homes_to_forget",
    "known_person",
    "link",
    "live_in_many",
    "member_ids",
    "members_by_organisation",
    "names",
    "organisation",
    "organisation_value",
    "organisations",
    "people",
    "person",
    "person_card",
    "platform_id",
    "principal",
    "principal_of",
    "recipients",
    "signing_key",
    "signs_in",
]
