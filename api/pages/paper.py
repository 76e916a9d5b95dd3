"""Paper: leaves of text and tables as one PDF, the same bytes for the same content.

Latin letters are Helvetica, all others STSong-Light: every reader of PDF has both, so that nothing is embedded and
nothing downloaded. What neither has is drawn as a box.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import groupby
from typing import Any, Final
from xml.sax.saxutils import escape

import segno
from jinja2 import Environment
from jinja2.runtime import Context
from litestar import Response
from reportlab.graphics.shapes import Drawing, Path
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepInFrame, PageBreak, PageTemplate, Paragraph, Spacer
from reportlab.platypus import Table as Grid

from farmlink.kernel.locale import marked, render

LATIN: Final = "Helvetica"
OTHERS: Final = "STSong-Light"
BOX: Final = "□"
NBSP: Final = "\N{NO-BREAK SPACE}"
INK: Final = HexColor("#26221a")
QUIET: Final = HexColor("#5f584a")
HAIR: Final = HexColor("#b9b09c")
EDGE: Final = 14 * mm
FOOT: Final = 9 * mm
WIDTH: Final = A4[0] - 2 * EDGE
PAGE: Final = marked("Page {page} of {pages}")
Cell = str | list[str]
"""A text whose later lines are quiet, or lines of equal weight."""
LABELS_ACROSS: Final = 2
LABEL_HEIGHT: Final = 44 * mm
CODE: Final = 34 * mm


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; `parts` share out the width, `right` are columns of figures."""

    heads: Sequence[str]
    parts: Sequence[int]
    rows: Sequence[Sequence[Cell]]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Leaf:
    """What begins on a page of its own: a title, what is said below it, tables with their titles, and who signs."""

    title: str
    says: Sequence[str] = ()
    tables: Sequence[tuple[str, Table]] = ()
    signed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A label to be cut out: a code for cameras, a title, and what is said below it."""

    address: str
    title: str
    says: Sequence[str] = field(default_factory=tuple)


def reader(language: str, zone: str = "UTC", currency: str = "") -> Context:
    """Whom `api.pages.written` writes amounts, days and hours for."""
    frame = {"language": language, "zone": zone, "currency": currency}
    return Context(Environment(autoescape=True), frame, None, {})


def leaves(title: str, language: str, shown: Sequence[Leaf]) -> bytes:
    """Print leaves, each on a page of its own; tables go on over pages, with their heads on each."""
    story: list[Flowable] = []
    for leaf in shown:
        story += [*_leaf(leaf), PageBreak()]
    return _printed(title, language, story)


def labels(title: str, language: str, shown: Sequence[Label]) -> bytes:
    """Print labels, two across."""
    cells: list[Any] = [_label(one) for one in shown]
    cells += [""] * (-len(cells) % LABELS_ACROSS)
    rows = [cells[at : at + LABELS_ACROSS] for at in range(0, len(cells), LABELS_ACROSS)]
    if not rows:
        return _printed(title, language, [_text(title, 14)])
    style: list[Any] = [
        ("INNERGRID", (0, 0), (-1, -1), 0.4, HAIR, None, (2, 3)),
        ("BOX", (0, 0), (-1, -1), 0.4, HAIR, None, (2, 3)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    heights = [LABEL_HEIGHT] * len(rows)
    return _printed(title, language, [Grid(rows, [WIDTH / LABELS_ACROSS] * LABELS_ACROSS, heights, style=style)])


def printed(content: bytes, name: str) -> Response[bytes]:
    """Hand paper out as a file of this name."""
    headers = {"content-disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _printed(title: str, language: str, story: list[Flowable]) -> bytes:
    out = io.BytesIO()
    page = PageTemplate(frames=[Frame(EDGE, EDGE, WIDTH, A4[1] - 2 * EDGE, 0, 0, 0, 0)])
    document = BaseDocTemplate(
        out, pagesize=A4, pageTemplates=[page], title=title, author="farmlink", lang=language, invariant=1
    )
    document.build(story or [_text(title, 14)], canvasmaker=partial(_Numbered, told=(title, language)))
    return out.getvalue()


class _Numbered(Canvas):
    """Says on every page which it is of how many: pages are kept back until the last is drawn."""

    def __init__(self, *args: Any, told: tuple[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._told, self._kept = told, list[dict[str, Any]]()

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        """Keep a page back."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # the stubs leave it out

    def save(self) -> None:
        """Number all pages and write them."""
        title, language = self._told
        for number, kept in enumerate(self._kept, start=1):
            self.__dict__.update(kept)
            said = render(PAGE, language, {"page": number, "pages": len(self._kept)})
            for foot in (_text(title, 8, quiet=True), _text(said, 8, right=True)):
                foot.wrapOn(self, WIDTH, FOOT)
                foot.drawOn(self, EDGE, FOOT)
            super().showPage()
        super().save()


def _leaf(leaf: Leaf) -> Iterator[Flowable]:
    yield _text(leaf.title, 14)
    yield Spacer(0, 2 * mm)
    yield from (_text(line, 9.5) for line in leaf.says)
    for title, table in leaf.tables:
        yield Spacer(0, 4 * mm)
        if title:
            yield _text(title, 11)
            yield Spacer(0, 1 * mm)
        yield _table(table)
    if leaf.signed:
        yield Spacer(0, 14 * mm)
        style = [("LINEABOVE", (column, 0), (column, 0), 0.6, INK) for column in range(0, 2 * len(leaf.signed), 2)]
        cells = [cell for words in leaf.signed for cell in (_text(words, 8, quiet=True), "")]
        widths = [WIDTH / len(leaf.signed) - 6 * mm, 6 * mm] * len(leaf.signed)
        yield Grid([cells], widths, style=[*style, ("LEFTPADDING", (0, 0), (-1, -1), 0)])


def _table(table: Table) -> Grid:
    total = sum(table.parts)
    heads = [_text(head, 8, quiet=True, right=column in table.right) for column, head in enumerate(table.heads)]
    rows = [[_cell(cell, right=column in table.right) for column, cell in enumerate(row)] for row in table.rows]
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, HAIR),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
    return Grid([heads, *rows], [WIDTH * part / total for part in table.parts], style=style, repeatRows=1, splitInRow=1)


def _cell(text: Cell, *, right: bool) -> list[Flowable]:
    if isinstance(text, list):
        return [_text(line, 9.5, right=right) for line in text]
    first, *further = text.split("\n")
    return [_text(first, 9.5, right=right), *(_text(line, 8, quiet=True, right=right) for line in further)]


def _label(one: Label) -> Grid:
    inner = WIDTH / LABELS_ACROSS - CODE - 6 * mm
    lines: list[Flowable] = [_text(one.title, 13), *(_text(line, 9) for line in one.says)]
    words = KeepInFrame(inner - 4 * mm, LABEL_HEIGHT - 4 * mm, lines, mode="shrink")  # names of any length
    style = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 2)]
    return Grid([[_code(one.address), words]], [CODE, inner], style=style)


def _code(address: str) -> Drawing:
    """A code for cameras, of dark modules on the paper."""
    rows = segno.make(address, error="m", micro=False).matrix
    side = (CODE - 4 * mm) / len(rows)
    drawing, path = Drawing(CODE, CODE - 4 * mm), Path(fillColor=INK, strokeWidth=0)
    for row, cells in enumerate(rows):
        for column in (column for column, dark in enumerate(cells) if dark):
            left, top = column * side, (len(rows) - row) * side
            path.moveTo(left, top)
            for x, y in ((left + side, top), (left + side, top - side), (left, top - side)):
                path.lineTo(x, y)
            path.closePath()
    drawing.add(path)
    return drawing


def _text(text: str, size: float, *, quiet: bool = False, right: bool = False) -> Paragraph:
    anywhere = not all(map(_is_latin, text))  # Chinese breaks behind any sign
    return Paragraph(_marked_up(text), _style(size, quiet=quiet, right=right, anywhere=anywhere))


@cache
def _style(size: float, *, quiet: bool, right: bool, anywhere: bool) -> ParagraphStyle:
    if OTHERS not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(OTHERS))
    style = ParagraphStyle(
        f"{size}{quiet}{right}{anywhere}", fontName=LATIN, fontSize=size, leading=round(size * 1.3, 1)
    )
    style.textColor, style.wordWrap = QUIET if quiet else INK, "CJK" if anywhere else None
    style.alignment = TA_RIGHT if right else style.alignment
    return style


def _marked_up(text: str) -> str:
    """A text with the type of each of its letters."""
    runs = groupby(map(_drawable, text), key=_is_latin)
    return "".join(_run("".join(signs), latin=latin) for latin, signs in runs)


def _run(signs: str, *, latin: bool) -> str:
    return escape(signs) if latin else f'<font name="{OTHERS}">{escape(signs)}</font>'


def _drawable(sign: str) -> str:
    """What stands for a letter that neither type has, and for what is no letter."""
    if sign > "\uffff":
        return BOX
    return sign if sign.isprintable() or sign == NBSP else " "


def _is_latin(sign: str) -> bool:
    return sign.encode("cp1252", "ignore") != b""
