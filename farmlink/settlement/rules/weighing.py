"""What the scales may say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from farmlink.orders.values import OrderLineId
from farmlink.settlement.rules.refusals import (
    ImplausibleWeightError,
    NotByWeightError,
    NothingToWeighError,
    WeighedTwiceError,
)
from farmlink.settlement.values import ToWeigh, Weighed, Weight

PLAUSIBLE_TIMES: Final = 2
"""Kilograms for grams, a crate for a hen, or two hens for one are further off than this."""


def weighed(weights: Iterable[Weight], lines: Mapping[OrderLineId, ToWeigh]) -> dict[OrderLineId, Weighed]:
    """What is new of some weights, by line; those that say nothing new are left out."""
    found: dict[OrderLineId, Weighed] = {}
    seen: set[OrderLineId] = set()
    for weight in weights:
        if weight.line_id in seen:
            raise WeighedTwiceError(field="line_id", line_id=weight.line_id)
        seen.add(weight.line_id)
        line = require_plausible(weight, lines.get(weight.line_id))
        if weight.weight_g != line.weight_g:
            found[weight.line_id] = Weighed(line.quantity, weight.weight_g)
    return found


def require_plausible(weight: Weight, line: ToWeigh | None) -> ToWeigh:
    """Refuse a weight of what has none, or one that nobody read off the scales."""
    if line is None:
        raise NotByWeightError(line_id=weight.line_id)
    if not line.quantity:
        raise NothingToWeighError(line_id=weight.line_id)
    if not line.nominal_g <= weight.weight_g * PLAUSIBLE_TIMES <= line.nominal_g * PLAUSIBLE_TIMES**2:
        raise ImplausibleWeightError(field="weight_g", weight_g=weight.weight_g, nominal_g=line.nominal_g)
    return line
