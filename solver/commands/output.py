"""Where a command's answer goes: standard output, or a file that appears whole or not at all."""

import os
import sys
import tempfile
from pathlib import Path

from solver.errors import BadInputError


def check_writable(path: Path | None) -> None:
    """Refuse an output that cannot be written, before the work instead of after it.

    Raises
    ------
    BadInputError
        The folder does not exist or cannot be written to, or the path is a folder.
    """
    if path is None:
        return
    if path.is_dir():
        raise BadInputError(str(path), 0, "-o", "is a folder")
    try:
        with tempfile.TemporaryFile(dir=path.resolve().parent):
            pass
    except (OSError, ValueError) as error:
        raise BadInputError(str(path), 0, "-o", _reason(error)) from error


def write(text: str, path: Path | None) -> None:
    """Write to a new file beside it, then rename; standard output where there is no path."""
    if path is None:
        _print(text)
        return
    try:
        # A pipe or a device is written to; a rename would put a file in its place.
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        raise BadInputError(str(path), 0, "-o", _reason(error)) from error


def _replace(path: Path, text: str) -> None:
    # Its mode is that of any new file, which mkstemp's 0600 is not.
    draft = path.with_name(f".{path.name[:100]}.{os.getpid()}")
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # Python flushes once more at its end, and would fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise BadInputError("standard output", 0, "output", _reason(error)) from error


def _reason(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
