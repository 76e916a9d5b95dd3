"""The snapshot: everything a plan of a cycle depends on, read at one moment, as the solver's columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductId
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId
from farmlink.demand import queries as demand
from farmlink.demand.values import Batch
from farmlink.network import queries as network
from farmlink.network.values import FarmId, HubState
from farmlink.planning.queries.beside import held_beside
from farmlink.planning.queries.plans import expected_declines_ppm
from farmlink.planning.queries.plans import pins as held_pins
from farmlink.planning.queries.season import season_before
from farmlink.planning.queries.snapshot import goods, holding, left, limited, places, supposed, terms
from farmlink.planning.queries.snapshot.before import with_earlier
from farmlink.planning.queries.snapshot.columns import by_id, rows
from farmlink.planning.queries.snapshot.fitting import fitting, unfitting
from farmlink.planning.rules import NothingToPlanError, small_farms
from farmlink.planning.values import Assumptions, ExplanationView, Held, HeldTo, PinChange
from farmlink.policy import queries as policy
from farmlink.policy.values import PolicyDocument, PolicyVersion
from farmlink.store.transaction import Transaction
from farmlink.supply.values import LotColumns
from solver.problem import Problem

AS_EVERYTHING_IS: Final = Assumptions()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A problem that the solver takes, and what had to be left out of it.

    `held` is what planners hold to, and `free` the problem if they held to nothing, where they do.
    """

    problem: Problem
    left_out: tuple[ExplanationView, ...] = ()
    held: tuple[HeldTo, ...] = ()
    free: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Terms:
    """What stands whatever is offered and asked."""

    cycle: Cycle
    document: PolicyDocument
    pins: Sequence[PinChange]
    held: Held
    assumed: Assumptions


def snapshot(tx: Transaction, cycle_id: CycleId, assumed: Assumptions = AS_EVERYTHING_IS) -> Snapshot:
    """Read a closed cycle's problem; rows are ordered by id, so that the same facts give the same problem.

    What is `assumed` stands for what is.

    A lot or a batch beyond what the solver takes is left out, so that nobody else is without a plan for it.
    """
    cycle = cycles.cycle(tx, cycle_id)
    batches = supposed.orders(demand.batches(tx, cycle_id), assumed)
    if not batches:
        raise NothingToPlanError(cycle_id=cycle_id)
    assert cycle.policy_version is not None, "a cycle that was opened has pinned its policy; the database checks it"
    document = policy.at(tx, PolicyVersion(cycle.policy_version)).document
    pins, held = supposed.promises(held_pins(tx, cycle_id), assumed), held_beside(tx, cycle)
    promised = {pin.lot_id: pin.at_least for pin in pins}
    lots = left.lots(supposed.offers(goods.lots_on_offer(tx, cycle, pins), assumed), held, promised)
    read = _Terms(cycle, document, pins, held, assumed)
    problem = _problem(tx, read, lots, batches)
    if left_out := unfitting(problem):
        problem = _problem(tx, read, *fitting(lots, batches, left_out))
    wanted = holding.wanted(tx, cycle_id)
    problem = with_earlier(tx, cycle_id, problem, wanted[-1].hold.plan_id if wanted else None)
    holding_to, said = holding.held_to(problem, wanted)
    return Snapshot(holding_to, left_out, tuple(said), None if holding_to is problem else problem)


def _problem(tx: Transaction, read: _Terms, on_offer: LotColumns, batches: Sequence[Batch]) -> Problem:
    cycle, document = read.cycle, read.document
    region = network.region(tx, cycle.region_id)
    wanted = {batch.product_id for batch in batches}
    known = catalogue.products_by_id(tx, wanted.union(map(ProductId, on_offer.product_id)))
    small = small_farms(goods.offered_g(on_offer, known.values()), document)
    products = by_id(card for card in known.values() if card.id in wanted)
    lots = goods.lots_of(on_offer, wanted)
    hubs = by_id(
        hub for hub in left.hubs(network.hubs_of(tx, cycle.region_id), read.held) if hub.state is HubState.OPEN
    )
    farms = by_id(network.farms_by_id(tx, set(map(FarmId, lots.farm_id))).values())
    points = by_id(places.destinations(tx, {batch.place_id for batch in batches}))
    trucks = left.trucks(network.vehicles_of(tx, [hub.id for hub in hubs]), read.held)
    vehicles = by_id(supposed.trucks(trucks, read.assumed))
    row_of = {"product": rows(products), "farm": rows(farms), "point": rows(points)}
    rhythm = terms.rhythm(region.rhythm, cycle)
    keeps = {product.id: product.shelf_days for product in products}
    declines_ppm, season = expected_declines_ppm(tx), season_before(tx, cycle)
    return Problem(
        currency=cycle.currency,
        places=places.places([*hubs, *farms, *points]),
        products=limited.table(goods.products(products, batches, document)),
        farms=limited.table(
            places.farms(farms, len(hubs), cycle.collect_on, region.rhythm, declines_ppm, season, small)
        ),
        hubs=limited.table(places.hubs(hubs)),
        points=limited.table(places.points(points, len(hubs) + len(farms), region.rhythm, rhythm)),
        lots=goods.lots(lots, cycle, row_of, goods.taken_here(tx, cycle), keeps),
        batches=goods.batches(batches, row_of, document),
        vehicles=limited.table(places.vehicles(vehicles, rows(hubs))),
        roads=terms.roads(region.roads),
        rhythm=rhythm,
        parcels=terms.parcels(region.parcels),
        policy=terms.policy(document),
        pins=goods.pins(read.pins, lots),
    )
