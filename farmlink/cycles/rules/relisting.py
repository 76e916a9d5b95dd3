"""What of a listing may still change: pure."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import msgspec

from farmlink.cycles.rules import require_falling
from farmlink.cycles.rules.refusals import ListingOrderedError, OtherGoodsError, PriceRisesError
from farmlink.cycles.values import Listing, ListingTerms, PriceStep


def require_changeable(shown: Listing, cap: int | None, terms: ListingTerms, *, posted: bool) -> None:
    """Refuse other goods, a posted price that rises, and any other change once somebody has ordered by the old terms.

    A price may always fall, and the steps that it has passed go with it; a threshold may always come down.
    """
    for field in ("product_id", "grade"):
        if getattr(terms, field) != getattr(shown, field):
            raise OtherGoodsError(field=field)
    price = shown.price_minor_per_1000 if terms.price_minor_per_1000 is None else terms.price_minor_per_1000
    require_falling(price, terms.price_steps)
    if posted and price > shown.price_minor_per_1000:
        raise PriceRisesError(price_minor_per_1000=shown.price_minor_per_1000)
    if shown.ordered:
        for field, changed in _changed(shown, cap, terms, price).items():
            if changed:
                raise ListingOrderedError(field=field)


def version_of(shown: Listing, cap: int | None) -> int:
    """A number for all terms of a listing together: other terms, another number. What is ordered is none of them."""
    named = ("variant_id", "price_minor_per_1000", "tax_ppm", "price_steps", "case_packs", "threshold", "unmet")
    terms = [cap, *(getattr(shown, name) for name in named)]
    return int.from_bytes(blake2b(msgspec.json.encode(terms), digest_size=7).digest())


def steps_below(steps: tuple[PriceStep, ...], price_minor_per_1000: int) -> tuple[PriceStep, ...]:
    """Those price steps that a lower posted price has not passed."""
    return tuple(step for step in steps if step.price_minor_per_1000 < price_minor_per_1000)


def _changed(shown: Listing, cap: int | None, terms: ListingTerms, price: int) -> Mapping[str, bool]:
    """Which terms would be other than those that were ordered by; both packs of a size are told apart by their ids."""
    return {
        "variant_id": terms.variant_id != shown.variant_id,
        "tax_ppm": terms.tax_ppm != shown.tax_ppm,
        "case_packs": terms.case_packs != shown.case_packs,
        "price_steps": terms.price_steps != steps_below(shown.price_steps, price),
        "threshold": terms.threshold > shown.threshold,
        "unmet": terms.unmet not in {None, shown.unmet},
        "cap": terms.cap != cap,
    }
