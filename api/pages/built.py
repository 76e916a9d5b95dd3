"""Where the built files of the front end are: named by their content, so that a browser may keep them."""

import json
from pathlib import Path

from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig

HERE = Path(__file__).parents[1]
STATIC = HERE / "static"


def templates() -> TemplateConfig[JinjaTemplateEngine]:
    """The templates, with `built(name)` for the address of a built file."""
    manifest = STATIC / "manifest.json"
    digests: dict[str, str] = json.loads(manifest.read_text()) if manifest.is_file() else {}

    def built(name: str) -> str:
        return f"/static/{name}?v={digests.get(name, '')}"

    def equip(engine: JinjaTemplateEngine) -> None:
        engine.engine.globals["built"] = built

    return TemplateConfig(directory=HERE / "templates", engine=JinjaTemplateEngine, engine_callback=equip)
