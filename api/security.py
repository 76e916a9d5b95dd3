"""Headers that every answer carries, also errors and files."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PICTURES = "img-src 'self' data:"
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # "no-referrer" has browsers send their own forms with "Origin: null"
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
YEAR_S = 365 * 24 * 3600


def picturing(origin: str) -> str:
    """The policy of a page that also shows pictures of one other server."""
    return POLICY.replace(PICTURES, f"{PICTURES} {origin}")


async def secure(message: Message, scope: Scope) -> None:
    """Add what the handler did not set itself; answers are not stored by caches unless they say otherwise."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if not scope["path"].startswith("/static"):
        headers.setdefault("cache-control", "no-store" if "etag" not in headers else "private, no-cache")
    if scope.get("scheme") == "https":
        headers.setdefault("strict-transport-security", f"max-age={YEAR_S}")
