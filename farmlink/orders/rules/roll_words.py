"""The words of a roll-call list: goods, amounts with their units, and everything else. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from farmlink.orders.values.roll import OnSale

DIGITS: Final = dict(zip("〇一二三四五六七八九", range(10), strict=True)) | {"零": 0, "两": 2, "俩": 2}
SPELLED: Final[dict[str, int | Fraction]] = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "half": Fraction(1, 2),
}
GRAMS: Final = {"kg": 1000, "公斤": 1000, "千克": 1000, "斤": 500, "克": 1, "g": 1}
HAN: Final = "[〇零一二两俩三四五六七八九十]"
NUMBER: Final = re.compile(
    rf"(?:[+×x*]\s*)?(?:(?P<over>\d{{1,3}})\s*[/⁄]\s*(?P<under>\d{{1,3}})|(?P<plain>\d{{1,9}}(?:\.\d{{1,3}})?)"  # noqa: RUF001  # signs that people type
    rf"|(?P<half>半)|(?P<han>{HAN}{{1,3}})|(?P<word>\b(?:an|a|one|two|three|four|five|six|half)\b))",
    re.IGNORECASE,
)
UNIT: Final = re.compile(r"\s*(?:(?P<grams>公斤|千克|斤|克|kg\b|g\b)|(?P<pack>[^\W\d_]+))?(?P<more>半)?", re.IGNORECASE)
COUNTED: Final = frozenset("份个件包瓶袋盒箱只把罐桶筐篮捆束条颗棵根板") | {
    *("pack", "packs", "piece", "pieces", "x", "of"),
}
"""Words beside a number that say no more than the number."""
OF: Final = re.compile(r"\s*(?:of\b|×|[x*](?=\s|\d|$))", re.IGNORECASE)  # noqa: RUF001  # signs that people type
SPACE: Final = re.compile(r"\s+")
APART: Final = re.compile(r"[,;、。|+&]+")
JOINING: Final = frozenset({"and", "plus", "和", "加"})
REMARK: Final = re.compile(r"\([^)]*\)")
LATIN: Final = re.compile(r"[a-z0-9]", re.IGNORECASE)
LETTER: Final = re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """What is neither goods nor a number: part of a name, a remark in brackets, a comma, or what nobody understands."""

    text: str
    passed_over: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, as grams if it is a weight; `pack` is the pack that it names, `stuck` says that a word touches it."""

    text: str
    number: Fraction
    grams: Fraction | None = None
    pack: str = ""
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    """A product that is on sale, with the packs that it comes in."""

    text: str
    listings: tuple[OnSale, ...]


Token = Word | Amount | Goods
Names = Sequence[tuple[str, tuple[OnSale, ...]]]
Known = tuple[Names, AbstractSet[str]]


def tokens_of(text: str, on_sale: Sequence[OnSale]) -> list[Token]:
    """Take a line apart, from left to right, the longest name of goods first."""
    names = _names(on_sale)
    packs = {pack.casefold() for one in on_sale for pack in one.packs}
    found: list[Token] = []
    at, word = 0, ""
    while at < len(text):
        beside_goods = not word and bool(found) and isinstance(found[-1], Goods)
        token, end = _token(text, at, (names, packs), stuck=bool(word), beside_goods=beside_goods)
        space = None if token else SPACE.match(text, at)
        if token is None and space is None:
            word, at = word + text[at], at + 1
            continue
        found += _words(word)
        found += [token] if token else []
        word, at = "", space.end() if space else end
    return found + _words(word)


def number_of(found: re.Match[str]) -> Fraction:
    """The number that was written: digits, a fraction, half, or a Chinese number up to ninety-nine."""
    if found["over"]:
        return Fraction(int(found["over"]), max(1, int(found["under"])))
    if found["plain"]:
        return Fraction(found["plain"])
    if found["half"]:
        return Fraction(1, 2)
    if found["word"]:
        return Fraction(SPELLED[found["word"].lower()])
    tens, ten, ones = found["han"].rpartition("十")
    return Fraction((10 * DIGITS.get(tens or "一", 0) if ten else 0) + (DIGITS.get(ones[-1:], 0)))


def _names(on_sale: Sequence[OnSale]) -> Names:
    """Every name by which goods may be called, the longest first, with all packs that it may mean."""
    called: dict[str, list[OnSale]] = {}
    for one in on_sale:
        for form in {form for name in one.names for form in _forms(name.casefold())}:
            called.setdefault(form, []).append(one)
    return sorted(((name, tuple(found)) for name, found in called.items()), key=lambda pair: (-len(pair[0]), pair[0]))


def _forms(name: str) -> set[str]:
    """A name in its singular and plural, as English makes them."""
    if not LATIN.match(name[-1:]):
        return {name}
    single = re.sub(r"(?<=[^aeiou])ies$", "y", name)
    single = single if single != name else re.sub(r"(?<=[oxhs])es$|(?<!s)s$", "", name)
    return {name, single, f"{single}s"}


def _token(text: str, at: int, known: Known, *, stuck: bool, beside_goods: bool) -> tuple[Token | None, int]:
    names, _ = known
    if remark := REMARK.match(text, at):
        return Word(remark[0], passed_over=True), remark.end()
    if (apart := APART.match(text, at)) and not NUMBER.match(text, at):
        return Word(apart[0], passed_over=True), apart.end()
    if goods := _goods(text, at, names):
        return goods, at + len(goods.text)
    found = NUMBER.match(text, at)
    if found is None or _within_a_word(text, at, at + 1):
        return None, at
    amount, end = _amount(text, found, known, stuck=stuck)
    if not (found["han"] or found["half"]) or beside_goods or end > found.end():
        return amount, end
    return (amount, end) if _goods_follow(text, end, names, stuck=stuck) else (None, at)


def _goods(text: str, at: int, names: Names) -> Goods | None:
    """The goods that are named here, if any: a Latin name is a word of its own."""
    folded = text[at:].casefold()
    for name, listings in names:
        if folded.startswith(name) and not _within_a_word(text, at, at + len(name)):
            return Goods(text[at : at + len(name)], listings)
    return None


def _goods_follow(text: str, end: int, names: Names, *, stuck: bool) -> bool:
    """Tell a Chinese number from part of a name such as 三姐 or 王五: goods follow it, or it stands by itself."""
    rest = text[end:]
    spaces = len(rest) - len(rest.lstrip())
    return (not spaces or not stuck) and _goods(text, end + spaces, names) is not None


def _within_a_word(text: str, at: int, end: int) -> bool:
    """Tell whether Latin letters go on before or behind this."""
    before, first, last, after = text[at - 1 : at], text[at : at + 1], text[end - 1 : end], text[end : end + 1]
    goes_on = end > at + 1 and LETTER.match(last) and LETTER.match(after)
    return bool(LETTER.match(first) and LETTER.match(before)) or bool(goes_on)


def _words(word: str) -> list[Token]:
    return [Word(word, word.casefold() in JOINING)] if any(map(str.isalnum, word)) else []


def _amount(text: str, found: re.Match[str], known: Known, *, stuck: bool) -> tuple[Amount, int]:
    """A number with the unit or pack beside it; "一斤半" is one and a half, and 包菜 are goods, no packs."""
    names, packs = known
    number, end, grams, pack = number_of(found), found.end(), None, ""
    unit = UNIT.match(text, end)
    assert unit is not None, "every part of it may be missing"
    if unit["grams"]:
        number += Fraction(1, 2) if unit["more"] else 0
        grams, end = number * GRAMS[unit["grams"].lower()], unit.end()
    elif unit["pack"] and not _goods(text, unit.start("pack"), names):
        pack, end = _pack(unit, packs, end)
    if beside := OF.match(text, end):
        end = beside.end()
    return Amount(text[found.start() : end].strip(), number, grams, pack, stuck), end


def _pack(unit: re.Match[str], packs: AbstractSet[str], end: int) -> tuple[str, int]:
    """The pack that a number names, as in "2 bags of apples" or "两袋苹果"; a word that is none stays where it is."""
    said = unit["pack"].casefold()
    for known in sorted(packs | COUNTED, key=len, reverse=True):
        forms = _forms(known)
        latin = bool(LATIN.match(known))
        if said in forms or (not latin and said.startswith(known)):
            length = len(said) if said in forms else len(known)
            return (known if known in packs else ""), unit.start("pack") + length
    return "", end
