"""Who may knock at which door: every handler names its principal, and none is open by default."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import ASGIRoute, HTTPRoute, WebSocketRoute

from farmlink.kernel.errors import ForbiddenError, UnknownPersonError
from farmlink.people.values import Principal, Role

OPT = "principal"


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a handler is: everybody, whoever is signed in, or holders of one of the roles."""

    name: str
    asks: bool = True
    needs_sign_in: bool = True
    roles: frozenset[Role] = frozenset()
    at_platform: bool = False
    otherwise: Callable[[ASGIConnection[Any, Any, Any, Any]], bool] | None = None
    """What else lets a program in that nobody is signed in to."""

    def or_by(self, otherwise: Callable[[ASGIConnection[Any, Any, Any, Any]], bool]) -> Self:
        """Name another way in beside the roles."""
        return replace(self, otherwise=otherwise)


unasked = Audience("unasked", asks=False, needs_sign_in=False)
"""Files and health: nobody is asked who they are."""

anyone = Audience("anyone", needs_sign_in=False)
"""Open to all; who is signed in is known all the same."""

signed_in = Audience("signed in")
"""Any person who is signed in."""


def role(*roles: Role) -> Audience:
    """Holders of one of these roles, for whatever organisation; the command asks for which."""
    return Audience(" or ".join(sorted(roles)), roles=frozenset(roles))


def platform(*roles: Role) -> Audience:
    """Holders of one of these roles for the whole installation; the same role elsewhere counts for nothing."""
    return Audience(f"{' or '.join(sorted(roles))} of the platform", roles=frozenset(roles), at_platform=True)


def open_to(audience: Audience) -> dict[str, Audience]:
    """Name the audience of a whole controller (`opt = open_to(anyone)`)."""
    return {OPT: audience}


def held_by(*roles: Role) -> dict[str, Audience]:
    """Name the holders of these roles as the audience of a whole controller."""
    return open_to(role(*roles))


class UnguardedRouteError(Exception):
    """A handler names no principal, so the application does not start."""


def audience_of(handler: BaseRouteHandler) -> Audience | None:
    """Tell for whom a handler is; the automatic answer to OPTIONS tells only methods."""
    if getattr(handler, "http_methods", None) == {"OPTIONS"}:
        return unasked
    named = handler.opt.get(OPT)
    return named if isinstance(named, Audience) else None


def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let in whom the handler names, nobody else."""
    audience = audience_of(handler)
    if audience is None:
        raise UnguardedRouteError(str(handler))
    if not audience.needs_sign_in or (audience.otherwise and audience.otherwise(connection)):
        return
    principal: Principal | None = connection.scope.get("user")
    if principal is None:
        raise UnknownPersonError
    held = principal.serves_platform if audience.at_platform else principal.has
    if audience.roles and not held(*audience.roles):
        raise ForbiddenError


def require_audiences(app: Litestar) -> None:
    """Refuse to start an application that has a door without a name on it."""
    unnamed = [f"{route.path} {handler}" for route, handler in doors(app) if audience_of(handler) is None]
    if unnamed:
        raise UnguardedRouteError("; ".join(unnamed))


def doors(app: Litestar) -> Iterable[tuple[HTTPRoute | ASGIRoute | WebSocketRoute, BaseRouteHandler]]:
    """Every route of the application with every handler behind it."""
    for route in app.routes:
        handlers = route.route_handlers if isinstance(route, HTTPRoute) else [route.route_handler]
        for handler in handlers:
            yield route, handler
