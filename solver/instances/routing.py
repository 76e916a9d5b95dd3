"""One door for every routing file: the format is recognised by its first line."""

from pathlib import Path

from solver.instances.classical import ClassicalProblem
from solver.instances.cordeau import parse_cordeau
from solver.instances.text import read_lines
from solver.instances.vrplib import parse_vrplib


def read_classical(path: Path) -> ClassicalProblem:
    """Read a VRPLIB CVRP or VRPTW, or a Cordeau MDVRP or MDVRPTW.

    Raises
    ------
    BadInputError
        Anything that cannot be read, with file, line, field and reason.

    Examples
    --------
    >>> problem = read_classical(Path("tests/solver/instances/X-n106-k14.vrp"))
    >>> len(problem.clients)
    105
    """
    lines = read_lines(path)
    # Cordeau's files start with numbers, VRPLIB's with a keyword.
    return parse_cordeau(lines) if lines[0].text[0].isdigit() else parse_vrplib(lines)
