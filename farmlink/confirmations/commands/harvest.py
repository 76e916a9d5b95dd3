"""A failed harvest: what was asked or promised of the lot is gone, and everything else is planned around it."""

from sqlmodel import col, select

from farmlink.confirmations.tables import ConfirmationRequest
from farmlink.confirmations.values import ConfirmationWithdrawn, RequestId
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.network.values import FarmId
from farmlink.planning import commands as planning
from farmlink.planning.rules import PLANNABLE
from farmlink.planning.values import PinChange
from farmlink.store.locks import exclude, lock_key
from farmlink.store.transaction import Transaction
from farmlink.supply.values import HarvestFailed


def drop_failed_lot(tx: Transaction, failed: HarvestFailed) -> None:
    """Withdraw the lot from every cycle that counts on it, and wish each a new plan; twice changes nothing."""
    of_lot = select(ConfirmationRequest).where(
        ConfirmationRequest.lot_id == failed.lot_id, col(ConfirmationRequest.state) != "superseded"
    )
    cycle_ids = {CycleId(request.cycle_id) for request in tx.session.exec(of_lot)}
    for cycle_id in sorted(cycle_ids, key=lock_key):  # as everybody does who holds several cycles
        exclude(tx, cycle_id)
    for request in tx.session.exec(of_lot.execution_options(populate_existing=True).with_for_update()):
        if request.state == "open":
            request.state = "superseded"
            tx.session.add(request)
            tx.announce(ConfirmationWithdrawn(RequestId(request.id), FarmId(request.farm_id)))
    tx.session.flush()
    for cycle_id in sorted(cycle_ids):
        stage = cycles.cycle(tx, cycle_id).stage
        if stage not in PLANNABLE:
            continue  # what does not come once the goods move is short when the hub counts
        if planning.set_pins(tx, cycle_id, [PinChange(failed.lot_id, 0, 0)]):
            planning.wish_plan(tx, cycle_id, "harvest-failed")
            tx.record("confirmation.harvest-failed", failed.lot_id, cycle_id=cycle_id)
