"""The description of the API, kept beside this file: `python -m api.openapi` makes it, a server only reads it."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin

KEPT: Final = Path(__file__).with_name("openapi.json")


class Description(JsonRenderPlugin):
    """Serves the document that is kept."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002  # Litestar's signature
        """Answer the document that is kept."""
        return KEPT.read_bytes()


@cache
def operations() -> tuple[dict[str, str], ...]:
    """Every operation with its method, its path and what it does."""
    paths = json.loads(KEPT.read_bytes())["paths"]
    return tuple(
        {"method": method.upper(), "path": path, "summary": said["description"]}
        for path, item in paths.items()
        for method, said in item.items()
    )
