"""The allocation: hubs and ways by a free flow, then quantities by slope scaling, then whole packs and least visits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solver.allocation.flow import Prices, Sent, fixed_prices, send
from solver.allocation.limits import Limits, small_floors
from solver.allocation.ways import Ways, only
from solver.draft import Draft, drafted, trimmed
from solver.instance import Floats, Instance, settled
from solver.problem import Flags, Ints
from solver.reserves import share_limits

REPAIRS = 6
PRICE_STEPS, PRICE, PRICE_GROWS = 8, 4.0, 1.6
"""Steps in which a hub that is too full grows dearer a kilogram, the first of them, and how they grow."""
FAVOURS, FAVOUR = 8, 0.1
"""Steps in which small farms' lots may count as cheaper for the reserved part, and the share of their price a step."""
SPARE = 0.98
"""A hub is priced as full a little before it is: packs and least visits move the last kilograms."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A hub for each farm and point, and what flows then."""

    ways: Ways
    farm_hub: Ints
    point_hub: Ints
    parcel: Flags
    minor: float
    intake_kg: Floats
    kept: Ints  # quantity of each lot


@dataclass(frozen=True, slots=True)
class Allocator:
    """What stays the same while ways and limits change."""

    instance: Instance
    prices: Prices
    caps: dict[tuple[int, int], int]
    rounds: int

    def draft(self, ways: Ways, limits: Limits) -> Draft:
        """Choose hubs and ways, then quantities that keep every rule of the allocation."""
        best = self._choose_hubs(ways, limits)
        return self.fill(ways, limits, best.farm_hub, best.point_hub, best.parcel)

    def fill(self, ways: Ways, limits: Limits, farm_hub: Ints, point_hub: Ints, parcel: Flags) -> Draft:
        """Quantities for chosen hubs and ways."""
        chosen = only(ways, farm_hub, point_hub, parcel)
        limits = self._favour_small(chosen, self._scale_slopes(chosen, limits, farm_hub))
        sent = self._settle(chosen, limits)
        draft = Draft(farm_hub, point_hub, parcel, sent.lot, sent.batch, sent.quantity)
        return within_throughput(self.instance, drafted(draft, sent.lot, sent.batch, sent.quantity, self.instance))

    def priced(self, ways: Ways, limits: Limits) -> Ways:
        """The ways with a price on every hub that would be too full."""
        best = self._choose_hubs(ways, limits)
        throughput_kg = np.maximum(SPARE * self.instance.problem.hubs.throughput_g / 1000, 1e-3)
        tried = best
        for step in range(PRICE_STEPS):
            full = tried.intake_kg > throughput_kg
            if not full.any():
                break
            tried = self._choose_hubs(
                replace(ways, hub=tried.ways.hub + np.where(full, PRICE * PRICE_GROWS**step, 0)), limits
            )
            best = min(best, tried, key=lambda choice: choice.minor)
        return replace(ways, hub=best.ways.hub)

    def _choose_hubs(self, ways: Ways, limits: Limits) -> Choice:
        """Of the hubs that the free flow uses, those that earn their fixed price; each farm and point has one."""
        ways = self._with_visits(ways, limits)
        best = self._settled_on(ways, limits)
        for hub in np.argsort(best.intake_kg, kind="stable").tolist():
            if best.intake_kg[hub] > 0:
                best = min(best, self._settled_on(_without(ways, hub), limits), key=lambda choice: choice.minor)
                ways = best.ways
        tried = best
        for _ in range(REPAIRS):
            # A farm whose promised goods do not get through from its hub looks for another one.
            lost = tried.kept < limits.least
            stuck = np.unique(self.instance.problem.lots.farm[lost])
            if not len(stuck):
                break
            ways = _unposted(self.instance, _elsewhere(tried.ways, stuck, tried.farm_hub), lost)
            tried = self._settled_on(ways, limits)
            best = min(best, tried, key=lambda choice: choice.minor)
        return best

    def _settled_on(self, ways: Ways, limits: Limits) -> Choice:
        """The hubs with most of each farm's and point's goods in the free flow, and what then flows through them."""
        problem = self.instance.problem
        sent = send(self.instance, self.prices, ways, limits, self.caps)
        weight_g = sent.quantity * self.instance.lot_weight_g[sent.lot]
        farm_hub = _most(problem.lots.farm[sent.lot], sent.source, weight_g, ways.collect)
        point_hub = _most(problem.batches.point[sent.batch], sent.target, weight_g, ways.bring)
        parcel = self._posted(ways, sent, point_hub)
        sent = send(self.instance, self.prices, only(ways, farm_hub, point_hub, parcel), limits, self.caps)
        intake = intake_kg(self.instance, sent)
        over_kg = np.maximum(intake - SPARE * problem.hubs.throughput_g / 1000, 0).sum()
        fixed = problem.hubs.fixed_minor[intake > 0].sum()
        # The price of a full hub moves goods; it is nobody's cost.
        price = ((ways.hub - problem.hubs.handling_minor_per_kg) * intake).sum()
        return Choice(
            ways=ways,
            farm_hub=farm_hub,
            point_hub=point_hub,
            parcel=parcel,
            minor=sent.expected + float(fixed - price + self.instance.overload_minor * over_kg),
            intake_kg=intake,
            kept=np.bincount(sent.lot, sent.quantity, len(problem.lots.id)).astype(np.int64),
        )

    def _posted(self, ways: Ways, sent: Sent, point_hub: Ints) -> Flags:
        """Points whose goods cost less by parcel, with what the carrier refuses of them left out."""
        problem, points = self.instance.problem, np.arange(len(point_hub))
        product = problem.lots.product[sent.lot]
        refused = (problem.products.cold[product] & problem.parcels.cold) == 0
        kg = sent.quantity * self.instance.lot_weight_g[sent.lot] / 1000
        worth = (self.prices.short[sent.batch] - self.prices.batch[sent.batch] - self.prices.lot[sent.lot]) / 1000

        def together(amount: Floats) -> Floats:
            return np.bincount(problem.batches.point[sent.batch], amount, len(points)).astype(np.float64)

        all_kg, taken_kg = together(kg), together(np.where(refused, 0, kg))
        left_minor = together(np.where(refused, np.maximum(worth, 0) * sent.quantity, 0))
        truck, parcel = ways.truck[points, point_hub], ways.parcel[points, point_hub]
        idle = all_kg <= 0
        all_kg, taken_kg = np.where(idle, 1.0, all_kg), np.where(idle, 1.0, np.maximum(taken_kg, 1e-3))
        cheaper: Flags = parcel * taken_kg + left_minor < truck * all_kg
        return cheaper

    def _with_visits(self, ways: Ways, limits: Limits) -> Ways:
        """Collection prices that hold each visit's charge, spread over what the farm may send."""
        lots = self.instance.problem.lots
        weight_kg = limits.most * self.instance.lot_weight_g / 1000
        farm_kg = np.bincount(lots.farm, weight_kg, len(self.instance.problem.farms.id)) / 2
        return replace(ways, collect=ways.collect + ways.visit / np.maximum(farm_kg, 1.0)[:, None])

    def _scale_slopes(self, ways: Ways, limits: Limits, farm_hub: Ints) -> Limits:
        """Rounds of flows whose prices hold each farm's visit, spread over what the last round sent."""
        lots, farms = self.instance.problem.lots, np.arange(len(farm_hub))
        visit = ways.visit[farms, farm_hub]
        farm_kg = np.bincount(lots.farm, limits.most * self.instance.lot_weight_g, len(farms)) / 2000
        best, best_cost = limits, np.inf
        for _ in range(self.rounds):
            per_kg = visit / np.maximum(farm_kg, 1e-3)
            tried = replace(limits, surcharge=per_kg[lots.farm] * self.instance.lot_weight_g)
            sent = send(self.instance, self.prices, ways, tried, self.caps)
            now_kg = (
                np.bincount(lots.farm[sent.lot], sent.quantity * self.instance.lot_weight_g[sent.lot], len(farms))
                / 1000
            )
            spread = float((sent.quantity * tried.surcharge[sent.lot]).sum()) / 1000
            cost = sent.expected - spread + float(visit[now_kg > 0].sum())
            if cost < best_cost:
                best, best_cost = tried, cost
            if np.array_equal(np.where(now_kg > 0, now_kg, farm_kg), farm_kg):
                break
            farm_kg = np.where(now_kg > 0, now_kg, farm_kg)
        return best

    def _favour_small(self, ways: Ways, limits: Limits) -> Limits:
        """Small farms' lots count as cheaper, step by step, until they have their reserved part of each product."""
        lots, floors = self.instance.problem.lots, small_floors(self.instance)
        small = self.instance.problem.farms.small[lots.farm]
        for _ in range(FAVOURS if floors.any() else 0):
            sent = send(self.instance, self.prices, ways, limits, self.caps)
            theirs = small[sent.lot]
            got = np.bincount(lots.product[sent.lot[theirs]], sent.quantity[theirs], len(floors))
            behind = small & (got < floors)[lots.product]
            if not behind.any():
                break
            limits = replace(limits, surcharge=limits.surcharge - np.where(behind, FAVOUR * self.prices.lot, 0))
        return limits

    def _settle(self, ways: Ways, limits: Limits) -> Sent:
        """Flow again with broken packs and too small visits settled, until every lot may send what it sends."""
        lots = len(self.instance.problem.lots.id)
        for attempt in range(REPAIRS):
            sent = send(self.instance, self.prices, ways, limits, self.caps)
            quantity = np.bincount(sent.lot, sent.quantity, lots).astype(np.int64)
            allowed = settled(self.instance, quantity)
            if (allowed == quantity).all():
                return sent
            limits = self._nearer(limits, quantity, allowed, last=attempt >= REPAIRS - 2)
        return self._cut(send(self.instance, self.prices, ways, limits, self.caps))

    def _nearer(self, limits: Limits, quantity: Ints, allowed: Ints, *, last: bool) -> Limits:
        """Broken lots are held at whole packs; a visit half worth it is made worth it, a lesser one is not made."""
        minimum = self.instance.problem.lots.minimum
        broken = quantity != allowed
        lifted = broken & (quantity < minimum) & (2 * quantity >= minimum) & (minimum <= limits.most) & (not last)
        most = np.where(broken & ~lifted, np.maximum(allowed, self.instance.at_least), limits.most)
        least = np.where(lifted, np.maximum(limits.least, minimum), np.minimum(limits.least, most))
        return replace(limits, least=least, most=most)

    def _cut(self, sent: Sent) -> Sent:
        """What a lot may not send is taken from its smallest rows."""
        lots = len(self.instance.problem.lots.id)
        quantity = sent.quantity.copy()
        total = np.bincount(sent.lot, quantity, lots).astype(np.int64)
        surplus = np.maximum(total - settled(self.instance, total), 0)
        for row in np.lexsort((quantity, sent.lot)).tolist():
            taken = min(int(surplus[sent.lot[row]]), int(quantity[row]))
            quantity[row] -= taken
            surplus[sent.lot[row]] -= taken
        return replace(sent, quantity=quantity)


def allocator(instance: Instance, rounds: int) -> Allocator:
    """For `rounds` rounds of slope scaling."""
    return Allocator(instance, fixed_prices(instance), share_limits(instance.problem), max(rounds, 1))


def within_throughput(instance: Instance, draft: Draft) -> Draft:
    """Take out what the hubs cannot handle, what is worth least a kilogram first and promises last."""
    problem = instance.problem
    while True:
        source = draft.farm_hub[problem.lots.farm[draft.lot]]
        target = draft.point_hub[problem.batches.point[draft.batch]]
        weight_g = instance.lot_weight_g[draft.lot]
        through = np.stack([(source == hub) | (target == hub) for hub in range(len(problem.hubs.id))])
        excess_g = (through * (draft.quantity * weight_g)).sum(axis=1) - problem.hubs.throughput_g
        full = int(excess_g.argmax())
        if excess_g[full] <= 0:
            return draft
        product = problem.lots.product[draft.lot]
        worth = (
            problem.products.shortfall_minor_per_1000[product] - problem.lots.ask_minor_per_1000[draft.lot]
        ) / weight_g
        rows = np.lexsort((draft.batch, worth, instance.at_least[draft.lot] > 0))
        rows = rows[through[full, rows]]
        before_g = np.cumsum(draft.quantity[rows] * weight_g[rows]) - draft.quantity[rows] * weight_g[rows]
        lost = np.zeros(len(draft.lot), dtype=np.int64)
        lost[rows] = np.clip(-(-(excess_g[full] - before_g) // weight_g[rows]), 0, draft.quantity[rows])
        draft = trimmed(instance, draft, lost)


def intake_kg(instance: Instance, sent: Sent) -> Floats:
    """Kilograms that each hub handles."""
    weight = sent.quantity * instance.lot_weight_g[sent.lot] / 1000
    hubs, crossing = len(instance.problem.hubs.id), sent.source != sent.target
    total = np.bincount(sent.source, weight, hubs) + np.bincount(sent.target[crossing], weight[crossing], hubs)
    return total.astype(np.float64)


def _without(ways: Ways, hub: int) -> Ways:
    collect, truck, parcel = ways.collect.copy(), ways.truck.copy(), ways.parcel.copy()
    collect[:, hub] = truck[:, hub] = parcel[:, hub] = np.inf
    return replace(ways, collect=collect, truck=truck, parcel=parcel)


def _elsewhere(ways: Ways, farms: Ints, hub: Ints) -> Ways:
    """Without these farms' hubs, as long as others are left to them."""
    collect = ways.collect.copy()
    others = farms[np.isfinite(collect[farms]).sum(axis=1) > 1]
    collect[others, hub[others]] = np.inf
    return replace(ways, collect=collect)


def _unposted(instance: Instance, ways: Ways, lots: Flags) -> Ways:
    """Without parcels to points that a truck reaches and that ask for goods of these lots which no carrier takes."""
    problem, parcel = instance.problem, ways.parcel.copy()
    product = problem.lots.product[lots]
    refused = product[(problem.products.cold[product] & problem.parcels.cold) == 0]
    asking = np.unique(problem.batches.point[np.isin(problem.batches.product, refused)])
    parcel[asking[np.isfinite(ways.truck[asking]).any(axis=1)]] = np.inf
    return replace(ways, parcel=parcel)


def _most(row: Ints, hub: Ints, weight: Ints, otherwise: Floats) -> Ints:
    """The hub with most of each row's goods; without any, the cheapest."""
    rows, hubs = otherwise.shape
    total = np.bincount(row * hubs + hub, weight, rows * hubs).reshape(rows, hubs)
    chosen: Ints = np.where(total.any(axis=1), total.argmax(axis=1), otherwise.argmin(axis=1))
    return chosen
