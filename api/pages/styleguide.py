"""The visual system on one page: every piece that pages are made of, alive, as the tests look at it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from litestar import Response, get

from api.guards import OPT, anyone
from api.language import language_of
from api.pages.forms import WHOLE, Filled, blank
from api.pages.page import Asked, page
from farmlink.cycles.values import Stage
from farmlink.kernel.locale import marked, render

COLOURS: Final = {
    "paper": marked("The ground of every page"),
    "sheet": marked("What lies on it"),
    "ink": marked("What is read"),
    "ink-soft": marked("What is read second"),
    "go": marked("Go: yes, done, on its way"),
    "wait": marked("Wait: somebody's turn"),
    "stop": marked("Stop: no, wrong, cut"),
}
FAMILIES: Final = ("salad greens", "roots", "apples", "berries", "eggs", "milk", "grain", "honey", "mushrooms", "meat")
NEEDED: Final = marked("This is needed.")
REFUSED: Final = marked("Ordering stopped at the cut-off.")


@get("/styleguide", opt={OPT: anyone}, sync_to_thread=False, include_in_schema=False)
def styleguide(request: Asked) -> Response[Any]:
    """Show type, spacing, colours, states and icons; nothing on it is a picture."""
    now = datetime.now(UTC)
    shown: dict[str, Any] = {
        "colours": COLOURS,
        "families": FAMILIES,
        "stages": list(Stage),
        "currency": "USD",
        "zone": "America/Detroit",
        "soon": now + timedelta(hours=5, minutes=7),
        "form": blank(packs=3),
    }
    return page("styleguide.html", request, **shown, wrong=_wrong(request))


def _wrong(request: Asked) -> Filled:
    """A form as it comes back: what was typed is there, what is wrong stands at its field."""
    language = language_of(request)
    faults = {WHOLE: render(REFUSED, language), "wrong_name": render(NEEDED, language)}
    return Filled({"wrong_packs": "2"}, faults)
