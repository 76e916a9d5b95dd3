"""What is read of claims."""

from farmlink.claims.queries.concerned import (
    answers_as,
    claim_for,
    claims_at,
    claims_of,
    is_own,
    passed_on,
    past_at,
    picture_for,
    require_answering,
    require_claimant,
)
from farmlink.claims.queries.made import accepted_of, are_claims, claim, claimable_lines, service_of
from farmlink.claims.queries.trails import trail

__all__ = [
    "accepted_of",
    "answers_as",
    "are_claims",
    "claim",
    "claim_for",
    "claimable_lines",
    "claims_at",
    "claims_of",
    "is_own",
    "passed_on",
    "past_at",
    "picture_for",
    "require_answering",
    "require_claimant",
    "service_of",
    "trail",
]
