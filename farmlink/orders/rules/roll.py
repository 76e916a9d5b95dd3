"""Reading a roll-call list (接龙): one neighbour to a line, goods and numbers as people write them. Pure.

"1. 王姐 苹果2 鸡蛋一份" and "Ana: 2 apples, eggs x1" are read alike. A weight is turned into packs where they come out
even; whatever is not understood is said and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from farmlink.cycles.values import ListingId
from farmlink.kernel.locale import marked
from farmlink.orders.rules import MOST_PACKS
from farmlink.orders.rules.roll_words import Amount, Goods, Token, Word, tokens_of
from farmlink.orders.values import Order, OrderState
from farmlink.orders.values.roll import NeighbourName, OnSale, RollFault, RollLine, Step

MOST_ROWS: Final = 300
MOST_CHARACTERS: Final = 200
NUMBERED: Final = re.compile(r"^\s*[(\[]?\d{1,3}\s*(?:[.、)\]]|:(?=\s*\D))\s*")
HEADING: Final = re.compile(r"^\s*(?:#|接龙|【|---|===)")
MINUS: Final = re.compile(r"(?:(?<=[\s:,;])|^)[-−–]\d+")  # noqa: RUF001  # as phones write it
NAME_EDGES: Final = " ,;:、。.-—~|/+"
NO_NAME: Final = marked("No name. Begin the line with who it is for, such as “Ana: 2 apples”.")
NO_GOODS: Final = marked("Nothing that is on sale. Write what and how much, such as “2 apples”.")
UNKNOWN: Final = marked("“{word}” is not on sale in this cycle. Correct it, or take it out.")
NO_GOODS_OF: Final = marked("{number} of what? Write the goods beside the number.")
WHICH: Final = marked("“{word}” comes in several packs: {packs}. Write which one.")
UNEVEN: Final = marked("{word} comes in packs of {packs}. This does not make whole packs; write how many packs.")
NOT_WHOLE: Final = marked("Only whole packs of {word} are sold. Write 1, 2 or more.")
TOO_MANY: Final = marked("That is more than anybody can order: {number} of {word}. Correct the number.")
LESS_THAN_NONE: Final = marked("“{word}”: write how many, without a minus.")
TWICE: Final = marked("“{word}” stands in the list twice. Put it in one line, or tell the two apart, such as {word} B.")
TOO_LONG: Final = marked("A list has at most {most} lines. Send the rest as another list.")


def read_roll(text: str, on_sale: Sequence[OnSale]) -> list[RollLine]:
    """Read a list line by line; headings and empty lines are left out."""
    lines = [line.strip() for line in text.splitlines()]
    meant = [line for line in lines if line and not HEADING.match(unicodedata.normalize("NFKC", line))]
    read = [_read(line, on_sale) for line in meant[:MOST_ROWS]]
    read += [RollLine(line, faults=(RollFault(TOO_LONG, {"most": MOST_ROWS}),)) for line in meant[MOST_ROWS:]]
    return _told_apart(read)


def called(name: str) -> NeighbourName:
    """The one spelling of a name by which the same neighbour is known again."""
    return NeighbourName(" ".join(unicodedata.normalize("NFKC", name).casefold().split()))


def _read(line: str, on_sale: Sequence[OnSale]) -> RollLine:
    plain = NUMBERED.sub("", unicodedata.normalize("NFKC", line), count=1)
    name, colon, body = plain[:MOST_CHARACTERS].partition(":")
    if not colon or any(isinstance(token, Goods) for token in tokens_of(name, on_sale)):
        name, body = "", plain[:MOST_CHARACTERS].replace(":", " ")
    tokens = tokens_of(body, on_sale)
    if not name:
        first = next((at for at, token in enumerate(tokens) if not isinstance(token, Word)), len(tokens))
        name, tokens = _name_of(tokens[:first], tokens[first:])
    packs: dict[ListingId, int] = {}
    faults = [fault for part in _parts(tokens) for fault in _wanted(part, packs)]
    if minus := MINUS.search(body):
        packs, faults = {}, [RollFault(LESS_THAN_NONE, {"word": minus[0]})]
    name = " ".join(name.strip(NAME_EDGES).split())
    if not name:
        faults = [RollFault(NO_NAME), *faults]
    elif not packs and not faults:
        faults = [RollFault(NO_GOODS)]
    return RollLine(line, name, packs, tuple(faults))


def _name_of(before: Sequence[Token], rest: Sequence[Token]) -> tuple[str, list[Token]]:
    """Who a line without a colon is for; a word that a number is written to is goods, and not part of a name."""
    words = [token.text for token in before]
    stuck = bool(rest) and isinstance(rest[0], Amount) and rest[0].stuck and len(words) > 1
    if stuck:
        return " ".join(words[:-1]), [before[-1], *rest]
    return " ".join(words), list(rest)


def _parts(tokens: Sequence[Token]) -> list[list[Token]]:
    """What stands between commas, remarks and words that only join."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if isinstance(token, Word) and token.passed_over:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _wanted(tokens: Sequence[Token], packs: dict[ListingId, int]) -> list[RollFault]:
    """Count goods with their numbers: whichever of the two comes first does so in the whole of a part.

    Nothing of a part is counted in which there is a word that nobody understands: its number may be another's.
    """
    if unknown := [token.text for token in tokens if isinstance(token, Word)]:
        return [RollFault(UNKNOWN, {"word": word}) for word in unknown]
    numbers_first = bool(tokens) and isinstance(tokens[0], Amount)
    faults: list[RollFault] = []
    waiting: Token | None = None
    for token in [*tokens, None]:
        fits = waiting is not None and isinstance(token, Goods if numbers_first else Amount)
        if waiting is not None:
            faults += _count(waiting, token if fits else None, packs)
        waiting = None if fits else token
    return faults


def _count(first: Token, second: Token | None, packs: dict[ListingId, int]) -> list[RollFault]:
    """Add what one pair of goods and number comes to, or say why it comes to nothing."""
    goods = next((one for one in (first, second) if isinstance(one, Goods)), None)
    amount = next((one for one in (first, second) if isinstance(one, Amount)), Amount("1", Fraction(1)))
    if goods is None:
        return [RollFault(NO_GOODS_OF, {"number": amount.text})]
    found = _packs_of(goods, amount)
    if isinstance(found, RollFault):
        return [found]
    listing_id, count = found
    packs[listing_id] = packs.get(listing_id, 0) + count
    return []


def _packs_of(goods: Goods, amount: Amount) -> tuple[ListingId, int] | RollFault:
    """Which pack is meant, and how many of it."""
    meant = [one for one in goods.listings if amount.pack in one.packs] if amount.pack else goods.listings
    meant = meant or goods.listings
    if amount.grams is not None:
        even = [one for one in meant if one.weighed and not amount.grams % one.quantity]
        if not even:
            return RollFault(UNEVEN, {"word": goods.text, "packs": _packs(meant)})
        largest = max(even, key=lambda one: one.quantity)
        return _within(largest.listing_id, int(amount.grams / largest.quantity), goods, amount)
    if len(meant) > 1:
        return RollFault(WHICH, {"word": goods.text, "packs": _packs(meant)})
    if amount.number.denominator != 1 or amount.number < 1:
        return RollFault(NOT_WHOLE, {"word": goods.text})
    return _within(meant[0].listing_id, int(amount.number), goods, amount)


def _within(listing_id: ListingId, count: int, goods: Goods, amount: Amount) -> tuple[ListingId, int] | RollFault:
    if not 1 <= count <= MOST_PACKS:
        return RollFault(TOO_MANY, {"word": goods.text, "number": amount.text})
    return listing_id, count


def _packs(listings: Iterable[OnSale]) -> str:
    return ", ".join(dict.fromkeys(one.packs[0] for one in listings))


def _told_apart(lines: Sequence[RollLine]) -> list[RollLine]:
    """Say of every name that comes again that it does: two people may share it, and one order is for one of them."""
    seen: set[NeighbourName] = set()
    told = []
    for line in lines:
        again = bool(line.name) and called(line.name) in seen
        seen.add(called(line.name))
        twice = RollFault(TWICE, {"word": line.name})
        told.append(replace(line, faults=(*line.faults, twice)) if again else line)
    return told


def step_of(packs: Mapping[ListingId, int], order: Order | None) -> Step:
    """Say what a line makes of what its neighbour has ordered so far."""
    if order is None:
        return Step.NEW
    ordered = {line.listing_id: line.packs for line in order.lines if line.state is OrderState.PLACED}
    return Step.SAME if ordered == dict(packs) else Step.CHANGED
