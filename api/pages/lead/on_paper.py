"""The sort sheet on paper: what came for the point in all, and a line for every neighbour to be ticked off."""

from typing import Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by
from api.pages.lead.sheet import Sheet, SheetLine, Slip, sheet
from api.pages.lead.whose import AtPoint, at_point
from api.pages.paper import Cell, Leaf, Table, leaves, printed, reader
from api.pages.written import day, money, quantity
from farmlink.kernel.errors import MissingError
from farmlink.kernel.locale import marked, render
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction

TITLE: Final = marked("Sort sheet")
HAND_OUT: Final = marked("Hand-out {day}")
TOGETHER: Final = marked("All neighbours together")
EACH: Final = marked("For each neighbour")
FORGOTTEN: Final = marked("Name forgotten")
GIFT: Final = marked("A gift from {name}")
INSTEAD: Final = marked("instead of {amount}")
SUMS: Final = (marked("Product"), marked("Packs"), marked("Was ordered"), marked("Is there"), marked("Neighbours"))
SLIPS: Final = (marked("Pick-up code"), marked("Neighbour"), marked("Contents"), marked("To pay"), marked("Done"))


class PaperPages(Controller):
    """What a leader prints."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}"

    @get("/sort.pdf", sync_to_thread=True)
    def sort(
        self,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
    ) -> Response[bytes]:
        """Print who gets what."""
        at, found = store.read(_sorted, principal, point_id, cycle, language)
        return printed(sort_sheet(at, found, language), f"sort-{at.cycle.hand_out_on if at.cycle else ''}")


def sort_sheet(at: AtPoint, found: Sheet, language: str) -> bytes:
    """A point's orders on paper, by the money of its region."""
    told = reader(language, at.zone, at.currency)
    says = [render(HAND_OUT, language, {"day": day(told, at.cycle.hand_out_on)})] if at.cycle else []
    sums: list[list[Cell]] = [
        [
            one.name,
            str(one.packs),
            quantity(told, one.ordered, one.unit),
            "" if one.there is None else quantity(told, one.there, one.unit),
            str(one.neighbours),
        ]
        for one in found.sums
    ]
    slips: list[list[Cell]] = [
        [
            slip.code,
            "\n".join([slip.who or render(FORGOTTEN, language), *_given(slip, language)]),
            [_line(line, language) for line in slip.lines],
            money(told, slip.due_minor) if slip.due_minor is not None and slip.payment is None else "",
            "",
        ]
        for slip in found.slips
    ]
    tables = [
        (
            render(TOGETHER, language),
            Table(_heads(SUMS, language), (76, 18, 32, 32, 24), sums, frozenset({1, 2, 3, 4})),
        ),
        (render(EACH, language), Table(_heads(SLIPS, language), (22, 44, 76, 24, 16), slips, frozenset({3}))),
    ]
    title = f"{render(TITLE, language)} · {at.point.name}"
    return leaves(title, language, [Leaf(title, says, tables)])


def _sorted(
    tx: Transaction, principal: Principal, point_id: UUID, cycle_id: UUID | None, language: str
) -> tuple[AtPoint, Sheet]:
    at = at_point(tx, principal, point_id, cycle_id)
    if at.cycle is None:
        raise MissingError(noun="order cycle", id=point_id)
    return at, sheet(tx, at.cycle.id, at.point.id, language)


def _given(slip: Slip, language: str) -> list[str]:
    return [render(GIFT, language, {"name": slip.gift_from})] if slip.gift_from else []


def _line(line: SheetLine, language: str) -> str:
    """Packs where whole ones are there, else what they hold; and why there is less."""
    told = reader(language)
    there = line.ordered if line.there is None else line.there
    amount = quantity(told, there, line.unit) if there % line.pack else f"{there // line.pack} ×"  # noqa: RUF001  # times
    if not line.short:
        return f"{amount} {line.name}"
    instead = render(INSTEAD, language, {"amount": quantity(told, line.ordered, line.unit)})
    return f"{amount} {line.name}, {instead}" + (f": {line.why}" if line.why else "")


def _heads(heads: tuple[str, ...], language: str) -> list[str]:
    return [render(head, language) for head in heads]
