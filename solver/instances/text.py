"""Lines and numbers of an input file; whatever is wrong with one is refused with its place."""

import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from solver.errors import BadInputError

MOST_BYTES = 256_000_000
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def quoted(token: str) -> str:
    """Show a token without letting it flood or garble the terminal."""
    return ascii(token if len(token) <= 40 else token[:37] + "...")


@dataclass(frozen=True)
class Line:
    """One line that is not blank, with its place."""

    file: str
    number: int
    text: str

    def refuse(self, field: str, reason: str) -> NoReturn:
        raise BadInputError(self.file, self.number, field, reason)

    def tokens(self) -> list[str]:
        return self.text.split()

    def real(self, token: str, field: str, *, least: float, most: float) -> float:
        """A finite number within its bounds."""
        if len(token) > 60 or not _NUMBER.fullmatch(token):
            self.refuse(field, f"{quoted(token)} is not a number")
        value = float(token)
        if not least <= value <= most:
            self.refuse(field, f"{quoted(token)} is outside {least:g} to {most:g}")
        return value

    def whole(self, token: str, field: str, *, least: int, most: int) -> int:
        """A whole number within its bounds; `25.` and `25.0` are whole."""
        value = self.real(token, field, least=least, most=most)
        if value != int(value):
            self.refuse(field, f"{quoted(token)} is not a whole number")
        return int(value)


def read_lines(path: Path) -> list[Line]:
    """Every line that is not blank.

    Raises
    ------
    BadInputError
        No such file, not a plain file, unreadable, too large, binary or empty.
    """
    file = str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise BadInputError(file, 0, "file", "is not a plain file")
        if status.st_size > MOST_BYTES:
            raise BadInputError(file, 0, "file", f"is larger than {MOST_BYTES} bytes")
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadInputError(file, 0, "file", reason) from error
    if b"\0" in raw:
        raise BadInputError(file, 0, "file", "is not a text file")
    # Comments of old instances hold Latin-1 names; no byte is an error there.
    text = raw.decode("latin-1").removeprefix("\xef\xbb\xbf").replace("\r\n", "\n").replace("\r", "\n")
    lines = [Line(file, number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise BadInputError(file, 0, "file", "is empty")
    return lines
