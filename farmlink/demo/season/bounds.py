"""How far equals may come apart in a season: by what its cycles could do to them, and what the ledger makes good.

A cycle is over before the ledger knows whom it cut. So equals may be apart by what is at stake in one cycle for what
was shared before, and by that of another for what befell them since; whoever is behind then comes first. A lottery owes
nobody anything, as is declared: what is at stake in each of its cycles may add up.

For households the stakes are what the season itself cut, so that the bound judges how evenly that was spread, and not
how much was cut; for farms they are all that was offered, whatever came of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from farmlink.people.values import PersonId
from farmlink.policy import queries as declared
from farmlink.policy.values import PolicyVersion, ShortageRule
from farmlink.store.transaction import Transaction

BEHIND: Final = 2
"""Cycles: the one that the ledger is making good, and the one that it does not know of yet."""
PLACES: Final = 6
FARMS: Final = """
SELECT p.cycle_id, max(f.offered_minor) AS at_stake_minor, sum(f.offered_minor)::bigint / count(*) AS wanted_minor
FROM plan_farm f JOIN published_plan p ON p.plan_id = f.plan_id GROUP BY p.cycle_id
"""
LINES: Final = """
SELECT h.cycle_id, c.policy_version, o.consumer_id, l.product_id, sum(l.total_minor)::bigint AS worth_minor,
       bool_or(h.handed_out < h.ordered) AS cut
FROM hand_out h JOIN order_line l ON l.id = h.line_id JOIN consumer_order o ON o.id = l.order_id
JOIN order_cycle c ON c.id = h.cycle_id GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Stake:
    """One cycle for one of some equals: what it wanted or offered, and how much of that another could get instead."""

    wanted_minor: int
    at_stake_minor: int
    owed: bool = True
    """Whether the ledger owes what was lost; a lottery does not."""


def bound(stakes: Iterable[Stake]) -> float:
    """State the widest gap between equals after these cycles, as a share of what each wanted or offered."""
    known = list(stakes)
    owed = max((one.at_stake_minor for one in known if one.owed), default=0)
    drawn = sum(one.at_stake_minor for one in known if not one.owed)
    return round((BEHIND * owed + drawn) / max(1, sum(one.wanted_minor for one in known)), PLACES)


def bound_of_farms(tx: Transaction) -> float:
    """Reckon it for farms: all that one offers in a cycle is at stake, for a plan may leave it out."""
    return bound(Stake(row.wanted_minor, row.at_stake_minor) for row in tx.execute(FARMS))


def bound_of_households(tx: Transaction, class_of: Mapping[PersonId, int]) -> float:
    """Reckon it for households, the widest of their classes: what one of them was cut in is at stake for all of it."""
    rows: dict[tuple[int, UUID], list[Any]] = defaultdict(list)
    for row in tx.execute(LINES):
        if row.consumer_id in class_of:
            rows[class_of[row.consumer_id], row.cycle_id].append(row)
    found: dict[int, list[Stake]] = defaultdict(list)
    for (number, _), lines in rows.items():
        rule = declared.at(tx, PolicyVersion(lines[0].policy_version)).document.shortage_rule
        found[number].append(_stake(lines, rule))
    return max(map(bound, found.values()), default=0.0)


def beyond(found: Mapping[str, Any]) -> list[str]:
    """Say which equals came further apart than is stated."""
    return [
        f"fairness: equal {party} came {found[f'spread_equal_{party}']} apart, at most {found[f'spread_bound_{party}']}"
        for party in ("consumers", "farms")
        if found[f"spread_equal_{party}"] > found[f"spread_bound_{party}"]
    ]


def _stake(lines: list[Any], rule: ShortageRule) -> Stake:
    """Equals want the same: what one of them wanted is the mean of all, of each product."""
    worth: dict[UUID, list[int]] = defaultdict(list)
    for line in lines:
        worth[line.product_id].append(line.worth_minor)
    each = {product: sum(found) // len(found) for product, found in worth.items()}
    cut = {line.product_id for line in lines if line.cut}
    return Stake(sum(each.values()), sum(each[product] for product in cut), owed=rule is not ShortageRule.LOTTERY)
