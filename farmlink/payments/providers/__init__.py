"""Providers of payments behind one protocol: each speaks through its own library, and never inside a transaction."""

from farmlink.payments.providers.keys import read_providers
from farmlink.payments.providers.protocol import Provider, RefusedForGoodError, StuckError, UnheardError

__all__ = ["Provider", "RefusedForGoodError", "StuckError", "UnheardError", "read_providers"]
