"""What the server measures, in Prometheus' words: requests by the pattern of their address, and what waits."""

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from litestar import Response, get
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from api.guards import OPT, platform
from farmlink.notify import queries as notify
from farmlink.payments import queries as payments
from farmlink.people.values import Role
from farmlink.planning.queries.counted import runs_by_state
from farmlink.settings import read_settings
from farmlink.store import audit, jobs, outbox, safekeeping
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ORDERED: Final = "order.place"
"""The deed by which orders are counted."""
SPANS: Final = {"1m": timedelta(minutes=1), "1h": timedelta(hours=1), "24h": timedelta(hours=24)}


class Meter:
    """Counts and times requests of one application; an address is known by its pattern alone, never by its ids."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "farmlink_http_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "farmlink_http_request_seconds",
            "Time to answer a request",
            ("method", "route"),
            buckets=BUCKETS_S,
            registry=self.registry,
        )

    def __call__(self, application: ASGIApp) -> ASGIApp:
        """Measure an application from outside, whatever becomes of a request inside."""

        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP:
                await application(scope, receive, send)
                return
            began_s, status = time.perf_counter(), 500

            async def send_on(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await application(scope, receive, send_on)
            finally:
                method: str = scope["method"] if scope["method"] in METHODS else OTHER
                route = scope.get("path_template") or OTHER
                self.requests.labels(method, route, str(status)).inc()
                self.seconds.labels(method, route).observe(time.perf_counter() - began_s)

        return measured


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database says of how the installation is doing."""

    events: outbox.Standing
    letters: notify.Standing
    jobs: jobs.Standing
    heard_s: int | None
    """Seconds since the scheduler's last word; none where it never said one."""
    runs: dict[str, int]
    orders: dict[str, int]
    """Orders placed in the last minute, hour and day."""
    steps: int
    backup_s: int | None
    """The age of the newest good backup; none where there is none."""


def figures(tx: Transaction) -> Figures:
    """Read what waits, what fails, and how fast orders come."""
    standing = jobs.standing(tx)
    return Figures(
        events=outbox.standing(tx),
        letters=notify.standing(tx),
        jobs=standing,
        heard_s=None if standing.heard_at is None else int((tx.now - standing.heard_at).total_seconds()),
        runs=runs_by_state(tx),
        orders={span: audit.done_since(tx, ORDERED, tx.now - length) for span, length in SPANS.items()},
        steps=payments.steps_waiting(tx),
        backup_s=safekeeping.standing(tx).age_s,
    )


def holds_token(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Tell whether a program carries the token that the setting gives to those who measure."""
    token = read_settings().metrics_token
    scheme, _, carried = connection.headers.get("authorization", "").partition(" ")
    if token is None or scheme.lower() != "bearer":
        return False
    return secrets.compare_digest(carried.strip().encode(), token.encode())


@get("/metrics", opt={OPT: platform(Role.ADMIN).or_by(holds_token)}, sync_to_thread=True, include_in_schema=False)
def metrics(state: State) -> Response[bytes]:
    """All figures as text, for admins and for programs that carry the token of the settings."""
    store: Store = state.store
    written = generate_latest(state.meter.registry) + generate_latest(_gauges(store.read(figures)))
    return Response(written, headers={"content-type": CONTENT_TYPE_LATEST})


def _gauges(found: Figures) -> CollectorRegistry:
    registry = CollectorRegistry()

    def gauge(name: str, words: str, value: float) -> None:
        Gauge(f"farmlink_{name}", words, registry=registry).set(value)

    gauge("outbox_waiting", "Events announced and not yet delivered", found.events.waiting)
    gauge("outbox_longest_wait_seconds", "How long the oldest of them waits", found.events.longest_s)
    gauge("outbox_dead", "Events that were given up", found.events.dead)
    gauge("letters_waiting", "Letters to be sent", found.letters.waiting)
    gauge("letters_failed", "Letters that could not be sent", found.letters.failed)
    gauge("payment_steps_waiting", "Steps that wait for a payment provider", found.steps)
    gauge("jobs_failing", "Jobs of the scheduler whose last run failed", found.jobs.failing)
    if found.heard_s is not None:
        gauge("scheduler_silent_seconds", "Time since the scheduler's last word", found.heard_s)
    if found.backup_s is not None:
        gauge("backup_age_seconds", "Age of the newest backup that is not known broken", found.backup_s)
    for name, words, label, values in (
        ("plan_runs", "Planning runs", "state", found.runs),
        ("orders_placed", "Orders placed in the last minute, hour and day", "span", found.orders),
    ):
        many = Gauge(f"farmlink_{name}", words, (label,), registry=registry)
        for value, count in values.items():
            many.labels(value).set(count)
    return registry
