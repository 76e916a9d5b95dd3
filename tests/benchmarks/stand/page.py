"""The page of kept results: a section for each benchmark, which only that benchmark writes."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

from farmlink.store.embedded.release import WHEEL

PAGE: Final = Path("docs/benchmarks.md")
HEAD: Final = """# Benchmarks

Every section is written by its benchmark, `scripts/bench NAME --keep`, and says on which machine. Times of two machines
are no comparison; ratios and growth within one run are.
"""
SOLVING: Final = ("numpy", "scipy", "ortools", "pyvrp", "highspy")
SERVING: Final = ("litestar", "sqlalchemy", "psycopg")
SECTION: Final = re.compile(r"^## (?P<title>.+)\n(?P<body>(?:(?!## ).*\n)*)", re.MULTILINE)


def keep_section(page: Path, title: str, body: str) -> None:
    """Put a section on the page in place of the one of its title; sections are ordered by title."""
    written = page.read_text(encoding="utf-8") if page.exists() else ""
    sections = {found["title"]: found["body"].strip() for found in SECTION.finditer(written)}
    sections[title] = body.strip()
    told = "".join(f"\n## {name}\n\n{sections[name]}\n" for name in sorted(sections))
    page.write_text(HEAD + told, encoding="utf-8")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; all columns but the first are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine(*, served: bool = False) -> str:
    """Where and with what a benchmark ran: the solver alone, or the web with its database too."""
    memory_gb = round(psutil.virtual_memory().total / 2**30)
    packages = ", ".join(f"{name} {version(name)}" for name in ((*SERVING, *SOLVING) if served else SOLVING))
    where = "client, server and database on the same cores, " if served else ""
    postgres = f"PostgreSQL {version(WHEEL)}, " if served else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({_processor()}), {memory_gb} GB, {platform.system()}; "
        f"{where}load average {os.getloadavg()[1]:.1f} before it began. "
        f"Python {platform.python_version()}, {postgres}{packages}."
    )


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
