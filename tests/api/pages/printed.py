"""Paper read back: the texts of a PDF page by page, out of its own streams."""

from __future__ import annotations

import base64
import re
import zlib

STREAM = re.compile(rb"/Filter \[ /ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?)endstream", re.DOTALL)
SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
CHINESE = re.compile(rb"/BaseFont /STSong-Light.*?/Name /(F\d+)|/Name /(F\d+)[^>]*?/Subtype /Type0", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(paper: bytes) -> list[str]:
    """What stands on each page, in the order in which it was drawn, a line a run of letters."""
    wide = {name for names in CHINESE.findall(paper) for name in names if name}
    return [
        _page(zlib.decompress(base64.a85decode(b"<~" + found.strip(), adobe=True)), wide)
        for found in STREAM.findall(paper)
    ]


def _page(drawn: bytes, wide: set[bytes]) -> str:
    font, runs = b"", []
    for changed, text in SHOWN.findall(drawn):
        font = changed or font
        if not changed:
            plain = ESCAPED.sub(_unescaped, text)
            runs.append(plain.decode("utf-16-be" if font in wide else "cp1252"))
    return "\n".join(runs)


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if said.isdigit() else LETTERS.get(said, said)
