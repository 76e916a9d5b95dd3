from collections.abc import Iterator
from pathlib import Path

import pytest

from farmlink.store.store import Store
from tests.farmlink.notify.builders import PostOffice
from tests.farmlink.notify.mail_server import MailHouse, mail_house


@pytest.fixture
def post(store: Store, tmp_path: Path) -> PostOffice:
    """A post office that puts mail into a folder."""
    return PostOffice(store, tmp_path / "mail")


@pytest.fixture
def house() -> Iterator[MailHouse]:
    with mail_house() as running:
        yield running
