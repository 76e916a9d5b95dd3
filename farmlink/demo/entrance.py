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
    "consumer": marked("/  choose a pick-up point, order from the open cycle, change it, follow it: /orders"),
    "farmer": marked("/farm  answer on the phone, without a signal too; offer lots, see money and share"),
    "leader": marked("/lead  poster, roll-call list, sort sheet, hand-out, commission"),
    "dock": marked("/dock  count in what the lorries bring, weigh, share out"),
    "planner": marked("/plan  close the open cycle, watch it planned, the board, compare, publish"),
    "operator": marked("/ops  what waits, audit, people, records, imports, policy"),
}
"""By login: where their pages begin, and what to do there."""
CALLED: Final = {
    "consumer": marked("consumer"),
    "farmer": marked("farmer"),
    "leader": marked("leader"),
    "dock": marked("dock"),
    "planner": marked("planner"),
    "operator": marked("operator"),
}
HEAD: Final = marked("Look around")
ADDRESS: Final = marked("{address}/  (the style: {address}/styleguide; every call of the API: {address}/api/docs)")
OPEN: Final = marked("Next week's cycle is open for orders, with new lots of the same farms:")
HEADS: Final = (marked("sign in as"), marked("e-mail"), marked("try"))
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
    voice.console.print(f"{address}/cycles/{open_cycle_id}", soft_wrap=True)
    table = Table(*(voice.text(head) for head in HEADS))
    for name, e_mail in addresses.items():
        table.add_row(voice.text(CALLED[name]), e_mail, voice.text(TRIES[name]))
    voice.console.print(table)
    voice.say(END if served else END_ONCE, password=PASSWORD)
