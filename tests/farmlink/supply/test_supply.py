from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import ProductCard, ProductDraft, ProductId
from farmlink.kernel.errors import MissingError, StaleError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.network.values import FarmCard, Reach
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import commands, queries, rules
from farmlink.supply.values import LotCard, LotChange, LotDraft, LotId, LotState
from tests.farmlink.network.builders import Country

THURSDAY = date(2031, 9, 4)


@pytest.fixture
def country(store: Store) -> Country:
    return Country.founded(store)


@pytest.fixture
def farm(country: Country) -> FarmCard:
    return country.farm()


@pytest.fixture
def apples(store: Store) -> ProductCard:
    draft = ProductDraft(code="apples", name={"en": "Apples", "zh-CN": "苹果"}, volume_ml_per_1000=1600, shelf_days=30)
    return store.run(catalogue.create_product, draft)


@pytest.fixture
def draft(farm: FarmCard, apples: ProductCard) -> LotDraft:
    return LotDraft(
        farm_id=farm.id,
        product_id=apples.id,
        grade=4,
        quantity=250_000,
        minimum=20_000,
        pack=2_300,
        ask_minor_per_1000=190,
        harvest_on=THURSDAY,
    )


def unchanged(lot: LotCard) -> LotChange:
    return LotChange(**{name: getattr(lot, name) for name in LotChange.__dataclass_fields__})


def test_a_lot_says_outright_what_its_farm_left_open(store: Store, draft: LotDraft) -> None:
    lot = store.run(commands.offer_lot, draft)
    assert (lot.collect_from, lot.collect_until, lot.shelf_days) == (THURSDAY, date(2031, 10, 4), 30)
    assert (lot.daily_capacity, lot.forecast_low, lot.forecast_likely, lot.forecast_high) == (250_000,) * 4
    assert (lot.state, lot.allocated) == (LotState.OFFERED, 0)
    assert store.read(queries.lot, lot.id) == lot
    assert store.read(queries.lots_by_id, [lot.id]) == {lot.id: lot}


def test_a_lot_of_years_ago_is_not_offered_any_more(store: Store, draft: LotDraft) -> None:
    with pytest.raises(rules.LotPastError, match="2020-10-03"):
        store.run(commands.offer_lot, replace(draft, harvest_on=date(2020, 9, 3)))


def test_a_farm_offers_only_once_it_is_approved(store: Store, country: Country, draft: LotDraft) -> None:
    waiting = store.run(network.add_farm, country.farm_draft("New Farm"))
    with pytest.raises(rules.FarmNotApprovedError, match="New Farm"):
        store.run(commands.offer_lot, replace(draft, farm_id=waiting.id))


def test_a_lot_needs_a_known_farm_product_and_grade(store: Store, draft: LotDraft) -> None:
    with pytest.raises(MissingError, match="farm"):
        store.run(commands.offer_lot, draft, Reach(frozenset()))
    with pytest.raises(MissingError, match="product"):
        store.run(commands.offer_lot, replace(draft, product_id=ProductId(uuid7())))
    with pytest.raises(rules.GradeNotSoldError, match="Apples"):
        store.run(commands.offer_lot, replace(draft, grade=6))


def test_of_many_lots_one_refused_stops_all(store: Store, draft: LotDraft) -> None:
    with pytest.raises(rules.PackTooLargeError):
        store.run(commands.offer_lots, [draft, replace(draft, quantity=100, minimum=0)])
    assert store.read(queries.lots, Paging()).items == []


def test_a_farm_uses_the_code_of_a_lot_once(store: Store, draft: LotDraft) -> None:
    store.run(commands.offer_lot, replace(draft, code="apples-36"))
    with pytest.raises(rules.LotCodeTakenError, match="apples-36"):
        store.run(commands.offer_lot, replace(draft, code="apples-36"))


def test_a_farm_sees_its_own_lots_and_no_others(store: Store, country: Country, draft: LotDraft) -> None:
    other = country.farm("Other")
    mine = store.run(commands.offer_lot, draft)
    theirs = store.run(commands.offer_lot, replace(draft, farm_id=other.id))
    own = Reach(frozenset([other.organisation_id]))
    assert store.read(queries.lots, Paging(), seen_by=own).items == [theirs]
    assert store.read(queries.lot, theirs.id, own) == theirs
    for deed in (commands.withdraw_lot, commands.report_failed_harvest):
        with pytest.raises(MissingError, match="lot"):
            store.run(deed, mine.id, own)
    with pytest.raises(MissingError, match="lot"):
        store.read(queries.lot, mine.id, own)
    with pytest.raises(MissingError, match="lot"):
        store.run(commands.change_lot, mine.id, unchanged(mine), 1, own)


def test_lots_are_found_by_farm_product_and_state_page_by_page(store: Store, draft: LotDraft) -> None:
    lots = [store.run(commands.offer_lot, draft) for _ in range(3)]
    withdrawn = store.run(commands.withdraw_lot, lots[0].id)
    assert store.read(queries.lots, Paging(), state=LotState.WITHDRAWN).items == [withdrawn]
    first = store.read(queries.lots, Paging(limit=2), farm_id=draft.farm_id, product_id=draft.product_id)
    assert [lot.id for lot in first.items] == [lots[0].id, lots[1].id]
    assert store.read(queries.lots, Paging(after=first.next)).items == [lots[2]]


def test_a_plan_sees_what_approved_farms_have_on_the_day(store: Store, country: Country, draft: LotDraft) -> None:
    early = store.run(commands.offer_lot, replace(draft, collect_until=date(2031, 9, 6)))
    late = store.run(commands.offer_lot, replace(draft, harvest_on=date(2031, 9, 7)))
    failed = store.run(commands.offer_lot, draft)
    store.run(commands.report_failed_harvest, failed.id)
    on_thursday = store.read(queries.lots_for, country.region.id, THURSDAY)
    assert (on_thursday.id, on_thursday.quantity, on_thursday.harvest_on) == ((early.id,), (250_000,), (THURSDAY,))
    assert store.read(queries.lots_for, country.region.id, date(2031, 9, 8)).id == (late.id,)
    store.run(network.suspend_farm, draft.farm_id)
    assert store.read(queries.lots_for, country.region.id, THURSDAY).id == ()


def test_a_better_forecast_replaces_the_first_unless_somebody_else_was_faster(store: Store, draft: LotDraft) -> None:
    lot = store.run(commands.offer_lot, draft)
    change = replace(unchanged(lot), quantity=300_000, forecast_likely=300_000, forecast_high=320_000)
    changed = store.run(commands.change_lot, lot.id, change, 1)
    assert (changed.quantity, changed.forecast_low, changed.forecast_high, changed.revision) == (
        300_000, 250_000, 320_000, 2,
    )  # fmt: skip
    with pytest.raises(StaleError):
        store.run(commands.change_lot, lot.id, change, 1)


def test_a_promised_lot_is_not_withdrawn_but_may_fail(store: Store, draft: LotDraft) -> None:
    lot = store.run(commands.offer_lot, draft)
    store.run(commands.set_allocated, {lot.id: 100_000})
    with pytest.raises(rules.LotPromisedError, match="100000"):
        store.run(commands.withdraw_lot, lot.id)
    assert store.run(commands.report_failed_harvest, lot.id).state is LotState.FAILED


def test_a_failed_harvest_is_announced_once_however_often_it_is_reported(store: Store, draft: LotDraft) -> None:
    lot = store.run(commands.offer_lot, draft)
    store.run(commands.set_allocated, {lot.id: 100_000})
    first = store.run(commands.report_failed_harvest, lot.id)
    assert store.run(commands.report_failed_harvest, lot.id) == first
    statement = "SELECT payload FROM outbox_event WHERE name = 'harvest.failed.v1'"
    events = store.read(lambda tx: list(tx.execute(statement).scalars()))
    assert [(event["lot_id"], event["allocated"]) for event in events] == [(str(lot.id), 100_000)]


def test_a_withdrawn_lot_stays_withdrawn(store: Store, draft: LotDraft) -> None:
    lot = store.run(commands.offer_lot, draft)
    withdrawn = store.run(commands.withdraw_lot, lot.id)
    assert store.run(commands.withdraw_lot, lot.id) == withdrawn
    with pytest.raises(rules.LotGoneError, match="withdrawn"):
        store.run(commands.report_failed_harvest, lot.id)
    with pytest.raises(rules.LotGoneError, match="withdrawn"):
        store.run(commands.set_allocated, {lot.id: 1})


def test_what_is_promised_of_lots_is_written_for_many_at_once(store: Store, draft: LotDraft) -> None:
    ids = store.run(commands.offer_lots, [draft] * 3)
    store.run(commands.set_allocated, dict.fromkeys(ids, 1000))
    store.run(commands.set_allocated, {ids[2]: 250_000, ids[0]: 0})
    allocated = store.read(queries.lots_by_id, ids)
    assert [allocated[lot_id].allocated for lot_id in ids] == [0, 1000, 250_000]


def test_nothing_is_written_when_one_lot_would_be_promised_twice_over(store: Store, draft: LotDraft) -> None:
    ids = store.run(commands.offer_lots, [draft] * 2)
    with pytest.raises(rules.LotOverAllocatedError):
        store.run(commands.set_allocated, {ids[0]: 1000, ids[1]: 250_001})
    with pytest.raises(MissingError):
        store.run(commands.set_allocated, {ids[0]: 1000, LotId(uuid7()): 1})
    assert store.read(queries.lot, ids[0]).allocated == 0


def test_a_failed_lot_may_still_be_freed_of_its_promise(store: Store, draft: LotDraft) -> None:
    lot = store.run(commands.offer_lot, draft)
    store.run(commands.set_allocated, {lot.id: 100_000})
    store.run(commands.report_failed_harvest, lot.id)
    store.run(commands.set_allocated, {lot.id: 0})
    assert store.read(queries.lot, lot.id).allocated == 0


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("allocated = 250001", "lot_allocated_within_quantity"),
        ("allocated = -1", "lot_allocated_within_quantity"),
        ("quantity = 0", "lot_"),
        ("minimum = 250001", "lot_minimum"),
        ("pack = 0", "lot_pack"),
        ("forecast_low = 250001", "lot_forecast"),
        ("quantity = 250001", "lot_quantity_within_forecast"),
        ("collect_until = '2031-09-01'", "lot_window"),
        ("grade = 6", "lot_grade_of_product"),
        ("state = 'sold'", "cannot move from offered to sold"),
    ],
)
def test_the_database_itself_refuses_what_no_lot_is(
    store: Store, draft: LotDraft, change: str, constraint: str
) -> None:
    store.run(commands.offer_lot, draft)

    def tamper(tx: Transaction) -> None:
        tx.execute(f"UPDATE lot SET {change}")

    with pytest.raises(IntegrityError, match=constraint):
        store.run(tamper)
