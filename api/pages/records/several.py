"""Fields that hold several values: lines, ticks, a week of opening hours, tables of figures, names of grades."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from api.pages.records.kinds import Kind, Scaled, TypedWrongError, clock, seconds
from farmlink.kernel.locale import marked

WEEKDAYS: Final = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
NOT_HOURS: Final = marked("Write from and until, such as 08:00-12:00, 14:00-18:00; closed is left empty.")
RANKS: Final = (5, 4, 3, 2, 1)
MOST_STEPS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Kind):
    """One of a few; without words of its own, the page brings what can be chosen."""

    drawn: ClassVar[str] = "choose"
    words: Mapping[Any, str] | None = None

    def said(self, value: Any, currency: str) -> str:  # noqa: ARG002  # only money asks for it
        """The value of the choice."""
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks(Kind):
    """Any of a few."""

    drawn: ClassVar[str] = "ticks"
    words: Mapping[Any, str] | None = None

    def write(self, name: str, value: Any, currency: str) -> dict[str, Any]:  # noqa: ARG002  # as above
        """What is ticked."""
        return {name: [str(one) for one in value or ()]}

    def read(self, name: str, sent: Mapping[str, Any], currency: str) -> list[str]:  # noqa: ARG002  # as above
        """What is ticked, once or more often."""
        typed = sent.get(name, [])
        return [str(one) for one in (typed if isinstance(typed, list) else [typed]) if one]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Kind):
    """One on each line."""

    drawn: ClassVar[str] = "area"

    def said(self, value: Any, currency: str) -> str:  # noqa: ARG002  # as above
        """Write each on its line."""
        return "\n".join(map(str, value))

    def meant(self, text: str, currency: str) -> list[str]:  # noqa: ARG002  # as above
        """Read each line; empty ones say nothing."""
        return [line.strip() for line in text.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(Kind):
    """Numbers with commas between them."""

    of: Scaled

    def said(self, value: Any, currency: str) -> str:
        """Write them one after the other."""
        return ", ".join(self.of.said(one, currency) for one in value)

    def meant(self, text: str, currency: str) -> list[int]:
        """Read them one by one."""
        return [self.of.meant(one, currency) for one in re.split(r"[,\uff0c;\s]+", text) if one]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Kind):
    """Lines of numbers, as in a tariff."""

    drawn: ClassVar[str] = "area"
    of: Figures

    def said(self, value: Any, currency: str) -> str:
        """Write a line for each."""
        return "\n".join(self.of.said(row, currency) for row in value)

    def meant(self, text: str, currency: str) -> list[list[int]]:
        """Read a line for each."""
        return [self.of.meant(line, currency) for line in text.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week(Kind):
    """A field for every weekday, each with any number of spans."""

    drawn: ClassVar[str] = "week"

    def write(self, name: str, value: Any, currency: str) -> dict[str, Any]:  # noqa: ARG002  # as above
        """Write every day's hours."""
        days: dict[str, Any] = {f"{name}.{day}": "" for day in range(7)}
        for one in sorted(value or (), key=lambda hours: (hours.weekday, hours.opens_minute)):
            at = f"{name}.{one.weekday}"
            span = f"{clock(one.opens_minute * 60)}-{clock(one.closes_minute * 60)}"
            days[at] = f"{days[at]}, {span}" if days[at] else span
        return days

    def read(self, name: str, sent: Mapping[str, Any], currency: str) -> list[dict[str, int]]:  # noqa: ARG002  # as above
        """Read every day's hours."""
        return [
            span for day in range(7) for span in self._day(str(sent.get(f"{name}.{day}", "")), f"{name}.{day}", day)
        ]

    def _day(self, text: str, at: str, day: int) -> list[dict[str, int]]:
        spans = []
        for part in (part for part in re.split(r"[,;\uff0c\u3001]", text) if part.strip()):
            ends = re.split(r"\s*[-\u2013\u2014~\u81f3]\s*", part.strip())
            if len(ends) != 2:  # from and until
                raise TypedWrongError(NOT_HOURS, at)
            try:
                opens, closes = (seconds(end) // 60 for end in ends)
            except TypedWrongError as wrong:
                raise TypedWrongError(wrong.message, at, **wrong.facts) from wrong
            spans.append({"weekday": day, "opens_minute": opens, "closes_minute": closes})
        return spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades(Kind):
    """Both names of each of five ranks; a rank without names is none of the product's."""

    drawn: ClassVar[str] = "grades"

    def write(self, name: str, value: Any, currency: str) -> dict[str, Any]:  # noqa: ARG002  # as above
        """Write the names by rank."""
        return {
            f"{name}.{grade.rank}.{tongue}": grade.name[tongue] for grade in value or () for tongue in ("en", "zh-CN")
        }

    def read(self, name: str, sent: Mapping[str, Any], currency: str) -> list[dict[str, Any]] | None:  # noqa: ARG002  # as above
        """Read the ranks that have a name; none at all are the five standard ones."""
        found = []
        for rank in RANKS:
            both = {tongue: str(sent.get(f"{name}.{rank}.{tongue}", "")).strip() for tongue in ("en", "zh-CN")}
            if any(both.values()):
                found.append({"rank": rank, "name": both})
        return found or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps(Kind):
    """Prices that fall with what is ordered: from so much on, everybody pays so much."""

    drawn: ClassVar[str] = "steps"
    quantity: Kind
    price: Scaled
    least: int = 3

    def shown(self, sent: Mapping[str, Any], name: str) -> int:
        """How many pairs a form shows: those in which something stands, and an empty one."""
        rows = [row for row in range(MOST_STEPS) if sent.get(f"{name}.{row}.from") or sent.get(f"{name}.{row}.price")]
        return min(MOST_STEPS, max(self.least, max(rows, default=-1) + 2))

    def write(self, name: str, value: Any, currency: str) -> dict[str, Any]:
        """Write a pair of fields for each."""
        written = {}
        for row, step in enumerate(value or ()):
            written[f"{name}.{row}.from"] = self.quantity.said(step.from_quantity, currency)
            written[f"{name}.{row}.price"] = self.price.said(step.price_minor_per_1000, currency)
        return written

    def read(self, name: str, sent: Mapping[str, Any], currency: str) -> list[dict[str, Any]]:
        """Read the pairs in which something stands."""
        steps = []
        for row in range(MOST_STEPS):
            pair = {}
            for part, kind, key in (
                ("from", self.quantity, "from_quantity"),
                ("price", self.price, "price_minor_per_1000"),
            ):
                at = f"{name}.{row}.{part}"
                try:
                    pair[key] = kind.read(at, sent, currency)
                except TypedWrongError as wrong:
                    raise TypedWrongError(wrong.message, at, **wrong.facts) from wrong
            if any(value is not None for value in pair.values()):
                steps.append({key: value for key, value in pair.items() if value is not None})
        return steps
