"""Offering lots, changing them, failing them, and writing what plans promise of them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import col, select

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard, ProductId
from farmlink.kernel.errors import MissingError, StaleError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.locale import ENGLISH
from farmlink.network import queries as network
from farmlink.network.values import Approval, FarmCard, FarmId, Reach
from farmlink.store.pipeline import among, texts, uuids, wholes
from farmlink.store.transaction import Transaction, missing
from farmlink.supply import rules
from farmlink.supply.queries import lot_card
from farmlink.supply.tables import Lot
from farmlink.supply.values import HarvestFailed, LotCard, LotChange, LotDraft, LotId, LotState, SupplyChanged

DAYS = ("harvest_on", "collect_from", "collect_until")
REMEMBER = """
INSERT INTO farm_record (farm_id, asked, kept) VALUES (:farm, 1, :kept)
ON CONFLICT (farm_id) DO UPDATE SET asked = farm_record.asked + 1, kept = farm_record.kept + :kept
"""
WHOLES = (
    *("grade", "quantity", "minimum", "pack", "ask_minor_per_1000", "shelf_days", "daily_capacity"),
    *("forecast_low", "forecast_likely", "forecast_high"),
)


def offer_lot(tx: Transaction, draft: LotDraft, acting_for: Reach | None = None) -> LotCard:
    """Offer a lot."""
    lot_id = offer_lots(tx, [draft], acting_for)[0]
    tx.record("lot.offered", lot_id, quantity=draft.quantity)
    return lot_card(tx.get(Lot, lot_id))


def offer_lots(tx: Transaction, drafts: Sequence[LotDraft], acting_for: Reach | None = None) -> list[LotId]:
    """Offer many lots at once; the first that the rules refuse stops all."""
    farms = network.farms_by_id(tx, {draft.farm_id for draft in drafts})
    products = catalogue.products_by_id(tx, {draft.product_id for draft in drafts})
    lots = [judged(draft, farms, products, acting_for) for draft in drafts]
    for lot in lots:
        rules.check_ahead(lot, tx.now)
    ids = [LotId(uuid7()) for _ in lots]
    written = insert_lots(tx, ids, lots)
    for lot_id, lot in zip(ids, lots, strict=True):
        if lot_id not in written:
            raise rules.LotCodeTakenError(lot=lot.code)
    return ids


def judged(
    draft: LotDraft,
    farms: Mapping[FarmId, FarmCard],
    products: Mapping[ProductId, ProductCard],
    acting_for: Reach | None = None,
) -> LotDraft:
    """Complete a lot and ask the rules, its farm's approval and its product's grades."""
    farm, product = farms.get(draft.farm_id), products.get(draft.product_id)
    if farm is None or (acting_for is not None and not acting_for.covers(farm)):
        raise MissingError(noun="farm", id=draft.farm_id)
    if farm.state is not Approval.APPROVED:
        raise rules.FarmNotApprovedError(farm=farm.name)
    if product is None:
        raise MissingError(noun="product", id=draft.product_id)
    if draft.grade not in {grade.rank for grade in product.grades}:
        raise rules.GradeNotSoldError(field="grade", product=product.name[ENGLISH], grade=draft.grade)
    lot = rules.completed(draft, product.shelf_days)
    rules.check_lot(lot)
    return lot


def insert_lots(tx: Transaction, ids: Sequence[LotId], lots: Sequence[LotDraft]) -> set[LotId]:
    """Write judged lots in one statement; which were written: a code that its farm used before is left out."""
    columns = [uuids(ids), uuids(lot.farm_id for lot in lots), uuids(lot.product_id for lot in lots)]
    columns += [texts(lot.code for lot in lots)]
    columns += [texts(str(getattr(lot, name)) for lot in lots) for name in DAYS]
    columns += [wholes(getattr(lot, name) for lot in lots) for name in WHOLES]
    names = ("id", "farm_id", "product_id", "code", *DAYS, *WHOLES)
    kinds = ("uuid", "uuid", "uuid", "text", *("date" for _ in DAYS), *("bigint" for _ in WHOLES))
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in zip(names, kinds, strict=True))
    written = tx.execute(
        f"INSERT INTO lot ({', '.join(names)}, state, allocated, offered_at, revision)"  # noqa: S608  # our own columns
        f" SELECT offer.*, 'offered', 0, :now, 1 FROM unnest({arrays}) AS offer"
        " ON CONFLICT (farm_id, code) DO NOTHING RETURNING id",
        dict(zip(names, columns, strict=True)) | {"now": tx.now},
    )
    _say_changed(tx, {lot.farm_id for lot in lots})
    return {LotId(lot_id) for lot_id in written.scalars()}


def change_lot(
    tx: Transaction, lot_id: LotId, change: LotChange, revision: int, acting_for: Reach | None = None
) -> LotCard:
    """Replace quantities, forecast and price of a lot, keeping what is promised of it."""
    lot = _own(tx, lot_id, acting_for)
    if lot.revision != revision:
        raise StaleError
    rules.check_change(LotState(lot.state), lot.allocated, lot.pack, lot.ask_minor_per_1000, change)
    if (lot.quantity, lot.daily_capacity) != (change.quantity, change.daily_capacity):
        _say_changed(tx, [FarmId(lot.farm_id)])
    for name in LotChange.__dataclass_fields__:
        setattr(lot, name, getattr(change, name))
    lot.revision += 1
    tx.record("lot.changed", lot_id, quantity=change.quantity, revision=lot.revision)
    return lot_card(tx.add(lot))


def withdraw_lot(tx: Transaction, lot_id: LotId, acting_for: Reach | None = None) -> LotCard:
    """Take back a lot of which nothing is promised; twice changes nothing."""
    lot = _own(tx, lot_id, acting_for)
    if lot.state == LotState.WITHDRAWN:
        return lot_card(lot)
    rules.check_offered(LotState(lot.state))
    if lot.allocated:
        raise rules.LotPromisedError(allocated=lot.allocated)
    return _ended(tx, lot, LotState.WITHDRAWN)


def report_failed_harvest(tx: Transaction, lot_id: LotId, acting_for: Reach | None = None) -> LotCard:
    """Say once that a lot will not come; everything that counted on it is planned again; twice changes nothing."""
    lot = _own(tx, lot_id, acting_for)
    if lot.state == LotState.FAILED:
        return lot_card(lot)
    rules.check_offered(LotState(lot.state))
    farm = network.farm(tx, FarmId(lot.farm_id))
    tx.announce(HarvestFailed(lot_id, farm.id, ProductId(lot.product_id), farm.region_id, lot.allocated))
    return _ended(tx, lot, LotState.FAILED)


def lock_lots(tx: Transaction, lot_ids: Iterable[LotId]) -> dict[LotId, LotCard]:
    """Load lots as they stand now and keep others from changing them until the end."""
    wanted = sorted(set(lot_ids))  # everybody locks in the order of ids, so that nobody waits in a circle
    chosen = select(Lot).where(among(col(Lot.id), wanted)).order_by(col(Lot.id)).with_for_update(key_share=True)
    rows = tx.session.exec(chosen.execution_options(populate_existing=True))
    found = {LotId(row.id): lot_card(row) for row in rows}
    for lot_id in wanted:
        if lot_id not in found:
            raise missing(Lot, lot_id)
    return found


def set_allocated(tx: Transaction, amounts: Mapping[LotId, int]) -> None:
    """Write what all cycles together are promised of lots; more than is there, or more of what is gone, is refused."""
    tx.session.flush()
    rows = tx.execute(
        "SELECT id, farm_id, state, quantity, allocated FROM lot WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id"
        " FOR NO KEY UPDATE",
        {"ids": uuids(amounts)},
    )
    found = {LotId(row.id): row for row in rows}
    for lot_id, wanted in amounts.items():
        if lot_id not in found:
            raise missing(Lot, lot_id)
        lot = found[lot_id]
        rules.check_allocation(LotState(lot.state), lot.quantity, lot.allocated, wanted)
    changed = [lot_id for lot_id, lot in found.items() if lot.allocated != amounts[lot_id]]
    _say_changed(tx, {FarmId(found[lot_id].farm_id) for lot_id in changed})
    tx.execute(
        "UPDATE lot SET allocated = promised.amount FROM unnest(CAST(:ids AS uuid[]), CAST(:amounts AS bigint[]))"
        " AS promised (id, amount) WHERE lot.id = promised.id",
        {"ids": uuids(changed), "amounts": wholes(amounts[lot_id] for lot_id in changed)},
    )
    tx.session.expire_all()


def _own(tx: Transaction, lot_id: LotId, acting_for: Reach | None) -> Lot:
    lot = tx.lock(Lot, lot_id)
    if acting_for is not None and not acting_for.covers(network.farm(tx, FarmId(lot.farm_id))):
        raise missing(Lot, lot_id)
    return lot


def _ended(tx: Transaction, lot: Lot, state: LotState) -> LotCard:
    lot.state = state.value
    lot.revision += 1
    _say_changed(tx, [FarmId(lot.farm_id)])
    tx.record(f"lot.{state}", lot.id, allocated=lot.allocated)
    return lot_card(tx.add(lot))


def _say_changed(tx: Transaction, farm_ids: Iterable[FarmId]) -> None:
    """Say once for each region of these farms that its lots hold something else now."""
    for region_id in sorted({farm.region_id for farm in network.farms_by_id(tx, farm_ids).values()}):
        tx.announce(SupplyChanged(region_id))


def remember_answers(tx: Transaction, answers: Iterable[tuple[FarmId, bool]]) -> None:
    """Add to farms' records whether each gave all that it was asked for."""
    for farm_id, kept in sorted(answers):
        tx.execute(REMEMBER, {"farm": farm_id, "kept": int(kept)})


def forget_answer(tx: Transaction, farm_id: FarmId, *, kept: bool) -> None:
    """Take an answer out of a farm's record: the farm gives another one in its place."""
    tx.execute(
        "UPDATE farm_record SET asked = asked - 1, kept = kept - :kept WHERE farm_id = :farm",
        {"farm": farm_id, "kept": int(kept)},
    )
