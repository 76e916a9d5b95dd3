"""Where to look after a demo, and what each of its logins may try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.table import Table

from farmlink.cycles.values import CycleId
from farmlink.demo.setting import PASSWORD
from farmlink.demo.voice import Voice
from farmlink.kernel.locale import marked

TRIES: Final = {
    "consumer": marked(
        "order from the open cycle: GET …/listings, …/points, POST …/orders; amend or cancel it: /orders"
    ),
    "farmer": marked("offer a lot: POST /lots; see what was asked and why: GET /confirmations, /confirmations/why"),
    "leader": marked("see one's point: GET /points; hand out: POST /orders/<order>/hand-out once it is there"),
    "dock": marked("count in and share out, once the next cycle moves: …/dispatch/receipts, …/dispatch/share"),
    "planner": marked(
        "close the open cycle (POST …/closing), see it planned (…/runs, …/plans), its routes and reasons"
    ),
    "operator": marked("all of it, people and the public policy: /organisations, /applications, /policy/versions"),
}
"""By login; paths are below /api/v1, and the dots stand for the open cycle."""
CALLED: Final = {
    "consumer": marked("consumer"),
    "farmer": marked("farmer"),
    "leader": marked("leader"),
    "dock": marked("dock"),
    "planner": marked("planner"),
    "operator": marked("operator"),
}
HEAD: Final = marked("Look around")
ADDRESS: Final = marked("{address}/  (every call of the API, to read and to try: {address}/api/docs)")
OPEN: Final = marked("Next week's cycle is open for orders, with new lots of the same farms:")
HEADS: Final = (marked("sign in as"), marked("e-mail"), marked("try (below /api/v1; … is the open cycle)"))
END: Final = marked("The password of all is {password}. Ctrl+C ends it; the database stays for scripts/serve.")

END_ONCE: Final = marked("The password of all is {password}. scripts/serve serves this database.")


def show_entrance(
    voice: Voice, port: int, addresses: Mapping[str, str], open_cycle_id: CycleId, *, served: bool = True
) -> None:
    """Print where to look, who may sign in, and what for."""
    address = f"http://127.0.0.1:{port}"
    voice.console.rule(voice.text(HEAD))
    voice.say(ADDRESS, address=address)
    voice.say(OPEN)
    voice.console.print(f"{address}/api/v1/cycles/{open_cycle_id}", soft_wrap=True)
    table = Table(*(voice.text(head) for head in HEADS))
    for name, e_mail in addresses.items():
        table.add_row(voice.text(CALLED[name]), e_mail, voice.text(TRIES[name]))
    voice.console.print(table)
    voice.say(END if served else END_ONCE, password=PASSWORD)
