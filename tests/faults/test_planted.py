"""Every planted defect is noticed by a test, and by nothing else than the test."""

from collections.abc import Iterator

import pytest

from farmlink.store.scratch import scratch_server
from tests.faults.planted.copies import ROOT, Copy, Defect, planted

ROOMS = planted()
DEFECTS = [defect for room in ROOMS.values() for defect in room]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    with scratch_server() as server:
        copy = Copy(tmp_path_factory.mktemp("planted"), server.place.base)
        yield copy
        copy.close()


@pytest.mark.parametrize("room", ROOMS)
def test_a_copy_without_a_defect_passes_the_same_tests(copy: Copy, room: str) -> None:
    outcome = copy.run(sorted({test for defect in ROOMS[room] for test in defect.tests}))

    assert (outcome.exit_code, outcome.failed, outcome.errors) == (0, [], [])
    assert outcome.passed
    assert outcome.strangers == []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.room}: {defect.title}")
def test_a_planted_defect_is_noticed(copy: Copy, defect: Defect) -> None:
    with copy.with_defect(defect):
        outcome = copy.run(defect.tests)

    assert outcome.caught, outcome


def test_there_are_enough_defects_and_each_is_named_once() -> None:
    titles = [(defect.room, defect.title) for defect in DEFECTS]

    assert len(titles) == len(set(titles))
    assert len(titles) >= 100


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.room}: {defect.title}")
def test_a_planted_defect_still_fits_the_sources(defect: Defect) -> None:
    assert (ROOT / defect.file).read_text().count(defect.old) == 1
    assert defect.old != defect.new
