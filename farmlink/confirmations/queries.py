"""Questions as farms and planners see them."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import date

from sqlalchemy import func, or_
from sqlmodel import col, select

from farmlink.confirmations import rules
from farmlink.confirmations.tables import ConfirmationRequest
from farmlink.confirmations.values import AnswerCounts, RequestId, RequestState, RequestView, WouldAsk
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging, page
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.people import queries as people
from farmlink.people.values import Contact, Link, Principal, Role
from farmlink.planning import queries as planning
from farmlink.planning.queries import get_plan, is_planner
from farmlink.planning.values import PlanId
from farmlink.store.pages import fetched
from farmlink.store.pipeline import among, uuids
from farmlink.store.transaction import Transaction, missing
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId, LotState


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


def waiting(tx: Transaction, farm_ids: Iterable[FarmId]) -> list[RequestView]:
    """What farms may still answer, the most pressing first: open questions, and what others answered for them."""
    open_still = or_(col(ConfirmationRequest.state) == "open", col(ConfirmationRequest.on_behalf))
    chosen = select(ConfirmationRequest).where(
        col(ConfirmationRequest.farm_id).in_(list(farm_ids)), open_still, col(ConfirmationRequest.due_at) >= tx.now
    )
    in_order = chosen.order_by(col(ConfirmationRequest.due_at), col(ConfirmationRequest.id))
    return [request_view(row) for row in tx.session.exec(in_order)]


def newest(tx: Transaction, farm_id: FarmId) -> RequestView | None:
    """What a farm was asked last, whatever became of it."""
    chosen = select(ConfirmationRequest).where(ConfirmationRequest.farm_id == farm_id)
    row = tx.session.exec(chosen.order_by(col(ConfirmationRequest.id).desc()).limit(1)).first()
    return None if row is None else request_view(row)


def promised(tx: Transaction, farm_ids: Iterable[FarmId], since: date) -> list[RequestView]:
    """What farms promised to send from a day on: of each lot in each cycle their last word, none that failed."""
    answered = select(ConfirmationRequest).where(
        col(ConfirmationRequest.farm_id).in_(list(farm_ids)),
        ConfirmationRequest.day >= since,
        col(ConfirmationRequest.answered).is_not(None),
    )
    in_order = tx.session.exec(answered.order_by(col(ConfirmationRequest.id)))
    last = {(row.cycle_id, row.lot_id): request_view(row) for row in in_order}
    said = [one for one in last.values() if one.answered]
    offered = supply.lots_by_id(tx, [one.lot_id for one in said])
    comes = (one for one in said if offered[one.lot_id].state is LotState.OFFERED)
    return sorted(comes, key=lambda one: (one.day, one.id))


def last_words(tx: Transaction, cycle_id: CycleId, lot_ids: Iterable[LotId]) -> dict[LotId, int]:
    """What is promised of each of these lots in a cycle; a question that was withdrawn takes no promise back."""
    answered = select(ConfirmationRequest.lot_id, ConfirmationRequest.answered).where(
        ConfirmationRequest.cycle_id == cycle_id,
        among(col(ConfirmationRequest.lot_id), lot_ids),
        col(ConfirmationRequest.answered).is_not(None),
    )
    rows = tx.session.exec(answered.order_by(col(ConfirmationRequest.id)))
    return {LotId(lot_id): quantity for lot_id, quantity in rows if quantity is not None}


def person_to_call(tx: Transaction, cycle_id: CycleId) -> Contact | None:
    """Who answers a farm: a planner of the cycle's hub, else whoever runs the platform; a telephone goes first."""
    hub = network.hub(tx, cycles.cycle(tx, cycle_id).hub_id)
    asked = people.member_ids(tx, hub.organisation_id, Role.PLANNER)
    if platform := people.platform_id(tx):
        asked += people.member_ids(tx, platform, Role.ADMIN)
    known = people.contacts(tx, asked)
    reached = [known[one] for one in asked if one in known and (known[one].phone or known[one].email)]
    return min(reached, key=lambda one: not one.phone, default=None)


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
    return counts_of_each(tx, [cycle_id])[cycle_id]


def counts_of_each(tx: Transaction, cycle_ids: Iterable[CycleId]) -> dict[CycleId, AnswerCounts]:
    """How the questions of each of these cycles stand."""
    found: dict[CycleId, dict[str, int]] = {cycle_id: {} for cycle_id in cycle_ids}
    key, state = col(ConfirmationRequest.cycle_id), col(ConfirmationRequest.state)
    rows = tx.session.exec(select(key, state, func.count()).where(among(key, found)).group_by(key, state))
    for cycle_id, named, count in rows:
        found[CycleId(cycle_id)][named] = count
    return {cycle_id: AnswerCounts(**by_state) for cycle_id, by_state in found.items()}


def would_ask(tx: Transaction, plan_id: PlanId) -> WouldAsk:
    """What publishing a plan would tell farms, by lot id: looked at before it is done."""
    cycle_id = get_plan(tx, plan_id).cycle_id
    taken = {lot.lot_id: lot.quantity for lot in planning.allocated_lots(tx, plan_id)}
    promised = {pin.lot_id: pin.at_least for pin in planning.pins(tx, cycle_id)}
    wanted = rules.questions(taken, promised)
    chosen = select(ConfirmationRequest).where(
        ConfirmationRequest.cycle_id == cycle_id, ConfirmationRequest.state == "open"
    )
    is_open = {
        row.lot_id: request_view(row) for row in tx.session.exec(chosen.order_by(col(ConfirmationRequest.lot_id)))
    }
    stands = {one.lot_id for one in wanted if rules.still_stands(is_open.get(one.lot_id), one)}
    return WouldAsk(
        asked=[one for one in wanted if one.lot_id not in stands],
        kept=[one for one in wanted if one.lot_id in stands],
        withdrawn=[one for lot_id, one in is_open.items() if lot_id not in stands],
    )


def due_to_lapse(tx: Transaction) -> list[CycleId]:
    """Cycles with a question whose time is over, whatever stage they are in."""
    late = (
        select(ConfirmationRequest.cycle_id)
        .where(ConfirmationRequest.state == "open", col(ConfirmationRequest.due_at) <= tx.now)
        .distinct()
        .order_by(col(ConfirmationRequest.cycle_id))
    )
    return [CycleId(cycle_id) for cycle_id in tx.session.exec(late)]


def due_to_remind(tx: Transaction) -> list[CycleId]:
    """Cycles with an open question of which it is time to remind its farm."""
    waiting = (
        select(ConfirmationRequest.cycle_id)
        .where(
            ConfirmationRequest.state == "open",
            col(ConfirmationRequest.remind_at) <= tx.now,
            col(ConfirmationRequest.due_at) > tx.now,
        )
        .distinct()
        .order_by(col(ConfirmationRequest.cycle_id))
    )
    return [CycleId(cycle_id) for cycle_id in tx.session.exec(waiting)]


def request_view(row: ConfirmationRequest) -> RequestView:
    """A question's row as a value."""
    return RequestView(**{field.name: getattr(row, field.name) for field in fields(RequestView)})
