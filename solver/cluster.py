"""The machines of a Dask cluster in place of our own processes: the extra `cluster`, loaded only when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from solver.errors import BadInputError

CONNECT_S = 20
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+):(?P<port>[0-9]{1,5})")


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Workers of the scheduler at `tcp://HOST:PORT`; each needs this package, and their clocks agree to the second.

    A worker that dies is the scheduler's to replace: what it had goes to another.

    Raises
    ------
    BadInputError
        This is no such address, the extra is not installed, or no scheduler answers there.
    """
    # Judged here: a client of Dask that was given a wrong address takes 40 s to go, and not in silence.
    told = _ADDRESS.fullmatch(address)
    if told is None or int(told["port"]) not in range(1, 2**16):
        raise BadInputError("command line", 0, "--cluster", f"{address[:100]!a} is not of the form tcp://HOST:PORT")
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
