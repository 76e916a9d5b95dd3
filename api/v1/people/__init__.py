"""Persons, sign-ins, organisations, and how farms and leaders are admitted."""

from api.v1.people.accounts import RegistrationController
from api.v1.people.applications import ApplicationController
from api.v1.people.organisations import OrganisationController
from api.v1.people.own import OwnController
from api.v1.people.persons import PersonController
from api.v1.people.recipients import RecipientController

controllers = [
    RegistrationController,
    PersonController,
    OwnController,
    RecipientController,
    OrganisationController,
    ApplicationController,
]
