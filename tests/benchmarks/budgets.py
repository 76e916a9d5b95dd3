"""What pages weigh on their first load, as it goes over the wire: each beside its budget (docs of the front end).

A page's weight is its own compressed answer and those of every sheet, script and picture that it names; what a script
fetches to draw at once is named by the page as `data-loads`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import httpx
from rich.console import Console
from rich.table import Table

from api.app import create_app
from farmlink.demo.setting import PASSWORD
from farmlink.store.engine import open_store
from tests.api.conftest import listening

KB: Final = 1000
NAMED: Final = {("link", "href"), ("script", "src"), ("img", "src")}


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a person's page may weigh, and how much of that may be script."""

    total: int
    script: int


CONSUMER: Final = Budget(100 * KB, 20 * KB)
FARMER: Final = Budget(30 * KB, 10 * KB)
PLANNER: Final = Budget(350 * KB, 350 * KB)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's page: an address, or the first link on the page before it that looks like this."""

    who: str | None
    way: tuple[str, ...]
    budget: Budget


VISITS: Final = (
    Visit(None, ("/",), CONSUMER),
    Visit(None, ("/", r"/cycles/[0-9a-f-]{36}"), CONSUMER),
    Visit(None, ("/styleguide",), CONSUMER),
    Visit("consumer", ("/orders",), CONSUMER),
    Visit("consumer", ("/orders", r"/orders/[0-9a-f-]{36}"), CONSUMER),
    Visit("farmer", ("/farm",), FARMER),
    Visit("farmer", ("/farm/harvest", r"/farm/questions/[0-9a-f-]{36}"), FARMER),
    Visit("farmer", ("/farm/lots",), FARMER),
    Visit("farmer", ("/farm/money",), FARMER),
    Visit("leader", ("/lead",), CONSUMER),
    Visit("planner", ("/plan",), PLANNER),
    Visit("planner", ("/plan", r"/plan/cycles/[0-9a-f-]{36}"), PLANNER),
    Visit("planner", ("/plan", r"/plan/plans/[0-9a-f-]{36}"), PLANNER),
    Visit("operator", ("/ops",), PLANNER),
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A page as it was weighed, in bytes on the wire."""

    page: str
    bytes: int
    script_bytes: int
    budget_bytes: int
    budget_script_bytes: int

    @property
    def fits(self) -> bool:
        """Tell whether both budgets hold."""
        return self.bytes <= self.budget_bytes and self.script_bytes <= self.budget_script_bytes


class Parts(HTMLParser):
    """The files that a page names for its first load."""

    def __init__(self) -> None:
        super().__init__()
        self.named: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what browsers fetch at once."""
        for name, value in attrs:
            if value and ((tag, name) in NAMED or name == "data-loads") and not value.startswith("data:"):
                self.named.extend(value.split())


def weigh(client: httpx.Client, address: str, budget: Budget) -> Weighed:
    """Load a page and everything that it names, once each."""
    page, parts = client.get(address), Parts()
    page.raise_for_status()
    parts.feed(page.text)
    total, script = page.num_bytes_downloaded, 0
    for named in dict.fromkeys(parts.named):
        part = client.get(urljoin(address, named))
        part.raise_for_status()
        total += part.num_bytes_downloaded
        if "javascript" in part.headers["content-type"]:
            script += part.num_bytes_downloaded
    return Weighed(page.url.path, total, script, budget.total, budget.script)


def walk(client: httpx.Client, way: Sequence[str]) -> str | None:
    """Where a way leads: from link to link; nowhere if a page has no such link."""
    address = way[0]
    for step in way[1:]:
        found = re.search(rf'href="({step})["?#]', client.get(address).text)
        if found is None:
            return None
        address = found[1]
    return address


def weighed(address: str, visits: Sequence[Visit] = VISITS) -> Iterator[Weighed]:
    """Every page that there is on this database."""
    for client, visit, to in _visited(address, visits):
        yield weigh(client, to, visit.budget)


def found_ways(address: str, visits: Sequence[Visit] = VISITS) -> Iterator[tuple[str | None, str]]:
    """Whose page it is, and where it stands on this database."""
    for _, visit, to in _visited(address, visits):
        yield visit.who, to


def _visited(address: str, visits: Sequence[Visit]) -> Iterator[tuple[httpx.Client, Visit, str]]:
    with ExitStack() as opened:
        clients = {who: opened.enter_context(entered(address, who)) for who in {visit.who for visit in visits}}
        for visit in visits:
            if (to := walk(clients[visit.who], visit.way)) is not None:
                yield clients[visit.who], visit, to


@contextmanager
def entered(address: str, who: str | None) -> Iterator[httpx.Client]:
    """A browser, signed in as one of the demo's people."""
    headers = {"accept": "text/html", "accept-encoding": "gzip", "origin": address, "sec-fetch-site": "same-origin"}
    with httpx.Client(base_url=address, headers=headers, timeout=60, follow_redirects=True) as client:
        if who:
            entry = client.post("/sign-in", data={"email": f"{who}@demo.example", "password": PASSWORD})
            if entry.history == []:
                sys.exit(f"{who}@demo.example cannot sign in: run scripts/demo --once first")
        yield client


def main(arguments: Sequence[str] | None = None) -> int:
    """Weigh the pages and print them beside their budgets."""
    parser = argparse.ArgumentParser(prog="scripts/budgets", description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there")
    parser.add_argument("--address", help="of a server that runs already, such as http://127.0.0.1:8000")
    asked = parser.parse_args(arguments)
    with ExitStack() as opened:
        address = asked.address
        if address is None:
            store = opened.enter_context(open_store())
            address = opened.enter_context(listening(create_app(store)))
        table = list(weighed(address))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) | {"fits": row.fits} for row in table], indent=1) + "\n")
    show(table)
    return 0 if table and all(row.fits for row in table) else 1


def show(table: Sequence[Weighed]) -> None:
    """Print the table, the ids of addresses shortened."""
    shown = Table("page", "kB", "budget", "script kB", "budget", "")
    for row in table:
        page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", row.page)
        figures = (row.bytes, row.budget_bytes, row.script_bytes, row.budget_script_bytes)
        shown.add_row(page, *(f"{figure / KB:.1f}" for figure in figures), "fits" if row.fits else "TOO HEAVY")
    Console().print(shown)


if __name__ == "__main__":
    sys.exit(main())
