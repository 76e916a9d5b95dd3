"""Bridges and bays of a region, one on each line: `name | latitude longitude | toll | one side | other side`.

A side is boxes `south west north east` in degrees with semicolons between them; what is cut out of it follows a slash.
Without an other side, it is all the rest.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from api.pages.records.kinds import Kind, Money, Scaled, TypedWrongError
from farmlink.kernel.geo import Box
from farmlink.kernel.locale import marked
from farmlink.network.values import Passage, Side

DEGREES: Final = Scaled(places=6)
TOLL: Final = Money()
CORNERS: Final = ("south_e6", "west_e6", "north_e6", "east_e6")
NOT_PASSAGE: Final = marked("Line {line} is no passage: write name | latitude longitude | toll | boxes | boxes.")
NOT_BOX: Final = marked("“{box}” is no box: write south west north east in degrees.")
LEAST, MOST = 4, 5
"""Parts of a line, with and without an other side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages(Kind):
    """A line for each passage."""

    drawn: ClassVar[str] = "area"

    def said(self, value: Any, currency: str) -> str:
        """Write a line for each."""
        return "\n".join(_line(one, currency) for one in value)

    def meant(self, text: str, currency: str) -> list[dict[str, Any]]:
        """Read a line for each."""
        lines = [line for line in text.splitlines() if line.strip()]
        return [_passage(line, number, currency) for number, line in enumerate(lines, 1)]


def _line(one: Passage, currency: str) -> str:
    where = f"{DEGREES.said(one.latitude_e6, '')} {DEGREES.said(one.longitude_e6, '')}"
    parts = [one.name.replace("|", "/"), where, TOLL.said(one.toll_minor, currency), _side(one.side)]
    return " | ".join(parts if one.other is None else [*parts, _side(one.other)])


def _side(side: Side) -> str:
    written = "; ".join(map(_box, side.boxes))
    return f"{written} / {'; '.join(map(_box, side.without))}" if side.without else written


def _box(box: Box) -> str:
    return " ".join(DEGREES.said(getattr(box, corner), "") for corner in CORNERS)


def _passage(line: str, number: int, currency: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    where = parts[1].split() if len(parts) > 1 else []
    if not LEAST <= len(parts) <= MOST or len(where) != 2 or not parts[0]:  # latitude and longitude
        raise TypedWrongError(NOT_PASSAGE, line=str(number))
    return {
        "name": parts[0],
        "latitude_e6": DEGREES.meant(where[0], ""),
        "longitude_e6": DEGREES.meant(where[1], ""),
        "toll_minor": TOLL.meant(parts[2], currency),
        "side": _side_of(parts[3]),
        "other": _side_of(parts[4]) if parts[4:] and parts[4] else None,
    }


def _side_of(text: str) -> dict[str, Any]:
    boxes, _, without = text.partition("/")
    return {"boxes": _boxes(boxes), "without": _boxes(without)}


def _boxes(text: str) -> list[dict[str, int]]:
    return [_box_of(part.strip()) for part in text.split(";") if part.strip()]


def _box_of(text: str) -> dict[str, int]:
    corners = text.split()
    if len(corners) != len(CORNERS):
        raise TypedWrongError(NOT_BOX, box=text)
    return {name: DEGREES.meant(corner, "") for name, corner in zip(CORNERS, corners, strict=True)}
