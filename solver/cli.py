"""The command line: `python -m solver COMMAND ...`."""

import argparse
import sys
import time
from collections.abc import Sequence
from types import ModuleType

from solver.commands import allocate, check, locate, plan, route, why
from solver.errors import BadInputError, InvalidProblemError, NoSolutionError, PieceLostError, SolutionRejectedError

DONE, BAD_INPUT, REFUSED, INTERRUPTED = 0, 2, 3, 130
COMMANDS: dict[str, ModuleType] = {
    "plan": plan, "check": check, "why": why, "route": route, "allocate": allocate, "locate": locate,
}  # fmt: skip


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m solver",
        description="Plan pooled supply: allocation, routes, and public benchmark files.",
        epilog="exit codes: 0 done, 2 bad input, 3 refused by the checker",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        module.add_arguments(commands.add_parser(name, help=module.HELP, description=module.__doc__))
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    started_s = time.monotonic()
    arguments = parser().parse_args(words)
    arguments.started_s = started_s
    try:
        COMMANDS[arguments.command].run(arguments)
    except BadInputError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except InvalidProblemError as error:
        sys.stderr.write(f"{arguments.problem}: {error}\n")
        return BAD_INPUT
    except (NoSolutionError, PieceLostError, SolutionRejectedError) as error:
        sys.stderr.write(f"refused: {error}\n")
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE
