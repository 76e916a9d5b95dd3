"""What handlers ask for by name: the store acting for the principal, the key of a write, the version seen, the page."""

import re
from typing import Annotated, Any, TypeVar
from uuid import UUID

from litestar import Request, Response
from litestar.di import NamedDependency, Provide
from litestar.params import HeaderParameter, QueryParameter

from api.body import FieldsError, fault
from api.errors import KeyNeededError, VersionNeededError
from api.language import language_of
from farmlink.kernel.errors import StaleError, UnknownPersonError
from farmlink.kernel.page import Paging
from farmlink.people.values import Principal
from farmlink.store.store import Store

T = TypeVar("T")
NOBODY = "nobody"

ActingStore = NamedDependency[Store]
"""`store: ActingStore`: the store on behalf of whoever is signed in."""
Asking = NamedDependency[Principal]
"""`principal: Asking`: who is signed in; for handlers that need a sign-in."""
OnceKey = NamedDependency[UUID]
"""`key: OnceKey`: the Idempotency-Key header, for `store.once(key, command, …)`."""
SeenRevision = NamedDependency[int]
"""`revision: SeenRevision`: the version of the If-Match header, for commands that raise `StaleError`."""
AskedPage = NamedDependency[Paging]
"""`paging: AskedPage`: `?limit=&after=`."""
Language = NamedDependency[str]
"""`language: Language`: en or zh-CN."""


def acting_store(request: Request[Any, Any, Any]) -> Store:
    """The store on behalf of the principal, or of nobody."""
    store: Store = request.app.state.store
    principal: Principal | None = request.scope.get("user")
    return store.by(principal.person_id if principal else NOBODY)


def asking(request: Request[Any, Any, Any]) -> Principal:
    """Who is signed in."""
    principal: Principal | None = request.scope.get("user")
    if principal is None:
        raise UnknownPersonError
    return principal


def once_key(
    idempotency_key: Annotated[
        UUID | None,
        HeaderParameter(
            name="Idempotency-Key", description="One per intended effect; repeated, the answer is the same."
        ),
    ] = None,
) -> UUID:
    """The key under which a write has one effect."""
    if idempotency_key is None:
        raise KeyNeededError
    return idempotency_key


def seen_revision(
    if_match: Annotated[str | None, HeaderParameter(name="If-Match", description="The ETag that was read.")] = None,
) -> int:
    """The version that the writer saw."""
    if if_match is None:
        raise VersionNeededError
    seen = re.fullmatch(r'"([0-9]{1,18})"', if_match.strip())
    if seen is None:
        raise StaleError
    return int(seen[1])


def asked_page(
    request: Request[Any, Any, Any],
    limit: Annotated[int, QueryParameter(ge=1, le=200, description="How many at most.")] = 50,
    after: Annotated[UUID | None, QueryParameter(description="`next` of the page before.")] = None,
) -> Paging:
    """Which page of a list; 1e2, 1.0 and null would be read as something, but say nothing."""
    written = request.query_params
    if not re.fullmatch(r"[0-9]{1,9}", written.get("limit", "1")):
        raise FieldsError([fault("Expected `int`", "limit")])
    if "after" in written and after is None:
        raise FieldsError([fault("Invalid UUID", "after")])
    return Paging(limit, after)


def language(request: Request[Any, Any, Any]) -> str:
    """The reader's language."""
    return language_of(request)


DEPENDENCIES = {
    "store": Provide(acting_store, sync_to_thread=False),
    "principal": Provide(asking, sync_to_thread=False),
    "key": Provide(once_key, sync_to_thread=False),
    "revision": Provide(seen_revision, sync_to_thread=False),
    "paging": Provide(asked_page, sync_to_thread=False),
    "language": Provide(language, sync_to_thread=False),
}


def tagged(value: T, revision: int, status_code: int = 200) -> Response[T]:
    """Answer what two people can edit, with its version as ETag."""
    return Response(value, status_code=status_code, headers={"etag": f'"{revision}"'})
