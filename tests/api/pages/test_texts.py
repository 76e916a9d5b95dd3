"""Every text that a template shows exists in both languages, with the same facts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import api
from tests.farmlink.kernel.test_catalogues import chinese, facts

TEMPLATES = Path(api.__file__).parent / "templates"


def texts(source: str) -> Iterator[tuple[str, set[str]]]:
    """What is written as `t("…")`, with the facts it is given."""
    for call in Environment().parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            given = {keyword.key for keyword in call.kwargs}
            for text in literals(call.args[0]):
                yield text, given


def literals(told: nodes.Expr) -> Iterator[str]:
    """A text, or both of which one is chosen."""
    if isinstance(told, nodes.Const):
        yield str(told.value)
    elif isinstance(told, nodes.CondExpr):
        yield from literals(told.expr1)
        if told.expr2 is not None:
            yield from literals(told.expr2)


WRITTEN = sorted(
    {
        (text, frozenset(given))
        for path in TEMPLATES.rglob("*.html")
        for text, given in texts(path.read_text(encoding="utf-8"))
    },
    key=lambda written: (written[0], sorted(written[1])),
)


@pytest.mark.parametrize(("text", "given"), WRITTEN)
def test_every_text_of_a_template_has_one_translation_with_the_same_facts(text: str, given: frozenset[str]) -> None:
    translated = chinese().get(text)

    assert translated, f"no entry in zh-CN for: {text}"
    assert len(set(translated)) == 1, "two rooms translate this differently"
    assert facts(translated[0]) == facts(text)
    assert facts(text) <= given, "a fact of the text is not given"


def test_the_search_finds_both_texts_of_a_choice() -> None:
    found = list(texts('{{ t("one") if x else t("two", n=1) }}{{ t("three" if y else "four") }}'))

    assert sorted(found) == [("four", set()), ("one", set()), ("three", set()), ("two", {"n"})]
