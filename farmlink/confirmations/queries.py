"""Questions as farms and planners see them."""

from collections.abc import Collection, Iterable
from dataclasses import fields

from sqlalchemy import func
from sqlmodel import col, select

from farmlink.confirmations import rules
from farmlink.confirmations.tables import ConfirmationRequest
from farmlink.confirmations.values import AnswerCounts, RequestId, RequestState, RequestView
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging, page
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.people import queries as people
from farmlink.people.values import Link, Principal, Role
from farmlink.planning.queries import get_plan, is_planner
from farmlink.planning.values import PlanId
from farmlink.store.pages import fetched
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction, missing


def request(tx: Transaction, request_id: RequestId) -> RequestView:
    """One question."""
    return request_view(tx.get(ConfirmationRequest, request_id))


def requests(
    tx: Transaction,
    paging: Paging,
    *,
    cycle_id: CycleId | None = None,
    farm_ids: Iterable[FarmId] | None = None,
    state: RequestState | None = None,
) -> Page[RequestView]:
    """Questions in the order they were asked."""
    wanted = select(ConfirmationRequest)
    if cycle_id is not None:
        wanted = wanted.where(ConfirmationRequest.cycle_id == cycle_id)
    if farm_ids is not None:
        wanted = wanted.where(col(ConfirmationRequest.farm_id).in_(list(farm_ids)))
    if state is not None:
        wanted = wanted.where(ConfirmationRequest.state == state)
    rows = fetched(tx, wanted, col(ConfirmationRequest.id), paging)
    return page([request_view(row) for row in rows], paging, lambda view: view.id)


def request_for(tx: Transaction, principal: Principal, request_id: RequestId) -> RequestView:
    """One question, for its farm's farmers and its cycle's planners; for all others it does not exist."""
    found = request(tx, request_id)
    own = network.farm(tx, found.farm_id).organisation_id in principal.organisations(Role.FARMER)
    if not own and not is_planner(tx, principal, found.cycle_id):
        raise missing(ConfirmationRequest, request_id)
    return found


def farms_planned(tx: Transaction, principal: Principal, plan_id: PlanId) -> frozenset[FarmId]:
    """A farmer's own farms in the region of a plan that holds or by which farms were asked; others find no plan."""
    plan = get_plan(tx, plan_id)
    region_id = cycles.cycle(tx, plan.cycle_id).region_id
    own = network.farms_by_id(tx, network.farms_owned_by(tx, principal.organisations(Role.FARMER)))
    here = frozenset(farm.id for farm in own.values() if farm.region_id == region_id)
    asked = select(ConfirmationRequest.id).where(ConfirmationRequest.plan_id == plan_id).limit(1)
    if not here or not (plan.published or tx.session.exec(asked).first()):
        raise MissingError(noun="plan", id=plan_id)
    return here


def request_by_link(tx: Transaction, token: str) -> RequestView:
    """The question behind a link, as it stands; looking changes nothing."""
    return request_of_holder(tx, people.link(tx, rules.LINK_PURPOSE, token))


def request_of_holder(tx: Transaction, link: Link) -> RequestView:
    """The question of a link whose holder still is a farmer of its farm, or the planner who made it."""
    try:
        return request_for(tx, people.principal(tx, link.person_id), RequestId(link.subject_id))
    except MissingError as gone:
        raise rules.LinkHolderGoneError from gone


def answered_by_standing_yes(tx: Transaction, request_ids: Collection[RequestId]) -> set[RequestId]:
    """Which of these questions were answered by the farm's standing yes."""
    rows = tx.execute(
        "SELECT id FROM confirmation_request WHERE standing AND id = ANY(CAST(:ids AS uuid[]))",
        {"ids": uuids(request_ids)},
    )
    return {RequestId(row.id) for row in rows}


def is_newest(tx: Transaction, asked: RequestView) -> bool:
    """Tell whether its lot was not asked for again since, in the same cycle."""
    later = select(ConfirmationRequest.id).where(
        ConfirmationRequest.cycle_id == asked.cycle_id,
        ConfirmationRequest.lot_id == asked.lot_id,
        col(ConfirmationRequest.id) > asked.id,
    )
    return tx.session.exec(later.limit(1)).first() is None


def counts(tx: Transaction, cycle_id: CycleId) -> AnswerCounts:
    """How a cycle's questions stand."""
    rows = tx.session.exec(
        select(ConfirmationRequest.state, func.count())
        .where(ConfirmationRequest.cycle_id == cycle_id)
        .group_by(col(ConfirmationRequest.state))
    )
    return AnswerCounts(**dict(rows.all()))


def due_to_lapse(tx: Transaction) -> list[CycleId]:
    """Cycles with a question whose time is over, whatever stage they are in."""
    late = (
        select(ConfirmationRequest.cycle_id)
        .where(ConfirmationRequest.state == "open", col(ConfirmationRequest.due_at) <= tx.now)
        .distinct()
        .order_by(col(ConfirmationRequest.cycle_id))
    )
    return [CycleId(cycle_id) for cycle_id in tx.session.exec(late)]


def request_view(row: ConfirmationRequest) -> RequestView:
    """A question's row as a value."""
    return RequestView(**{field.name: getattr(row, field.name) for field in fields(RequestView)})
