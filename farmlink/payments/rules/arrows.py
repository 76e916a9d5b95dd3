"""Along which arrows payments and steps move: what the rules may do, and the database lets nobody else do."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from farmlink.payments.values import State, StepState

ARROWS: Final[Mapping[State, frozenset[str]]] = MappingProxyType(
    {
        State.PROMISED: frozenset({State.DUE, State.RELEASED, State.FAILED}),
        State.AUTHORISING: frozenset({State.HELD, State.DUE, State.RELEASED, State.FAILED}),
        State.HELD: frozenset({State.CAPTURED, State.DUE, State.RELEASED, State.FAILED}),
        State.CAPTURED: frozenset({State.DUE, State.RELEASED}),
        State.DUE: frozenset({State.COLLECTED, State.CAPTURED, State.RELEASED}),
        State.COLLECTED: frozenset({State.DUE}),
    }
)
"""No arrow leads back to a hold. Back to due leads only a provider that let a hold go before the charge.

A hold fails when its provider let it go before anybody charged it, so that its payer can pay otherwise; or so that
another payment can take its place, because its order grew, came to nothing, or is paid by another method.
"""
STEP_ARROWS: Final[Mapping[StepState, frozenset[str]]] = MappingProxyType(
    {
        StepState.WAITING: frozenset({StepState.DONE, StepState.REFUSED, StepState.STUCK}),
        StepState.DONE: frozenset({StepState.REFUSED, StepState.STUCK}),
        StepState.STUCK: frozenset({StepState.DONE, StepState.REFUSED}),
    }
)
"""What was done is refused after all when a refund comes back from the payer's bank.

One that sticks at its provider is neither: it may still reach the payer, or be ours again.
"""
OPEN: Final = frozenset({State.PROMISED, State.AUTHORISING, State.HELD})
"""Nothing is settled yet."""
SETTLED: Final = frozenset({State.CAPTURED, State.DUE, State.COLLECTED})
