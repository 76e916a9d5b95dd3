"""What happened elsewhere, and who is told: one message per event and person, however often the event is relayed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from farmlink.confirmations import queries as confirmations
from farmlink.confirmations.values import (
    AnswersComplete,
    ConfirmationWithdrawn,
    PlanPublished,
    RequestState,
)
from farmlink.cycles import queries as cycles
from farmlink.kernel.ids import uuid7
from farmlink.network import queries as network
from farmlink.network.values import FarmId, RegionId
from farmlink.notify.values import Kind
from farmlink.people import queries as people
from farmlink.people.values import (
    ApplicationDecided,
    PersonId,
    PersonInvited,
    RegistrationAsked,
    RegistrationRepeated,
    ResetAsked,
    Role,
    SignInCodeAsked,
)
from farmlink.planning import queries as planning
from farmlink.planning.values import PlanMade
from farmlink.store.outbox import Announced
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import HarvestFailed

CANCELLED: Final = "cancelled"
TELL = """
INSERT INTO message (id, cause, kind, person_id, subject_id, state, attempts, asked_at, due_at)
SELECT told.id, told.cause, :kind, told.person_id, told.subject_id, 'waiting', 0, :now, :now
FROM unnest(CAST(:ids AS uuid[]), CAST(:causes AS uuid[]), CAST(:persons AS uuid[]), CAST(:subjects AS uuid[]))
AS told (id, cause, person_id, subject_id) ON CONFLICT DO NOTHING
"""


def welcome(tx: Transaction, event: RegistrationAsked) -> None:
    """Ask an address whether it wants its account."""
    _tell(tx, Kind.REGISTRATION, event.registration_id, [None])


def say_address_is_known(tx: Transaction, event: RegistrationRepeated) -> None:
    """Tell an account's owner that somebody registered the address again."""
    _tell(tx, Kind.KNOWN_ADDRESS, event.person_id, [event.person_id])


def write_reset(tx: Transaction, event: ResetAsked) -> None:
    """Send the way to a new password."""
    _tell(tx, Kind.PASSWORD_RESET, event.reset_id, [None])


def send_code(tx: Transaction, event: SignInCodeAsked) -> None:
    """Send the code to sign in by, where the address is somebody's."""
    if (reader := people.code_reader(tx, event.code_id)) is not None:
        _tell(tx, Kind.SIGN_IN_CODE, event.code_id, [reader])


def invite_person(tx: Transaction, event: PersonInvited) -> None:
    """Send somebody whom staff added the way to their first password."""
    _tell(tx, Kind.INVITATION, event.reset_id, [None])


def say_application_decided(tx: Transaction, event: ApplicationDecided) -> None:
    """Tell an applicant whether their farm or point is admitted."""
    _tell(tx, Kind.APPLICATION, event.application_id, [event.person_id])


def confirm_orders(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Say what was ordered or changed, where and when it is handed out, and how much it costs at most."""
    tell_many(tx, Kind.ORDER, [(one.event_id, one.event.consumer_id, one.event.order_id) for one in announced])


def say_orders_cancelled(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Say which orders will not be served, and why."""
    told = [(one.event_id, one.event.consumer_id, one.event.order_id) for one in announced]
    tell_many(tx, Kind.ORDER_CANCELLED, told)


def say_lines_dropped(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Say what is left of an order: once, however many of its lines the cut-off dropped."""
    told = [(one.event.order_id, one.event.consumer_id, one.event.order_id) for one in announced]
    tell_many(tx, Kind.LINES_DROPPED, told)


def invite_farmers(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Send each of a farm's farmers their own link to the question."""
    _tell_farmers(tx, Kind.QUESTION, announced)


def say_answered_for(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell a farm's farmers at once what was answered for them, each with a link of their own to object by."""
    _tell_farmers(tx, Kind.ANSWERED_FOR, announced)


def say_question_withdrawn(tx: Transaction, event: ConfirmationWithdrawn) -> None:
    """Spare a farm an answer that nobody needs any more."""
    _tell(tx, Kind.QUESTION_WITHDRAWN, event.request_id, _farmers(tx, event.farm_id))


def say_what_silence_meant(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell a farm that did not answer what it is, or is not, expected to send."""
    standing = confirmations.answered_by_standing_yes(tx, [one.event.request_id for one in announced])
    silent = [one for one in announced if one.event.state == RequestState.LAPSED or one.event.request_id in standing]
    _tell_farmers(tx, Kind.SILENCE, silent)


def say_on_standby(tx: Transaction, event: PlanPublished) -> None:
    """Tell farmers which of their lots may yet be asked for, where that is news since the version before."""
    known = (
        set() if event.before is None else {(one.lot_id, one.quantity) for one in planning.standby(tx, event.before)}
    )
    waiting = [one for one in planning.standby(tx, event.plan_id) if (one.lot_id, one.quantity) not in known]
    lots = supply.lots_by_id(tx, [one.lot_id for one in waiting])
    farmers = {farm_id: _farmers(tx, farm_id) for farm_id in {lot.farm_id for lot in lots.values()}}
    told = [(one.id, farmer, one.id) for one in waiting for farmer in farmers[lots[one.lot_id].farm_id]]
    tell_many(tx, Kind.STANDBY, told)


def say_harvest_failed(tx: Transaction, event: HarvestFailed) -> None:
    """Tell the region's planners that goods which a plan counts on will not come."""
    if event.allocated:
        _tell(tx, Kind.HARVEST_FAILED, event.lot_id, planners_of(tx, event.region_id))


def say_plan_degraded(tx: Transaction, event: PlanMade) -> None:
    """Tell the region's planners of an unfinished plan that is to hold, unless one of them stopped it."""
    if not event.degraded:
        return
    plan = planning.get_plan(tx, event.plan_id)
    if planning.get_run(tx, plan.run_id).publish and plan.stopped_by != CANCELLED:
        region_id = cycles.cycle(tx, event.cycle_id).region_id
        _tell(tx, Kind.PLAN_DEGRADED, event.cycle_id, planners_of(tx, region_id))


def say_short(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell consumers what will be missing from their orders, before they come to fetch them."""
    told = [(one.event_id, one.event.consumer_id, one.event.short_order_id) for one in announced]
    tell_many(tx, Kind.SHORTAGE, told)


def say_nothing_served(tx: Transaction, event: AnswersComplete) -> None:
    """Tell the region's planners of a cycle whose farms have all answered, and to which nothing will come."""
    if not event.cut and not planning.allocated_lots(tx, event.plan_id):
        planners = planners_of(tx, cycles.cycle(tx, event.cycle_id).region_id)
        tell_many(tx, Kind.NOTHING_SERVED, [(event.plan_id, planner, event.plan_id) for planner in planners])


def _tell(tx: Transaction, kind: Kind, subject_id: UUID, persons: Sequence[PersonId | None]) -> None:
    """Tell persons about one thing, because of the event at hand."""
    assert tx.cause is not None, "only the relay calls reactions"
    tell_many(tx, kind, [(tx.cause, person_id, subject_id) for person_id in persons])


def tell_many(tx: Transaction, kind: Kind, told: Sequence[tuple[UUID, PersonId | None, UUID]]) -> None:
    """Leave messages by cause, person and subject; whatever has the same cause is left once."""
    causes, persons, subjects = zip(*told, strict=True) if told else ((), (), ())
    named = {"causes": uuids(causes), "persons": uuids(persons), "subjects": uuids(subjects)}
    tx.execute(TELL, named | {"kind": kind.value, "now": tx.now, "ids": uuids(uuid7() for _ in told)})


def tell_farmers(tx: Transaction, kind: Kind, told: Sequence[tuple[UUID, FarmId, UUID]]) -> None:
    """Leave messages for the farmers of farms by cause, farm and subject; whatever has the same cause is left once."""
    farms = network.farms_by_id(tx, {farm_id for _, farm_id, _ in told})
    farmers = people.members_by_organisation(tx, {farm.organisation_id for farm in farms.values()}, Role.FARMER)
    reached = [
        (cause, farmer, subject_id)
        for cause, farm_id, subject_id in told
        for farmer in farmers.get(farms[farm_id].organisation_id, ())
    ]
    tell_many(tx, kind, reached)


def _tell_farmers(tx: Transaction, kind: Kind, announced: Sequence[Announced]) -> None:
    """Tell the farmers of each question's farm about it."""
    tell_farmers(tx, kind, [(one.event_id, one.event.farm_id, one.event.request_id) for one in announced])


def _farmers(tx: Transaction, farm_id: FarmId) -> list[PersonId]:
    return people.member_ids(tx, network.farm(tx, farm_id).organisation_id, Role.FARMER)


def planners_of(tx: Transaction, region_id: RegionId) -> list[PersonId]:
    """Those of the region's hubs, and those of the platform, who plan everywhere."""
    keepers = {hub.organisation_id for hub in network.hubs_of(tx, region_id)} | {people.platform_id(tx)}
    found = {one for keeper in keepers if keeper for one in people.member_ids(tx, keeper, Role.PLANNER)}
    return sorted(found)
