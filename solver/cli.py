"""The command line: `python -m solver COMMAND ...`."""

import argparse
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from solver.errors import BadInputError, InvalidProblemError, NoSolutionError, PieceLostError, SolutionRejectedError

DONE, BAD_INPUT, REFUSED, INTERRUPTED = 0, 2, 3, 130
COMMANDS = ("plan", "check", "why", "route", "allocate", "locate")


def parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """For these commands: who asks for one does not wait for the others' optimisers."""
    top = argparse.ArgumentParser(
        prog="python -m solver",
        description="Plan pooled supply: allocation, routes, and public benchmark files.",
        epilog="exit codes: 0 done, 2 bad input, 3 refused by the checker",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in names:
        module = _command(name)
        module.add_arguments(commands.add_parser(name, help=module.HELP, description=module.__doc__))
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    started_s = time.monotonic()
    words = sys.argv[1:] if words is None else words
    arguments = parser(words[:1] if words and words[0] in COMMANDS else COMMANDS).parse_args(words)
    arguments.started_s = started_s
    try:
        _command(arguments.command).run(arguments)
    except BadInputError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except InvalidProblemError as error:
        file = getattr(arguments, "problem", None) or arguments.file
        sys.stderr.write(f"{file}: {error}\n")
        return BAD_INPUT
    except (NoSolutionError, PieceLostError, SolutionRejectedError) as error:
        sys.stderr.write(f"refused: {error}\n")
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE


def _command(name: str) -> ModuleType:
    return import_module(f"solver.commands.{name}")
