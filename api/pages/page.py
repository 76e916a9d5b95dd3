"""What every page shows around its own: who reads, which ways lead on, in which language, colours and size."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from litestar import Request, Response
from litestar.response import Template
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from api.auth import csrf_word, kept, viewer
from api.language import language_of, texts
from farmlink.kernel.locale import marked
from farmlink.people.values import Principal, Role

Asked = Request[Any, Any, Any]
THEME: Final = "farmlink_theme"
SIZE: Final = "farmlink_size"


@dataclass(frozen=True, slots=True)
class Face:
    """One of the ways in: its address, its name and its icon."""

    path: str
    name: str
    icon: str
    roles: frozenset[Role] = frozenset()
    at_platform: bool = False

    def is_for(self, principal: Principal | None) -> bool:
        """Tell whether this way leads somewhere for whoever is signed in."""
        if not self.roles:
            return True
        if principal is None:
            return False
        return principal.serves_platform(*self.roles) if self.at_platform else principal.has(*self.roles)


SHOP: Final = Face("/", marked("Shop"), "basket")
FARM: Final = Face("/farm", marked("My farm"), "sprout", frozenset({Role.FARMER}))
LEAD: Final = Face("/lead", marked("My point"), "point", frozenset({Role.LEADER}))
DOCK: Final = Face("/dock", marked("Dock"), "truck", frozenset({Role.DOCK}))
PLAN: Final = Face("/plan", marked("Planning"), "route", frozenset({Role.PLANNER, Role.ADMIN}))
OPS: Final = Face("/ops", marked("Operations"), "gear", frozenset({Role.ADMIN}), at_platform=True)
FACES: Final = (SHOP, FARM, LEAD, DOCK, PLAN, OPS)


def landing(principal: Principal) -> str:
    """Where somebody begins who did not ask for a page: at the most particular of their ways in."""
    return next(face.path for face in reversed(FACES) if face.is_for(principal))


def shown(request: Asked) -> dict[str, Any]:
    """What the frame of every page needs."""
    language, principal = language_of(request), viewer(request)
    asked = request.url
    return {
        "language": language,
        "t": texts(language),
        "csrf": csrf_word(request),
        "principal": principal,
        "asked": "user" in request.scope,
        "faces": [face for face in FACES if face.is_for(principal)],
        "path": asked.path,
        "own_first": landing(principal) if principal else SHOP.path,
        "here": f"{asked.path}?{asked.query}" if asked.query else asked.path,
        "server_at": datetime.now(UTC),
        "theme": kept(request, THEME) or "",
        "size": kept(request, SIZE) or "",
    }


def page(name: str, request: Asked, *, status: int = 200, **context: object) -> Template:
    """A whole page: its template with what it shows and the frame around it."""
    return Template(name, context=shown(request) | context, status_code=status, media_type="text/html")


def part(name: str, request: Asked, **context: object) -> Response[str]:
    """A part of a page that is asked for again and again: nothing is sent while it stays as it was.

    The part may hold neither keys nor countdowns, which change by themselves.
    """
    frame = {name: value for name, value in shown(request).items() if name not in {"csrf", "server_at"}}
    written = request.app.template_engine.get_template(name).render(**frame | context)  # type: ignore[union-attr]  # the application has one
    etag = f'W/"{sha256(written.encode()).hexdigest()[:20]}"'
    headers = {"etag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response("", status_code=HTTP_304_NOT_MODIFIED, headers=headers, media_type="text/html")
    return Response(written, headers=headers, media_type="text/html")
