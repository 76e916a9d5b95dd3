import pytest

from farmlink.store.store import Store
from tests.farmlink.cycles.builders import Market


@pytest.fixture
def market(store: Store) -> Market:
    return Market.founded(store)
