"""What a file of places is good for: looked at before a database is emptied for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.geo import Coordinates, ImpossibleCoordinatesError, from_degrees
from farmlink.kernel.rows import Cells, Row, encoding_of, read_rows
from farmlink.network.rules.file import COLUMNS, wanted


class NotPlacesFileError(RefusedError):
    """The file is something else than a directory of places."""

    code = "not-a-places-file"
    message = "{file} is no list of farms and markets: its first line must name the columns {columns}."


class NoSuchStateError(RefusedError):
    """Somebody asked for a state that the file does not speak of."""

    code = "no-such-state"
    message = "{file} has no places in {state}. It has places in: {states}."


class NoFarmsError(RefusedError):
    """Nobody in the file sells anything that the demo can make."""

    code = "no-farms"
    message = "{file} has no farm that lists goods which the demo knows. It knows: {kinds}."


class NoMarketsError(RefusedError):
    """Nobody in the file could hand anything out."""

    code = "no-markets"
    message = "{file} has no market with coordinates, and markets are where orders are handed out."


def surveyed(file: Path, state: str | None, kinds: Collection[str]) -> list[Coordinates]:
    """Where the places lie that the demo would use, or what the file lacks."""
    rows = list(_places(file))
    chosen = [cells for cells in rows if wanted(cells.text("state", needed=False), state)]
    if not chosen and rows:
        states = sorted({cells.text("state", needed=False) for cells in rows} - {""})
        raise NoSuchStateError(file=file.name, state=state or "", states=states)
    farms = [cells for cells in chosen if cells.text("kind").lower() == "farm"]
    if not any({kind.lower() for kind in cells.several("products")} & set(kinds) for cells in farms):
        raise NoFarmsError(file=file.name, kinds=sorted(kinds))
    if not any(cells.text("kind").lower() == "market" for cells in chosen):
        raise NoMarketsError(file=file.name)
    return [from_degrees(cells.number("latitude"), cells.number("longitude")) for cells in chosen]


def states(file: Path, state: str | None) -> set[str]:
    """The states of the places that are asked for."""
    found = {cells.text("state", needed=False) for cells in _places(file)}
    return {name.upper() for name in found if wanted(name, state)}


def _places(file: Path) -> Iterator[Cells]:
    """Rows with coordinates; the others are left out here as by the import."""
    with file.open("rb") as beginning:
        encoding = encoding_of(beginning.read(4))
    with file.open(encoding=encoding, errors="replace", newline="") as lines:
        for row in read_rows(lines, COLUMNS, encoding):
            if isinstance(row, Row):
                cells = Cells(row)
                with suppress(ImpossibleCoordinatesError):
                    from_degrees(cells.number("latitude"), cells.number("longitude"))
                    yield cells
            elif row.line == 1:
                raise NotPlacesFileError(file=file.name, columns=list(COLUMNS.required))
