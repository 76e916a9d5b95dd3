"""For whoever watches the process: is it alive, can it work."""

from litestar import get
from litestar.datastructures import State
from sqlalchemy import text

from api.guards import OPT, unasked
from farmlink.store.transaction import Transaction


@get("/health", opt={OPT: unasked}, sync_to_thread=False, include_in_schema=False)
def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@get("/ready", opt={OPT: unasked}, sync_to_thread=True, include_in_schema=False)
def ready(state: State) -> dict[str, str]:
    """The database answers too."""
    state.store.read(_answers)
    return {"status": "ready"}


def _answers(tx: Transaction) -> None:
    tx.session.connection().execute(text("SELECT 1"))
