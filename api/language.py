"""In which language to answer: what the page's reader chose, else what the browser prefers."""

from collections.abc import Callable
from typing import Any

from litestar.connection import ASGIConnection

from api.auth import kept
from farmlink.kernel.locale import LANGUAGES, best_language, render

CHOICE = "farmlink_language"


def language_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """One of our languages for this reader."""
    chosen = connection.query_params.get("language") or kept(connection, CHOICE)
    return chosen if chosen in LANGUAGES else best_language(connection.headers.get("accept-language"))


def texts(language: str) -> Callable[..., str]:
    """What templates call `t`: a text of ours in this language."""

    def t(text: str, **facts: object) -> str:
        return render(text, language, facts)

    return t
