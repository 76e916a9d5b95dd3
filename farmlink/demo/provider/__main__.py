"""`python -m farmlink.demo.provider`: a provider of payments to try farmlink against; it moves no money."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from farmlink.demo.provider.books import Books
from farmlink.demo.provider.faults import Faults
from farmlink.demo.provider.seals import Seals
from farmlink.demo.provider.server import StandIn, ready_line, served


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve on the loopback until interrupted; the first line printed is the address."""
    parser = ArgumentParser(prog="python -m farmlink.demo.provider", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--books", type=Path, help="file that the books are written to")
    parser.add_argument("--accounts", type=Path, required=True, help="file to write for FARMLINK_PAYMENTS")
    parser.add_argument("--webhook", default="", help="where Stripe calls; the others are told with each payment")
    parser.add_argument("--patience", type=float, default=20, help="seconds the merchant waits for an answer")
    parser.add_argument("--hold-days", type=int, default=7, help="how long Stripe says that it holds")
    parser.add_argument("--faults", default="", help="such as lose=0.2,late=0.1,busy=0.1,twice=0.5,shuffle=1")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    seals = Seals.made()
    try:
        stand_in = StandIn(Books(options.books), seals, Faults.read(options.faults, options.seed), options.webhook)
        options.accounts.touch(0o600)  # a place that takes no file is refused before a door is open
        server = served(stand_in, options.port)
    except (ValueError, OSError, OverflowError) as error:  # the last is the socket's word for no port at all
        parser.error(str(error))
    with server:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        seals.write_accounts(options.accounts, address, options.patience, options.hold_days)
        sys.stdout.write(ready_line(address) + "\n")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.stdout.write("closed\n")


if __name__ == "__main__":
    main()
