"""Standing orders: made, changed, left to rest and ended by their consumer."""

from __future__ import annotations

from datetime import date

import msgspec

from farmlink.catalogue import queries as catalogue
from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.kernel.locale import marked
from farmlink.network import queries as network
from farmlink.network.values import RegionId
from farmlink.orders.queries.standing import standing_value
from farmlink.orders.rules.standing import named_goods, require_going_on, require_standing
from farmlink.orders.tables import StandingOrderRow
from farmlink.orders.values import StandingId, StandingOrder, StandingState, StandingTerms
from farmlink.people import commands as people
from farmlink.people.values import PersonErased, PersonId
from farmlink.store.transaction import Transaction

END_ALL = """
UPDATE standing_order SET state = 'ended', paused_until = NULL, revision = revision + 1
WHERE consumer_id = :person AND state <> 'ended'
"""


def make_standing(tx: Transaction, consumer_id: PersonId, terms: StandingTerms) -> StandingOrder:
    """Order the same in every so many of the cycles that open from now on."""
    people.hold_person(tx, consumer_id)
    region_id = _require_there(tx, consumer_id, terms)
    row = StandingOrderRow(consumer_id=consumer_id, region_id=region_id, since_at=tx.now, every=1, lines=[])
    _write(row, terms)
    tx.add(row)
    tx.record("standing.make", row.id)
    return standing_value(row)


def change_standing(tx: Transaction, standing_id: StandingId, revision: int, terms: StandingTerms) -> StandingOrder:
    """Say what is ordered from the next cycle on; orders that were placed stay as they are."""
    row = tx.lock_as_seen(StandingOrderRow, standing_id, revision)
    require_going_on(StandingState(row.state))
    row.region_id = _require_there(tx, PersonId(row.consumer_id), terms)
    _write(row, terms)
    return _changed(tx, row, "standing.change")


def pause_standing(tx: Transaction, standing_id: StandingId, until: date | None = None) -> StandingOrder:
    """Order nothing for a while, or until it is resumed; what is handed out on the day `until` is ordered again."""
    row = tx.lock(StandingOrderRow, standing_id)
    require_going_on(StandingState(row.state))
    if until is not None and until <= tx.now.date():
        raise InvalidError(field="until", reason=marked("Choose a day that is still to come."))
    if (row.state, row.paused_until) == (StandingState.PAUSED, until):
        return standing_value(row)
    row.state, row.paused_until = StandingState.PAUSED.value, until
    return _changed(tx, row, "standing.pause")


def resume_standing(tx: Transaction, standing_id: StandingId) -> StandingOrder:
    """Order again from the next cycle that opens. Twice changes nothing."""
    row = tx.lock(StandingOrderRow, standing_id)
    require_going_on(StandingState(row.state))
    if row.state == StandingState.RUNNING:
        return standing_value(row)
    row.state, row.paused_until, row.since_at = StandingState.RUNNING.value, None, tx.now
    return _changed(tx, row, "standing.resume")


def end_standing(tx: Transaction, standing_id: StandingId) -> StandingOrder:
    """Order nothing any more, for good; orders that were placed stand. Twice changes nothing."""
    row = tx.lock(StandingOrderRow, standing_id)
    if row.state == StandingState.ENDED:
        return standing_value(row)
    row.state, row.paused_until = StandingState.ENDED.value, None
    return _changed(tx, row, "standing.end")


def end_standing_of_erased(tx: Transaction, event: PersonErased) -> None:
    """Order nothing any more for somebody who is gone."""
    tx.execute(END_ALL, {"person": event.person_id})
    tx.session.expire_all()


def _write(row: StandingOrderRow, terms: StandingTerms) -> None:
    row.hub_id, row.point_id, row.every = terms.hub_id, terms.point_id, terms.every
    row.lines = msgspec.to_builtins(terms.lines)


def _changed(tx: Transaction, row: StandingOrderRow, deed: str) -> StandingOrder:
    row.revision += 1
    tx.session.flush()
    tx.record(deed, row.id, revision=row.revision)
    return standing_value(row)


def _require_there(tx: Transaction, consumer_id: PersonId, terms: StandingTerms) -> RegionId:
    """Refuse goods, places and hubs that do not exist; the region is that of the point, or of the consumer's home."""
    require_standing(terms)
    goods = named_goods(terms.lines)
    variants = catalogue.variants_by_id(tx, {one.variant_id for one in goods})
    for one in goods:
        if one.variant_id not in variants or variants[one.variant_id].product_id != one.product_id:
            raise MissingError(noun="variant", id=one.variant_id)
    if terms.point_id is None:
        region_id = network.home_sign(tx, consumer_id).region_id
    else:
        region_id = network.point(tx, terms.point_id).region_id
    if terms.hub_id is not None and network.hub(tx, terms.hub_id).region_id != region_id:
        raise MissingError(noun="hub", id=terms.hub_id)
    return region_id
