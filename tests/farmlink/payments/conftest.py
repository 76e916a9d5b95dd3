import pytest

from farmlink.store.store import Store
from tests.farmlink.payments.builders import Purse


@pytest.fixture
def purse(store: Store) -> Purse:
    return Purse(store)
