"""Decisions are numbered, and each is its context, what was decided and its price."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

DECISIONS = sorted((ROOT / "docs/decisions").iterdir())


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:5] for path in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_is_its_context_what_was_decided_and_its_price(path: Path) -> None:
    title, _, body = path.read_text().partition("\n\n")
    sentences = re.findall(r"(?s)\S.*?[.!?](?=\s+[A-Z`]|\s*$)", body.strip())

    assert re.fullmatch(rf"# {int(path.name[:4])}\. \S.*", title), "a title with the number of the file"
    assert len(sentences) == 3, sentences
    assert re.match(r"(The price|Price)\b", sentences[2]), sentences[2]
