"""Every text that people read exists in both languages, with the same facts."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

import farmlink
from farmlink.kernel.locale import CATALOGUES, CHINESE

ROOT = Path(farmlink.__file__).parents[1]


def texts(source: str) -> Iterator[str]:
    """Messages of refusal classes, and what is marked."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ClassDef(body=body):
                yield from messages(body)
            case ast.Call(func=ast.Name(id="marked"), args=[ast.Constant(value=str(text))]):
                yield text


def messages(body: list[ast.stmt]) -> Iterator[str]:
    for part in body:
        match part:
            case (
                ast.Assign(targets=[ast.Name(id="message")], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id="message"), value=ast.Constant(value=str(text)))
            ):
                yield text


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def chinese() -> dict[str, list[str]]:
    entries: dict[str, list[str]] = {}
    for path in sorted((CATALOGUES / CHINESE.replace("-", "_")).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                if message.id:
                    entries.setdefault(str(message.id), []).append(str(message.string))
    return entries


SOURCES = [path for folder in ("farmlink", "api") for path in sorted((ROOT / folder).rglob("*.py"))]
WRITTEN = sorted({text for path in SOURCES if "node_modules" not in path.parts for text in texts(path.read_text())})


@pytest.mark.parametrize("text", WRITTEN)
def test_every_text_has_one_translation_with_the_same_facts(text: str) -> None:
    translated = chinese().get(text)
    assert translated, f"no entry in {CHINESE} for: {text}"
    assert len(set(translated)) == 1, "two rooms translate this differently"
    assert facts(translated[0]) == facts(text)


def test_the_search_finds_refusals_and_marked_texts() -> None:
    source = 'class A(B):\n  message = "one"\nclass C(B):\n  message: str = ("t" "wo")\nx = marked("three")\ny = "four"'
    assert set(texts(source)) == {"one", "two", "three"}
    assert "Sign in first." in WRITTEN
