"""The machines of a Dask cluster in place of our own processes: the extra `cluster`, loaded only when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from solver.errors import BadInputError

CONNECT_S = 20


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Workers of the scheduler at `tcp://HOST:PORT`; each needs this package, and their clocks agree to the second.

    A worker that dies is the scheduler's to replace: what it had goes to another.

    Raises
    ------
    BadInputError
        The extra is not installed, or no scheduler answers at this address.
    """
    try:
        from distributed import Client  # noqa: PLC0415  # who has no cluster has no `distributed`
    except ImportError as missing:
        reason = "needs the extra `cluster`: pip install 'farmlink[cluster]'"
        raise BadInputError("command line", 0, "--cluster", reason) from missing
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = f"no scheduler answers at {address[:100]!a}: {error}"
        raise BadInputError("command line", 0, "--cluster", reason) from error
    with client:
        # Not pure: a piece is not hashed to see whether its answer is known.
        yield client.get_executor(pure=False)
