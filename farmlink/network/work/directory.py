"""Importing a directory of farms and markets."""

from collections.abc import Sequence
from functools import partial

from farmlink.kernel.locale import marked
from farmlink.kernel.rows import RowError
from farmlink.network import commands, queries
from farmlink.network.rules.file import COLUMNS, FIELDS, Chosen, read_place
from farmlink.network.values import FarmDraft, PointDraft, RegionId
from farmlink.store.sheets import Imported, Request, Sheet, Written, load
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

REPEATED = marked("The id {code} stands in this file twice.")
Place = FarmDraft | PointDraft


def import_places(
    store: Store, request: Request, region_id: RegionId, *, state: str | None = None, approved: bool = False
) -> Imported:
    """Import farms, and markets as pick-up points, each with an organisation; known ids stay as they are."""

    def sheet(tx: Transaction) -> Sheet[Place]:
        chosen = Chosen(region_id, queries.region(tx, region_id).extent, state)
        write = partial(_write, region_id=region_id, approved=approved)
        return Sheet(COLUMNS, lambda cells: read_place(cells, chosen), write, FIELDS)

    return load(store, request, sheet)


def _write(tx: Transaction, rows: Sequence[tuple[int, Place]], *, region_id: RegionId, approved: bool) -> Written:
    kinds: tuple[type[Place], ...] = (FarmDraft, PointDraft)
    codes = {kind: [str(draft.code) for _, draft in rows if isinstance(draft, kind)] for kind in kinds}
    before = {kind: commands.known_codes(tx, kind, region_id, codes[kind]) for kind in kinds}
    fresh: dict[tuple[type[Place], str], Place] = {}
    errors, known = [], 0
    for line, draft in rows:
        code = str(draft.code)
        if (type(draft), code) in fresh or before[type(draft)].get(code):
            errors.append(RowError(line, "id", REPEATED, {"code": code}))
        elif code in before[type(draft)]:
            known += 1
        else:
            fresh[type(draft), code] = draft
    commands.add_places(tx, list(fresh.values()), approved=approved)
    return Written(len(fresh), known, errors)
