"""The templates, and the built files of the front end: named by their content, so that a browser may keep them."""

import json
from pathlib import Path

from jinja2 import StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig

from api.pages.words import ROLES, STAGES
from api.pages.written import FILTERS

HERE = Path(__file__).parents[1]
STATIC = HERE / "static"


def templates() -> TemplateConfig[JinjaTemplateEngine]:
    """The templates with the filters of `written` and `built(name)`, the address of a built file."""
    manifest = STATIC / "manifest.json"
    digests: dict[str, str] = json.loads(manifest.read_text()) if manifest.is_file() else {}

    def built(name: str) -> str:
        return f"/static/{name}?v={digests.get(name, '')}"

    def equip(engine: JinjaTemplateEngine) -> None:
        engine.engine.globals |= {"built": built, "STAGES": STAGES, "ROLES": ROLES}
        engine.engine.filters |= FILTERS | {"zip": zip}
        engine.engine.undefined = StrictUndefined
        engine.engine.trim_blocks = engine.engine.lstrip_blocks = True

    return TemplateConfig(directory=HERE / "templates", engine=JinjaTemplateEngine, engine_callback=equip)
