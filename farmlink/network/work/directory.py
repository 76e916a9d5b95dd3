"""Importing a directory of farms and markets."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final

from farmlink.kernel.geo import Box, Coordinates, ImpossibleCoordinatesError, from_degrees
from farmlink.kernel.locale import marked
from farmlink.kernel.rows import Row, RowError, read_rows
from farmlink.network import commands, queries
from farmlink.network.rules.extent import expected_extent
from farmlink.network.rules.file import COLUMNS, FIELDS, Chosen, differing, read_place, wanted
from farmlink.network.rules.regions import check_region
from farmlink.network.values import FarmDraft, PointDraft, RegionCard, RegionDraft, RegionId
from farmlink.network.values.region import WORLD
from farmlink.store.sheets import DIFFERENT, Imported, Request, Sheet, Written, load, opened
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

LOOKED_AT: Final = 100_000
"""Places that tell where a region lies; more would say the same."""

REPEATED = marked("The id {code} stands in this file twice.")
Place = FarmDraft | PointDraft


def import_places(
    store: Store, request: Request, region: RegionId | RegionDraft, *, state: str | None = None, approved: bool = False
) -> Imported:
    """Import farms, and markets as pick-up points, each with an organisation; known ids stay as they are.

    A region that is only drafted is founded with its places or, like them, not at all. Of one that has not said where
    it ends, the file and the clock tell, so that swapped coordinates are refused there too.
    """

    def sheet(tx: Transaction) -> Sheet[Place]:
        known = _founded(tx, request, region, state) if isinstance(region, RegionDraft) else queries.region(tx, region)
        extent = _extent(request, state, known.time_zone) if known.extent == WORLD else known.extent
        chosen = Chosen(known.id, extent, state)
        write = partial(_write, region_id=known.id, approved=approved)
        return Sheet(COLUMNS, lambda cells: read_place(cells, chosen), write, FIELDS)

    return load(store, request, sheet)


def _founded(tx: Transaction, request: Request, draft: RegionDraft, state: str | None) -> RegionCard:
    check_region(draft)
    return commands.create_region(tx, replace(draft, extent=_extent(request, state, draft.time_zone)))


def _extent(request: Request, state: str | None, zone: str) -> Box:
    """Where the file's places lie; anywhere when no row tells, since none is written then."""
    places = list(islice(_places(request, state), LOOKED_AT))
    return expected_extent(places, zone) if places else WORLD


def _places(request: Request, state: str | None) -> Iterator[Coordinates]:
    with opened(request) as (lines, encoding, _):
        for row in read_rows(lines, COLUMNS, encoding):
            if isinstance(row, Row) and wanted(row.cells.get("state", ""), state):
                with suppress(ImpossibleCoordinatesError):
                    yield from_degrees(row.cells["latitude"], row.cells["longitude"])


def _write(tx: Transaction, rows: Sequence[tuple[int, Place]], *, region_id: RegionId, approved: bool) -> Written:
    kinds: tuple[type[Place], ...] = (FarmDraft, PointDraft)
    codes = {kind: [str(draft.code) for _, draft in rows if isinstance(draft, kind)] for kind in kinds}
    before = {kind: commands.known_places(tx, kind, region_id, codes[kind]) for kind in kinds}
    fresh: dict[tuple[type[Place], str], Place] = {}
    errors, different, known = [], [], 0
    for line, draft in rows:
        code = str(draft.code)
        ours, place = before[type(draft)].get(code, (False, None))
        if (type(draft), code) in fresh or ours:
            errors.append(RowError(line, "id", REPEATED, {"code": code}))
        elif place is None:
            fresh[type(draft), code] = draft
        elif columns := differing(draft, place):
            different.append(RowError(line, "id", DIFFERENT, {"code": code, "columns": columns}))
        else:
            known += 1
    commands.add_places(tx, list(fresh.values()), approved=approved)
    return Written(len(fresh), known, errors, different)
