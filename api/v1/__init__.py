"""JSON for programs: one module per room; each names its controllers in `controllers`."""

from importlib import import_module
from pkgutil import iter_modules

from litestar import Controller


def room_controllers() -> list[type[Controller]]:
    """The controllers of every room's module, in alphabetical order of the rooms."""
    found: list[type[Controller]] = []
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        found += import_module(f"{__name__}.{module.name}").controllers
    return found
