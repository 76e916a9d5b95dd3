"""What a season came to, judged by plain SQL beside the program's own queries: the keys of `scripts/season`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from farmlink.demo.season.bounds import bound_of_farms, bound_of_households
from farmlink.demo.season.ground import Ground
from farmlink.demo.season.story import CLASSES
from farmlink.store.transaction import Transaction

OF_STATEMENTS: Final = "SELECT coalesce(sum(amount_minor), 0) FROM statement_line"
FIGURES: Final[Mapping[str, str]] = {
    "cycles": "SELECT count(*) FROM order_cycle",
    "cycles_cancelled": "SELECT count(*) FROM order_cycle WHERE stage = 'cancelled'",
    "orders": "SELECT count(*) FROM consumer_order",
    "lines": "SELECT count(*) FROM order_line",
    "postings": "SELECT count(*) FROM ledger_posting",
    "ledger_sum_minor": "SELECT coalesce(sum(amount_minor), 0) FROM ledger_posting",
    "holds_open": "SELECT count(*) FROM payment WHERE state IN ('held', 'authorising', 'promised')",
    "double_charges": (
        "SELECT (SELECT count(*) FROM (SELECT about FROM ledger_entry WHERE kind = 'charge'"
        " GROUP BY about HAVING count(*) > 1) AS twice)"
        " + (SELECT count(*) FROM payment WHERE captured_minor + due_minor + collected_minor > charged_minor)"
    ),
    "charged_unmet": (
        "SELECT (SELECT count(*) FROM consumer_order o WHERE state = 'cancelled' AND (EXISTS"
        " (SELECT FROM ledger_entry e WHERE e.about = o.id AND e.kind IN ('charge', 'capture'))"
        " OR EXISTS (SELECT FROM payment p WHERE p.about = o.id AND captured_minor - refunded_minor > 0)))"
        " + (SELECT count(*) FROM order_line l JOIN stock s USING (cycle_id, product_id, grade)"
        " WHERE (l.state = 'cancelled' OR s.threshold_state IN ('zero', 'released')"
        " OR (s.unmet = 'zero' AND s.reserved < s.threshold))"
        " AND EXISTS (SELECT FROM statement_line t WHERE t.line_id = l.id AND t.item = 'sale'))"
    ),
    "cuts": (
        "SELECT (SELECT count(*) FROM hand_out WHERE coalesce(handed_out, due) < ordered)"
        " + (SELECT count(*) FROM order_line WHERE state = 'cancelled' OR packs < wanted_packs)"
    ),
    "cuts_without_reason": (
        "SELECT (SELECT count(*) FROM hand_out WHERE coalesce(handed_out, due) < ordered"
        " AND reason IS NULL AND end_reason IS NULL)"
        " + (SELECT count(*) FROM order_line WHERE (state = 'cancelled' OR packs < wanted_packs) AND reason IS NULL)"
    ),
    "swaps": "SELECT count(*) FROM order_line WHERE coalesce(in_place_of, swapped_from) IS NOT NULL",
    "standing_turns": "SELECT count(*) FROM standing_turn WHERE order_id IS NOT NULL",
    "gifts": "SELECT count(*) FROM consumer_order WHERE recipient_id IS NOT NULL AND state = 'placed'",
    "extended": "SELECT count(*) FROM order_cycle WHERE extended_from_at IS NOT NULL",
    "shared_in_part": "SELECT count(*) FROM stock WHERE unmet = 'partial' AND reserved < threshold AND reserved > 0",
    "price_falls": "SELECT count(*) FROM order_line WHERE price_before_minor_per_1000 IS NOT NULL",
    "weighed": "SELECT count(*) FROM catch_weight",
    "credit_notes": "SELECT count(*) FROM credit_note",
    "pay_outs": "SELECT count(*) FROM pay_out",
    "fees_minor": f"{OF_STATEMENTS} WHERE account = 'hub-fees'",
    "leader_commission_minor": f"{OF_STATEMENTS} WHERE item = 'leader-commission'",
    "fee_relief_minor": f"{OF_STATEMENTS} WHERE item = 'relief' AND account = 'farm-payable'",
    "deposits_minor": f"{OF_STATEMENTS} WHERE account = 'crate-deposit' AND credit_note_id IS NULL",
    "refunded_minor": "SELECT coalesce(sum(amount_minor), 0) FROM payment_refund",
    "charged_minor": "SELECT coalesce(sum(charged_minor), 0) FROM payment",
}
"""One number each; an amount is in the region's minor units."""
BY_HOUSEHOLD: Final = """
SELECT o.consumer_id AS owner_id, sum(l.total_minor)::bigint AS wanted_minor,
       coalesce(sum((2 * h.handed_out * l.price_minor_per_1000 + 1000) / 2000), 0)::bigint AS got_minor
FROM consumer_order o JOIN order_line l ON l.order_id = o.id JOIN hand_out h ON h.line_id = l.id
GROUP BY o.consumer_id
"""
BY_FARM: Final = """
SELECT f.farm_id AS owner_id, sum(f.offered_minor)::bigint AS wanted_minor, sum(f.sold_minor)::bigint AS got_minor
FROM plan_farm f JOIN published_plan p ON p.plan_id = f.plan_id GROUP BY f.farm_id
"""


def sum_up(tx: Transaction, ground: Ground) -> dict[str, Any]:
    """Every figure of the season, and how far equals came and may come apart, as a share of what they wanted."""
    found: dict[str, Any] = {name: int(tx.execute(chosen).scalar_one()) for name, chosen in FIGURES.items()}
    classes = {person: number % CLASSES for number, person in enumerate(ground.households)}
    households = [row for row in tx.execute(BY_HOUSEHOLD) if row.owner_id in classes]  # neighbours have no equals
    found["spread_equal_consumers"] = spread(households, classes)
    found["spread_equal_farms"] = spread(tx.execute(BY_FARM), dict.fromkeys((farm.id for farm in ground.farms), 0))
    found["spread_bound_consumers"] = bound_of_households(tx, classes)
    found["spread_bound_farms"] = bound_of_farms(tx)
    return found


def spread(rows: Iterable[Any], class_of: Mapping[Any, int]) -> float:
    """The widest gap within any class of equals between the best and the least served: 0.02 is two per cent."""
    shares: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        owner: UUID = row.owner_id
        shares[class_of[owner]].append(row.got_minor / max(1, row.wanted_minor))
    return round(max((max(found) - min(found) for found in shares.values()), default=0.0), 6)
