"""Why a plan is as it is, read from the plan itself; unpacking takes a while, so no transaction is open meanwhile.

A plan never changes: whoever turns the pages of its explanations unpacks it once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Final
from uuid import UUID

from farmlink.kernel.page import Page, Paging, after, page, place
from farmlink.planning import queries
from farmlink.planning.values import ExplanationView, PlanId, Subject
from farmlink.store.store import Store
from solver.codec import report_from_bytes

KEPT: Final = 4
"""So many plans stay unpacked in a process; a large one is some twenty thousand explanations."""


@dataclass(frozen=True, slots=True)
class _Told:
    """All that a plan says of itself, and where in it each cursor is."""

    views: tuple[ExplanationView, ...]
    places: dict[UUID, int]

    def about(self, subject: Subject | None, subject_id: UUID | None, first: int = 0) -> Iterator[int]:
        """The positions of what is said of one kind of subject, or of one of them, from a position on."""
        for position in range(first, len(self.views)):
            one = self.views[position]
            if subject in (None, one.subject) and subject_id in (None, one.id):
                yield position


_UNPACKED: Final = OrderedDict[PlanId, _Told]()
_GUARD: Final = Lock()


def explanations(
    store: Store, plan_id: PlanId, subject: Subject | None = None, subject_id: UUID | None = None
) -> list[ExplanationView]:
    """Explain a plan, or what it does with one kind of subject, or with one of them."""
    told = _told(store, plan_id)
    return [told.views[position] for position in told.about(subject, subject_id)]


def explanations_page(
    store: Store, plan_id: PlanId, paging: Paging, subject: Subject | None = None, subject_id: UUID | None = None
) -> Page[ExplanationView]:
    """Explain a plan, or what it does with one kind of subject, or with one of them, a page at a time."""
    told = _told(store, plan_id)
    first = 0 if paging.after is None else after(told.places, paging.after)
    shown = list(islice(told.about(subject, subject_id, first), paging.limit + 1))
    turned = page(shown, paging, lambda position: place(plan_id, position))
    return Page([told.views[position] for position in turned.items], turned.next)


def _told(store: Store, plan_id: PlanId) -> _Told:
    with _GUARD:
        if plan_id in _UNPACKED:
            _UNPACKED.move_to_end(plan_id)
            return _UNPACKED[plan_id]
    solution, left_out = store.read(queries.explaining, plan_id)
    said = report_from_bytes(solution).explanations
    views = (*left_out, *(ExplanationView(Subject(one.subject), UUID(one.id), one.code, one.facts) for one in said))
    told = _Told(views, {place(plan_id, position): position for position in range(len(views))})
    with _GUARD:
        _UNPACKED[plan_id] = told
        while len(_UNPACKED) > KEPT:
            _UNPACKED.popitem(last=False)
    return told
