"""A contender's figures are of all it started, and one that fails is no figure."""

import sys

import pytest

from tests.benchmarks.stand.ran import ContenderFailedError, run_measured

CHILD = "held = bytearray(300_000_000); import time; time.sleep(0.5)"


def test_memory_of_a_process_below_the_contender_counts() -> None:
    ran = run_measured(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"]
    )

    assert ran.peak_mb > 280
    assert ran.wall_s > 0.5
    assert 0 < ran.cpu_s < ran.wall_s + 1


def test_a_contender_that_fails_is_an_error_with_its_last_words() -> None:
    with pytest.raises(ContenderFailedError, match="no such instance"):
        run_measured([sys.executable, "-c", "raise SystemExit('no such instance')"])
