"""Who is asking: a bearer token or a session cookie, looked up by its hash; and cross-site writes refused."""

import hmac
import secrets
from hashlib import sha256
from ipaddress import AddressValueError, IPv6Address, IPv6Network
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

import anyio.to_thread
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from api.guards import audience_of
from farmlink.kernel.errors import ForbiddenError
from farmlink.people import queries
from farmlink.people.rules import codes
from farmlink.people.values import Carrier, PersonId, Principal, SignedIn
from farmlink.store.store import Store

SESSION = "farmlink_session"
DEVICE = "farmlink_device"
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data"


class CrossSiteError(ForbiddenError):
    """A write that another site had a browser send."""

    code = "cross-site"
    message = "This came from another site, or the page was open too long. Load the page again and repeat."


class SignInLookup(ASGIMiddleware):
    """Puts the principal into `scope["user"]` and the carrier into `scope["auth"]`, or None into both."""

    scopes: ClassVar[tuple[ScopeType, ...]] = (ScopeType.HTTP,)  # type: ignore[misc]  # a constant of the class

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Look the token up in a thread; it is one indexed read."""
        scope["user"] = scope["auth"] = None
        audience = audience_of(scope["route_handler"])
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        carried = carried_token(connection)
        if carried and audience and audience.asks:
            token, carrier = carried
            store: Store = scope["litestar_app"].state.store
            principal = await anyio.to_thread.run_sync(store.glance, queries.principal_of, token)
            if principal is not None:
                scope["user"], scope["auth"] = principal, carrier
        await next_app(scope, receive, send)


def viewer(connection: ASGIConnection[Any, Any, Any, Any]) -> Principal | None:
    """Who is signed in, at doors that are open to all."""
    return cast("Principal | None", connection.scope.get("user"))


def viewer_id(connection: ASGIConnection[Any, Any, Any, Any]) -> PersonId | None:
    """Who is signed in, by id."""
    principal = viewer(connection)
    return principal.person_id if principal else None


def carried_token(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[str, Carrier] | None:
    """The token that came along; a bearer token goes before a cookie."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip(), Carrier.BEARER
    if cookie := kept(connection, SESSION):
        return cookie, Carrier.COOKIE
    return None


def token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token that came along to a door that is only for who is signed in."""
    carried = carried_token(connection)
    assert carried is not None, "the guard has seen it"
    return carried[0]


async def refuse_cross_site(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse writes that a browser was made to send: by Sec-Fetch-Site, by Origin, and by the session's own word."""
    if connection.scope.get("method") in SAFE or connection.scope.get("auth") is Carrier.BEARER:
        return
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        raise CrossSiteError
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise CrossSiteError
    if connection.scope.get("auth") is not Carrier.COOKIE or not isinstance(connection, Request):
        return
    word = connection.headers.get(CSRF_HEADER)
    if word is None and connection.headers.get("content-type", "").split(";")[0].strip().lower() in {FORM, FILES}:
        form = await connection.form()
        word = form.get(CSRF_FIELD)
        if not _is_own(word, connection):
            await form.close()  # no handler will, and its files would lie about
    if not _is_own(word, connection):
        raise CrossSiteError


def csrf_word(connection: ASGIConnection[Any, Any, Any, Any], token: str = "") -> str:
    """The word that a session's own forms carry; a tossed cookie changes the session, and so the word.

    The session is the one that came along, or that of a token which only goes out with the answer.

    It is masked anew each time: in a compressed page, a word that stays the same could be guessed by the page's length
    (BREACH).
    """
    word = _word_of(token) if token else _own_word(connection)
    mask = secrets.token_bytes(len(word))
    return (mask + _across(mask, word)).hex()


def _is_own(word: object, connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    return isinstance(word, str) and hmac.compare_digest(_unmasked(word), _own_word(connection))


def _own_word(connection: ASGIConnection[Any, Any, Any, Any]) -> bytes:
    carried = carried_token(connection)
    return _word_of(carried[0]) if carried else b""


def _word_of(token: str) -> bytes:
    return hmac.digest(token.encode(), b"csrf", sha256)


def _unmasked(word: str) -> bytes:
    try:
        masked = bytes.fromhex(word)
    except ValueError:
        return b""
    half = len(masked) // 2
    return _across(masked[:half], masked[half:])


def _across(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))


def is_secure(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Tell whether the browser came by https, here or at the proxy that uvicorn trusts."""
    return bool(connection.scope.get("scheme") == "https")


def cookie_name(name: str, *, secure: bool) -> str:
    """Over https the name forbids cookies that a sister domain tossed."""
    return f"__Host-{name}" if secure else name


def keep(response: Response[Any], request: Request[Any, Any, Any], name: str, content: str, seconds: int) -> None:
    """Set one of our cookies: unreadable for scripts, not sent along by other sites' forms; 0 seconds removes it."""
    secure = is_secure(request)
    response.set_cookie(
        Cookie(
            key=cookie_name(name, secure=secure),
            value=content,
            max_age=seconds,
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )
    )


def kept(connection: ASGIConnection[Any, Any, Any, Any], name: str) -> str | None:
    """What one of our cookies holds, under the name that it has here."""
    return connection.cookies.get(cookie_name(name, secure=is_secure(connection)))


def keep_session(response: Response[Any], request: Request[Any, Any, Any], signed_in: SignedIn) -> None:
    """Give the browser its fresh session; whatever it carried before is worth nothing from here on."""
    keep(response, request, SESSION, signed_in.token, 30 * 24 * 3600)


def network_of(request: Request[Any, Any, Any]) -> str:
    """The network that a request came from: an IPv6 address counts by its first 64 bits, one that maps IPv4 as that."""
    host = request.client.host if request.client else ""
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return host
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))


def browser_of(request: Request[Any, Any, Any]) -> str:
    """Roughly which browser a request came from, for its owner to know their sign-ins by."""
    return codes.browser_of(request.headers.get("user-agent", ""))
