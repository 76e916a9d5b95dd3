"""What import-linter has no word for: judged on the source, so that it can be judged on a broken copy too."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

SOLVER_NEEDS = {"highspy", "numpy", "ortools", "pyvrp", "scipy", "solver"} | sys.stdlib_module_names
SOLVER_EXTRAS = {"solver.cluster": {"distributed"}}
OPENS_TABLES = {"commands", "queries", "work", "tables"}
SEES_ALL_TABLES = ("farmlink.store.schema", "farmlink.store.migrations")
KEEPS_THEM_FOR_ALL = "farmlink.store"


def modules(root: Path, package: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of a package with its dotted name and its syntax."""
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, ast.parse(path.read_text(), str(path))


def imports(syntax: ast.Module, name: str) -> Iterator[str]:
    """Everything a module imports, a name out of a package as if it were a module of it."""
    for node in ast.walk(syntax):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            beside = ".".join([*name.split(".")[: -node.level], node.module or ""]) if node.level else node.module or ""
            yield beside
            yield from (f"{beside}.{alias.name}" for alias in node.names)


def strangers_in_solver(root: Path) -> list[str]:
    """The solver lives on numpy, scipy, ortools, pyvrp, highspy and the standard library; one room knows an extra."""
    return [
        f"{name} imports {imported}"
        for name, syntax in modules(root, "solver")
        for imported in imports(syntax, name)
        if imported.split(".")[0] not in SOLVER_NEEDS | SOLVER_EXTRAS.get(name, set())
    ]


def opened_tables(root: Path) -> list[str]:
    """A room's tables are its own: its commands, queries and work open them, and nobody else."""
    return [
        f"{name} imports {imported}"
        for package in ("farmlink", "api")
        for name, syntax in modules(root, package)
        if not name.startswith(SEES_ALL_TABLES)
        for imported in imports(syntax, name)
        if imported.split(".")[0] == "farmlink" and imported.split(".")[2:3] == ["tables"]
        if not _opens(name, imported)
    ]


def _opens(name: str, tables: str) -> bool:
    room = ".".join(tables.split(".")[:2])
    inside = name.split(".")[2:3]
    return name.startswith(f"{room}.") and (room == KEEPS_THEM_FOR_ALL or bool(OPENS_TABLES & set(inside)))


def misplaced_classes(root: Path) -> list[str]:
    """A request body lives on the wire, a stored row in its room's tables."""
    found = []
    for package in ("farmlink", "solver", "api"):
        for name, syntax in modules(root, package):
            for node in (node for node in ast.walk(syntax) if isinstance(node, ast.ClassDef)):
                if package != "api" and any(ast.unparse(base).split(".")[-1] == "Struct" for base in node.bases):
                    found.append(f"{name}.{node.name} is a Struct")
                stored = any(keyword.arg == "table" for keyword in node.keywords)
                if stored and name.split(".")[2:3] != ["tables"]:
                    found.append(f"{name}.{node.name} is a table")
    return found
