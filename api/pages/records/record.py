"""One kind of record and its pages: found, made, and changed by whoever saw what is there now."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID, uuid4

from api.pages.records.fields import Group
from farmlink.kernel.page import Page, Paging
from farmlink.people.values import Principal
from farmlink.store.store import Store

NO_CURRENCY: Final = "XXX"
"""Of a record whose region is not chosen yet; money then has no places (ISO 4217)."""
Card = TypeVar("Card")
Choices = dict[str, list[tuple[Any, str]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A record in a list: its name, what tells it from others, and words for its state with tone and icon."""

    id: UUID
    name: str
    hint: str = ""
    state: tuple[str, str, str] | None = None
    deed: "Way | None" = None
    day: date | None = None
    price: int | None = None
    unit: str = ""
    left: int | None = None
    key: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Way:
    """Something to press on a record's page besides changing it, or somewhere to go from there."""

    words: str
    to: str
    drawn: str = "arrow"
    posts: bool = False
    called: str = ""
    """A name of its own, which is the same in every language."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, and where what they ask for is kept."""

    store: Store
    principal: Principal
    language: str
    given: Mapping[str, str] = field(default_factory=dict)
    """What the address says behind its question mark."""


class Record(ABC, Generic[Card]):
    """What is particular to one kind of record."""

    path: ClassVar[str]
    title: ClassVar[str]
    new: ClassVar[str]
    about: ClassVar[str] = ""
    shape: ClassVar[type[Any]]
    list_page: ClassVar[str] = "records/list.html"
    form_page: ClassVar[str] = "records/form.html"

    @abstractmethod
    def groups(self, who: Who, card: Card | None) -> tuple[Group, ...]:
        """The form's fields."""

    @abstractmethod
    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """A page of those whose name holds what is asked for."""

    @abstractmethod
    def one(self, who: Who, key: UUID) -> Card:
        """One of them, as far as it exists for who asks."""

    @abstractmethod
    def make(self, who: Who, key: UUID, body: Any) -> UUID:
        """Make one."""

    @abstractmethod
    def change(self, who: Who, card: Card, revision: int, body: Any) -> object:
        """Change one that was seen at a revision."""

    def name_of(self, card: Card, language: str) -> str:  # noqa: ARG002  # those with a name in each language ask for it
        """What it is called."""
        return str(getattr(card, "name", ""))

    def choices(self, who: Who, card: Card | None) -> Choices:  # noqa: ARG002  # most have nothing to choose
        """What can be chosen in which field."""
        return {}

    def currency(self, who: Who, card: Card | None, sent: Mapping[str, Any]) -> str:  # noqa: ARG002  # most hold no money
        """In which currency its money is."""
        return NO_CURRENCY

    def body(self, given: dict[str, Any], card: Card | None) -> dict[str, Any]:  # noqa: ARG002  # most are as typed
        """The API's body of what was typed."""
        return given

    def ways(self, who: Who, card: Card) -> list[Way]:  # noqa: ARG002  # most have none
        """What else can be done with it."""
        return []

    def addable(self, who: Who) -> bool:  # noqa: ARG002  # most may be added by whoever sees them
        """Tell whether whoever asks may make one here."""
        return True

    def editable(self, card: Card) -> bool:  # noqa: ARG002  # most may always be changed
        """Tell whether it may still be changed."""
        return True

    def beside(self, who: Who, card: Card | None) -> dict[str, Any]:  # noqa: ARG002  # most show nothing else
        """What else its pages show."""
        return {}

    def leads_to(self, card_id: UUID) -> str:
        """Where one is seen after it was made or changed."""
        return f"{self.path}/{card_id}"


def id_of(sent: Mapping[str, Any], name: str) -> UUID | None:
    """An id that was typed or chosen; nothing when it is none."""
    try:
        return UUID(str(sent.get(name, "")))
    except ValueError:
        return None
