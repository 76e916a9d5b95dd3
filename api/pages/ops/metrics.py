"""The few figures that matter, for eyes; programs read the same at /metrics."""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Controller, Response, get
from litestar.datastructures import State

from api.dependencies import ActingStore
from api.guards import open_to, platform
from api.metrics import Meter, figures
from api.pages.page import Asked, page
from api.pages.plan.words import RUN_STATES
from farmlink.people.values import Role

SHOWN: Final = 12
FAILED_FROM: Final = 500


@dataclass(frozen=True, slots=True)
class Measured:
    """What one address was asked since the server started, and how long its answers took."""

    method: str
    route: str
    requests: int
    mean_ms: int
    slow_ppm: int


class MetricPages(Controller):
    """How much is asked, how fast it is answered, and what waits."""

    path = "/ops/metrics"
    opt = open_to(platform(Role.ADMIN))
    include_in_schema = False

    @get("", sync_to_thread=True)
    def shown(self, request: Asked, store: ActingStore, state: State) -> Response[Any]:
        """Show the figures as they are now."""
        found, routes = store.read(figures), measured(state.meter)
        return page(
            "ops/metrics.html",
            request,
            found=found,
            routes=routes[:SHOWN],
            requests=sum(one.requests for one in routes),
            failed=failed(state.meter),
            runs=sorted(found.runs.items()),
            RUN_STATES=RUN_STATES,
        )


def measured(meter: Meter) -> list[Measured]:
    """Each address with its answers, those on which most time was spent first."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for sample in (one for family in meter.seconds.collect() for one in family.samples):
        of_route = found.setdefault((sample.labels["method"], sample.labels["route"]), {})
        of_route[sample.labels.get("le", sample.name.rsplit("_", 1)[1])] = sample.value
    spent = sorted(found.items(), key=lambda one: -one[1]["sum"])
    return [
        Measured(
            method=method,
            route=route,
            requests=int(of_route["count"]),
            mean_ms=round(1000 * of_route["sum"] / of_route["count"]),
            slow_ppm=round(1_000_000 * (1 - of_route["1.0"] / of_route["count"])),
        )
        for (method, route), of_route in spent
    ]


def failed(meter: Meter) -> int:
    """How many requests the server could not answer."""
    samples = (one for family in meter.requests.collect() for one in family.samples if one.name.endswith("_total"))
    return int(sum(one.value for one in samples if int(one.labels["status"]) >= FAILED_FROM))
