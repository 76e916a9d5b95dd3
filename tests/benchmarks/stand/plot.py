"""A chart of two lines on two logarithmic axes, as an SVG that is read in light and in dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 80, 150, 50, 60
STYLE: Final = """
  text { font: 13px sans-serif; fill: #1f2328; } .title { font-size: 16px; font-weight: 600; }
  .grid { stroke: #d0d7de; } .axis { stroke: #1f2328; } .line { fill: none; stroke-width: 2.5; }
  .first { stroke: #0969da; } .second { stroke: #bc4c00; } .dot.first { fill: #0969da; } .dot.second { fill: #bc4c00; }
  text.first { fill: #0969da; stroke: none; } text.second { fill: #bc4c00; stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .grid { stroke: #30363d; } .axis { stroke: #e6edf3; }
    .first { stroke: #58a6ff; } .second { stroke: #f0883e; }
    .dot.first { fill: #58a6ff; } .dot.second { fill: #f0883e; }
    text.first { fill: #58a6ff; } text.second { fill: #f0883e; }
  }
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Its name and a value, above zero, for each place on the horizontal axis."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Axis:
    """Whole powers of ten from the first to the last, over so many pixels from a start."""

    low: int
    high: int
    start: float
    length: float

    def at(self, value: float) -> float:
        return self.start + (log10(value) - self.low) / (self.high - self.low) * self.length


def log_log(title: str, across: str, places: Sequence[float], lines: tuple[Line, Line]) -> str:
    """The chart; every point has its value beside it."""
    x = _axis(places, LEFT, WIDTH - LEFT - RIGHT)
    y = _axis([value for line in lines for value in line.values], HEIGHT - BOTTOM, TOP + BOTTOM - HEIGHT)
    drawn = [_text(LEFT, 28, title, "title"), _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 15, across, anchor="middle")]
    for power in range(x.low, x.high + 1):
        drawn += [_rule(x.at(10**power), y, vertical=True)]
        drawn += [_text(x.at(10**power), HEIGHT - BOTTOM + 20, f"{10**power:,}", anchor="middle")]
    for power in range(y.low, y.high + 1):
        drawn += [_rule(y.at(10**power), x, vertical=False)]
        drawn += [_text(LEFT - 8, y.at(10**power) + 4, f"{10.0**power:,g}", anchor="end")]
    for kind, line in zip(("first", "second"), lines, strict=True):
        points = [(x.at(place), y.at(value)) for place, value in zip(places, line.values, strict=True)]
        drawn += [f'<path class="line {kind}" d="M {" L ".join(f"{a:.1f} {b:.1f}" for a, b in points)}"/>']
        for (a, b), value in zip(points, line.values, strict=True):
            drawn += [f'<circle class="dot {kind}" cx="{a:.1f}" cy="{b:.1f}" r="4"/>']
            drawn += [_text(a, b - 9, f"{value:,.3g}" if value < 100 else f"{value:,.0f}", kind, "middle")]
        drawn += [_text(points[-1][0] + 12, points[-1][1] + 4, line.name, kind)]
    body = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">\n<style>{STYLE}</style>\n{body}\n</svg>\n'
    )


def _axis(values: Sequence[float], start: float, length: float) -> _Axis:
    low = floor(log10(min(values)))
    return _Axis(low, max(ceil(log10(max(values))), low + 1), start, length)


def _rule(at: float, other: _Axis, *, vertical: bool) -> str:
    first, last = other.start, other.start + other.length
    ends = (at, first, at, last) if vertical else (first, at, last, at)
    return '<line class="grid" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>'.format(*ends)


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
