"""The snapshot: everything a plan of a cycle depends on, read at one moment, as the solver's columns."""

from __future__ import annotations

from farmlink.catalogue import queries as catalogue
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.demand import queries as demand
from farmlink.network import queries as network
from farmlink.network.values import FarmId, HubState
from farmlink.planning.queries.beside import held_beside
from farmlink.planning.queries.plans import expected_declines_ppm
from farmlink.planning.queries.plans import pins as held_pins
from farmlink.planning.queries.snapshot import goods, left, places, terms
from farmlink.planning.queries.snapshot.before import with_earlier
from farmlink.planning.queries.snapshot.columns import by_id, rows
from farmlink.planning.rules import NothingToPlanError, small_farms
from farmlink.policy import queries as policy
from farmlink.policy.values import PolicyVersion
from farmlink.store.transaction import Transaction
from solver.problem import Problem


def snapshot(tx: Transaction, cycle_id: CycleId) -> Problem:
    """Read a closed cycle's problem; rows are ordered by id, so that the same facts give the same problem."""
    cycle = cycles.cycle(tx, cycle_id)
    batches = demand.batches(tx, cycle_id)
    if not batches:
        raise NothingToPlanError(cycle_id=cycle_id)
    assert cycle.policy_version is not None, "a cycle that was opened has pinned its policy; the database checks it"
    document = policy.at(tx, PolicyVersion(cycle.policy_version)).document
    region = network.region(tx, cycle.region_id)
    pins = held_pins(tx, cycle_id)
    promised = {pin.lot_id: pin.at_least for pin in pins}
    held = held_beside(tx, cycle)
    lots = left.lots(goods.lots_on_offer(tx, cycle, pins), held, promised)
    products = by_id(catalogue.products_by_id(tx).values())
    hubs = by_id(hub for hub in left.hubs(network.hubs_of(tx, cycle.region_id), held) if hub.state is HubState.OPEN)
    farms = by_id(network.farms_by_id(tx, set(map(FarmId, lots.farm_id))).values())
    points = by_id(places.destinations(tx, {batch.place_id for batch in batches}))
    vehicles = by_id(left.trucks(network.vehicles_of(tx, [hub.id for hub in hubs]), held))
    row_of = {"product": rows(products), "farm": rows(farms), "point": rows(points)}
    rhythm = terms.rhythm(region.rhythm, cycle)
    keeps = {product.id: product.shelf_days for product in products}
    small = small_farms(goods.offered_g(lots, products), document)
    declines_ppm = expected_declines_ppm(tx)
    problem = Problem(
        currency=cycle.currency,
        places=places.places([*hubs, *farms, *points]),
        products=goods.products(products, batches, document),
        farms=places.farms(farms, len(hubs), cycle.collect_on, region.rhythm, declines_ppm, small),
        hubs=places.hubs(hubs),
        points=places.points(points, len(hubs) + len(farms), region.rhythm, rhythm),
        lots=goods.lots(lots, cycle, row_of, goods.taken_here(tx, cycle), keeps),
        batches=goods.batches(batches, row_of, document),
        vehicles=places.vehicles(vehicles, rows(hubs)),
        roads=terms.roads(region.roads),
        rhythm=rhythm,
        parcels=terms.parcels(region.parcels),
        policy=terms.policy(document),
        pins=goods.pins(pins, lots),
    )
    return with_earlier(tx, cycle_id, problem)
