"""Where to look after a demo, and what each of its logins may try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.console import Console
from rich.table import Table

from farmlink.cycles.values import CycleId
from farmlink.demo.setting import PASSWORD

TRIES: Final = {
    "consumer": "order from the open cycle: GET …/listings, …/points, POST …/orders; amend or cancel it: /orders",
    "farmer": "offer a lot: POST /lots; see what was asked and why: GET /confirmations, /confirmations/why",
    "leader": "see one's point: GET /points; hand out: POST /orders/{order_id}/hand-out once it is there",
    "dock": "count in and share out, once the next cycle moves: …/dispatch/receipts, …/dispatch/share",
    "planner": "close the open cycle (POST …/closing), see it planned (…/runs, …/plans), its routes and reasons",
    "operator": "all of it, people and the public policy: /organisations, /applications, /policy/versions",
}
"""By login; paths are below /api/v1, and the dots stand for the open cycle."""


def show_entrance(console: Console, port: int, addresses: Mapping[str, str], open_cycle_id: CycleId) -> None:
    """Print where to look, who may sign in, and what for."""
    address = f"http://127.0.0.1:{port}"
    console.rule("Look around")
    console.print(f"{address}/  (every call of the API, to read and to try: {address}/api/docs)", soft_wrap=True)
    console.print("Next week's cycle is open for orders, with new lots of the same farms:")
    console.print(f"{address}/api/v1/cycles/{open_cycle_id}", soft_wrap=True)
    table = Table("sign in as", "e-mail", "try (below /api/v1; … is the open cycle)")
    for name, e_mail in addresses.items():
        table.add_row(name, e_mail, TRIES[name])
    console.print(table)
    console.print(f"The password of all is {PASSWORD}. Ctrl+C ends it; the database stays for scripts/serve.")
