"""Every explanation as a sentence, for people who read plans without a program beside them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from solver.solution import Explanation


@cache
def sentences() -> dict[str, dict[str, str]]:
    """By language (`en`, `zh-CN`), then by code: all that a plan says of its own, with the facts in braces."""
    return tomllib.loads(files("solver").joinpath("sentences.toml").read_text(encoding="utf-8"))


def sentence(explanation: Explanation, language: str = "en") -> str:
    """What an explanation says; a code that is not ours is given back as it is.

    Raises
    ------
    KeyError
        Nobody has written the sentences in this language.

    Examples
    --------
    >>> sentence(Explanation("batch", "b", "no-supply", {"short": 5, "asked": 8}))
    '5 of 8 are short: nobody offers the product.'
    """
    return sentences()[language].get(explanation.code, explanation.code).format_map(explanation.facts)
