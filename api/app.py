"""The application: one door per handler, each with a name on it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.static_files import create_static_files_router

from api.accepts import refuse_other_types
from api.asked import refuse_other_parameters
from api.auth import SESSION, SignInLookup, refuse_cross_site
from api.body import StrictRequest
from api.dependencies import DEPENDENCIES
from api.errors import HANDLERS
from api.guards import OPT, admit, anyone, require_audiences, unasked
from api.heads import allow_heads, answer_heads
from api.health import health, ready
from api.kept import Description
from api.metrics import Meter, metrics
from api.pages.built import STATIC, templates
from api.pages.entrances import page_controllers
from api.pages.lost import ask_to_sign_in, remember_sent
from api.security import secure
from api.v1 import room_controllers
from farmlink.kernel.errors import UnknownPersonError
from farmlink.store.engine import open_store
from farmlink.store.store import Store

LARGEST_BODY = 1_000_000
WEEK_S = 7 * 24 * 3600
DESCRIPTION = """Many small farms sell as one. Amounts are whole numbers with the unit in their name.

Writes carry `Idempotency-Key` (a UUID per intended effect); what two people can edit carries `If-Match`.
Every error is `application/problem+json` with a stable `code`; texts follow `Accept-Language` (en, zh-CN)."""


def create_app(store: Store | None = None) -> Litestar:
    """Build the application on an open store; without one it opens the store of the settings while it runs."""
    app = Litestar(
        route_handlers=[
            health,
            ready,
            metrics,
            *page_controllers(),
            Router("/api/v1", route_handlers=room_controllers(), security=[{"bearer": []}, {"cookie": []}]),
            *_built_files(),
        ],
        lifespan=[_keeping(store)],
        middleware=[SignInLookup()],
        guards=[refuse_other_types, refuse_cross_site, remember_sent, admit, refuse_other_parameters],
        dependencies=DEPENDENCIES,
        exception_handlers=HANDLERS | {UnknownPersonError: ask_to_sign_in},
        request_class=StrictRequest,
        request_max_body_size=LARGEST_BODY,
        before_send=[secure, allow_heads],
        template_config=templates(),
        compression_config=CompressionConfig(backend="gzip", minimum_size=500, gzip_compress_level=6),
        openapi_config=_description(),
        logging_config=None,
    )
    require_audiences(app)
    app.state.meter = meter = Meter()
    app.asgi_handler = answer_heads(meter(app.asgi_handler))
    return app


def _keeping(store: Store | None) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def keep_open(app: Litestar) -> AsyncIterator[None]:
        if store is not None:
            app.state.store = store
            yield
            return
        with open_store() as opened:
            app.state.store = opened
            yield

    return keep_open


def _built_files() -> list[Router]:
    """The built front end, where it is built."""
    if not STATIC.is_dir():
        return []
    week = CacheControlHeader(public=True, max_age=WEEK_S)
    return [create_static_files_router("/static", [STATIC], opt={OPT: unasked}, cache_control=week)]


def _description() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="farmlink",
        version="1",
        description=DESCRIPTION,
        use_handler_docstrings=True,
        openapi_router=Router("/api/schema", route_handlers=[], opt={OPT: anyone}, include_in_schema=False),
        render_plugins=[Description(path="/openapi.json")],
        tags=[Tag(name="people"), Tag(name="policy")],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer"),
                "cookie": SecurityScheme(type="apiKey", name=SESSION, security_scheme_in="cookie"),
            }
        ),
    )


app = create_app()
