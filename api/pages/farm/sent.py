"""What a phone's script is told that sends what was kept without a signal: short, in the reader's language."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_time
from litestar import Response
from litestar.response import Redirect

from api.pages.page import Asked
from farmlink.kernel.locale import render


def scripted(request: Asked) -> bool:
    """Tell a script of ours that sends a form later from a browser that sends it at once."""
    return request.headers.get("accept", "").startswith("application/json")


def taken(request: Asked, language: str, address: str, said: str, at: datetime, zone: str) -> Response[Any]:
    """Lead on to where what was sent is shown; a script is told what was done and at which hour."""
    if not scripted(request):
        return Redirect(address, status_code=303)
    hour = format_time(at.astimezone(ZoneInfo(zone)), "short", locale=language.replace("-", "_"))
    return Response({"said": render(said, language), "at": hour, "to": address}, status_code=200)
