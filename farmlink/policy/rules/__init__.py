"""What a policy may say."""

from __future__ import annotations

from dataclasses import astuple, fields, is_dataclass
from typing import Any

from farmlink.kernel.bounds import MOST, MOST_DAYS, MOST_M, MOST_MINOR, MOST_MINOR_PER_KG, within
from farmlink.kernel.errors import InvalidError, MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.policy.values import PolicyDocument

WHOLE_PPM = 1_000_000
MOST_OF = {
    "fairness.cap_needs_farms": 1000,
    "charges.packaging_minor_per_kg": MOST_MINOR_PER_KG,
    "charges.order_fee_minor": MOST_MINOR,
    "charges.pack_fee_minor": MOST_MINOR,
    "charges.crate_deposit_minor": MOST_MINOR,
    "charges.crate_g": MOST,
    "charges.remote_from_km": MOST_M // 1000,
    "service.fresh_days_at_hand_out": MOST_DAYS,
    "service.shortfall_times": 1000,
    "service.shortfall_minor_per_kg": MOST_MINOR_PER_KG,
    "service.claim_window_h": 24 * MOST_DAYS,
    "service.claim_answer_h": 24 * MOST_DAYS,
}
"""What a plan could not be made of; the solver itself takes no more."""
LEAST_OF = {"charges.crate_g": 1}
"""Something must go into a crate."""


class NoSuchPolicyError(MissingError):
    """There is no such version."""

    code = "no-such-policy"
    message = "There is no policy version {version}."


class PolicyUnchangedError(RefusedError):
    """A version that says the same as the one before would only confuse."""

    code = "policy-unchanged"
    message = "This says the same as version {version}."


def check(document: PolicyDocument) -> None:
    """Refuse figures that cannot be meant; the field says which."""
    for field, figure in figures(document):
        if figure < 0:
            raise InvalidError(field=field, reason=marked("This must not be negative."))
        if field.endswith("_ppm") and figure > WHOLE_PPM:
            raise InvalidError(field=field, reason=marked("A share is at most 1,000,000 millionths."))
    if sum(astuple(document.ranking)) != WHOLE_PPM:
        raise InvalidError(field="ranking", reason=marked("The weights must sum to 1,000,000 millionths."))
    for field, most in MOST_OF.items():
        within(field, dict(figures(document))[field], LEAST_OF.get(field, 0), most)
    if not 1 <= document.fairness.segments <= 20:
        raise InvalidError(field="fairness.segments", reason=marked("Choose 1 to 20 segments."))
    if document.fairness.cap_needs_farms < 3:
        raise InvalidError(
            field="fairness.cap_needs_farms", reason=marked("A cap among fewer than three farms would make a shortage.")
        )
    if document.fairness.share_cap_ppm * document.fairness.cap_needs_farms < WHOLE_PPM:
        raise InvalidError(
            field="fairness.share_cap_ppm", reason=marked("With this cap, that many farms could not sell everything.")
        )
    if document.standing.counted_answers < 1:
        raise InvalidError(field="standing.counted_answers", reason=marked("Count at least one answer."))


def figures(part: Any, path: str = "") -> list[tuple[str, int]]:
    """Every figure of a document with its path."""
    found: list[tuple[str, int]] = []
    for field in fields(part):
        value, name = getattr(part, field.name), f"{path}{field.name}"
        if is_dataclass(value):
            found += figures(value, f"{name}.")
        elif isinstance(value, int):
            found.append((name, value))
    return found
