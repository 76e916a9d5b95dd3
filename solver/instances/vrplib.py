"""VRPLIB files: CVRP, and VRPTW with TIME_WINDOW_SECTION."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from solver.instances.classical import (
    MOST_CLIENTS,
    MOST_COORDINATE,
    MOST_LOAD,
    MOST_TIME,
    ClassicalProblem,
    Client,
    Depot,
    Rounding,
)
from solver.instances.text import Line, quoted

_HEADER = re.compile(r"([A-Za-z_]+)\s*:\s*(.*)")
_SECTION = re.compile(r"([A-Z_]+_SECTION)\s*:?")
_SECTIONS = {
    "NODE_COORD_SECTION": 2,
    "DEMAND_SECTION": 1,
    "TIME_WINDOW_SECTION": 2,
    "SERVICE_TIME_SECTION": 1,
    "DEPOT_SECTION": 0,
}


@dataclass(frozen=True)
class Sheet:
    """A VRPLIB file cut into headers and sections."""

    headers: dict[str, tuple[Line, str]]
    sections: dict[str, tuple[Line, list[Line]]]
    last: Line

    def header(self, field: str) -> tuple[Line, str]:
        if field not in self.headers:
            self.last.refuse(field, "is missing")
        return self.headers[field]

    def whole(self, field: str, *, least: int, most: int) -> int:
        line, text = self.header(field)
        return line.whole(text, field, least=least, most=most)

    def rows(self, field: str, nodes: int) -> dict[int, tuple[Line, list[str]]]:
        """The values of every node of a section, by node number from 1."""
        if field not in self.sections:
            self.last.refuse(field, "is missing")
        head, lines = self.sections[field]
        width = _SECTIONS[field] + 1
        found: dict[int, tuple[Line, list[str]]] = {}
        for line in lines:
            tokens = line.tokens()
            if len(tokens) != width:
                line.refuse(field, f"a row has {width} numbers, this one has {len(tokens)}")
            node = line.whole(tokens[0], field, least=1, most=nodes)
            if node in found:
                line.refuse(field, f"node {node} is given twice")
            found[node] = (line, tokens[1:])
        if len(found) != nodes:
            head.refuse(field, f"has {len(found)} rows for DIMENSION {nodes}")
        return found


def cut(lines: list[Line]) -> Sheet:
    headers: dict[str, tuple[Line, str]] = {}
    sections: dict[str, tuple[Line, list[Line]]] = {}
    rows: list[Line] | None = None
    for line in lines:
        if line.text == "EOF":
            break
        if section := _SECTION.fullmatch(line.text):
            field = section[1]
            if field not in _SECTIONS:
                line.refuse(field, "is not a section this solver reads")
            if field in sections:
                line.refuse(field, "is given twice")
            rows = []
            sections[field] = (line, rows)
        elif header := _HEADER.fullmatch(line.text):
            field = header[1].upper()
            # COMMENT may run over several lines, each with its own keyword.
            if field in headers and field != "COMMENT":
                line.refuse(field, "is given twice")
            headers[field] = (line, header[2].strip())
            rows = None
        elif rows is None:
            line.refuse("line", f"{quoted(line.text)} is neither a header nor in a section")
        else:
            rows.append(line)
    return Sheet(headers, sections, lines[-1])


def parse_vrplib(lines: list[Line]) -> ClassicalProblem:
    """Read a CVRP or VRPTW; a file with time windows is a VRPTW."""
    sheet = cut(lines)
    timed = _kind(sheet)
    nodes = sheet.whole("DIMENSION", least=1, most=MOST_CLIENTS + 1)
    capacity = sheet.whole("CAPACITY", least=1, most=MOST_LOAD)
    places = sheet.rows("NODE_COORD_SECTION", nodes)
    demands = _demands(sheet, nodes, capacity)
    windows = _windows(sheet, nodes) if timed else {}
    services = _services(sheet, nodes)
    home = _home(sheet, nodes)

    def point(node: int) -> tuple[float, float]:
        line, (x, y) = places[node]
        most = MOST_COORDINATE
        return (
            line.real(x, "NODE_COORD_SECTION", least=-most, most=most),
            line.real(y, "NODE_COORD_SECTION", least=-most, most=most),
        )

    if demands[home]:
        sheet.sections["DEMAND_SECTION"][0].refuse("DEMAND_SECTION", "the depot has a demand")
    limit = None
    if "DISTANCE" in sheet.headers:
        line, text = sheet.headers["DISTANCE"]
        if timed:
            line.refuse("DISTANCE", "is not read together with time windows")
        limit = line.real(text, "DISTANCE", least=0, most=MOST_TIME)
    depot = Depot(*point(home), capacity, _vehicles(sheet, demands, capacity), limit, *windows.get(home, (0, None)))
    clients = tuple(
        Client(*point(node), demands[node], services[node], *windows.get(node, (0, None)))
        for node in range(1, nodes + 1)
        if node != home
    )
    return ClassicalProblem(_name(sheet), Rounding.TENTHS if timed else Rounding.NEAREST, (depot,), clients)


def _name(sheet: Sheet) -> str:
    line, name = sheet.headers.get("NAME", (sheet.last, ""))
    return name or Path(line.file).stem


def _kind(sheet: Sheet) -> bool:
    """Whether it has time windows."""
    line, kind = sheet.headers.get("TYPE", (sheet.last, "CVRP"))
    if kind not in ("CVRP", "VRPTW"):
        line.refuse("TYPE", f"{quoted(kind)} is neither CVRP nor VRPTW")
    line, weights = sheet.header("EDGE_WEIGHT_TYPE")
    if weights != "EUC_2D":
        line.refuse("EDGE_WEIGHT_TYPE", f"{quoted(weights)} is not EUC_2D")
    return kind == "VRPTW" or "TIME_WINDOW_SECTION" in sheet.sections


def _demands(sheet: Sheet, nodes: int, capacity: int) -> dict[int, int]:
    demands = {}
    for node, (line, (token,)) in sheet.rows("DEMAND_SECTION", nodes).items():
        demands[node] = line.whole(token, "DEMAND_SECTION", least=0, most=MOST_LOAD)
        if demands[node] > capacity:
            line.refuse("DEMAND_SECTION", f"{demands[node]} is more than CAPACITY {capacity}")
    return demands


def _windows(sheet: Sheet, nodes: int) -> dict[int, tuple[float, float | None]]:
    windows: dict[int, tuple[float, float | None]] = {}
    for node, (line, tokens) in sheet.rows("TIME_WINDOW_SECTION", nodes).items():
        early, late = (line.real(token, "TIME_WINDOW_SECTION", least=0, most=MOST_TIME) for token in tokens)
        if early > late:
            line.refuse("TIME_WINDOW_SECTION", f"opens at {early:g} after it closes at {late:g}")
        windows[node] = (early, late)
    return windows


def _services(sheet: Sheet, nodes: int) -> dict[int, float]:
    field = "SERVICE_TIME_SECTION"
    if field in sheet.sections:
        rows = sheet.rows(field, nodes)
        return {node: line.real(token, field, least=0, most=MOST_TIME) for node, (line, (token,)) in rows.items()}
    if "SERVICE_TIME" not in sheet.headers:
        return dict.fromkeys(range(1, nodes + 1), 0.0)
    line, text = sheet.headers["SERVICE_TIME"]
    return dict.fromkeys(range(1, nodes + 1), line.real(text, "SERVICE_TIME", least=0, most=MOST_TIME))


def _home(sheet: Sheet, nodes: int) -> int:
    field = "DEPOT_SECTION"
    if field not in sheet.sections:
        sheet.last.refuse(field, "is missing")
    head, lines = sheet.sections[field]
    given = [(line, token) for line in lines for token in line.tokens()]
    if given and given[-1][1] == "-1":
        given.pop()
    if len(given) != 1:
        head.refuse(field, f"has {len(given)} depots, this solver reads one")
    line, token = given[0]
    return line.whole(token, field, least=1, most=nodes)


def _vehicles(sheet: Sheet, demands: dict[int, int], capacity: int) -> int | None:
    if "VEHICLES" not in sheet.headers:
        return None
    vehicles = sheet.whole("VEHICLES", least=1, most=10**9)
    needed = math.ceil(sum(demands.values()) / capacity)
    if vehicles < needed:
        sheet.headers["VEHICLES"][0].refuse("VEHICLES", f"{vehicles} cannot carry what takes at least {needed}")
    return vehicles
