from pathlib import Path

import pytest

from tests.architecture.house import ROOT, House


@pytest.fixture(scope="session")
def house() -> House:
    return House(ROOT)


@pytest.fixture(scope="session")
def written(house: House) -> list[Path]:
    return house.written()


@pytest.fixture
def copied_house(tmp_path: Path) -> House:
    return House.copied(tmp_path)
