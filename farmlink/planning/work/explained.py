"""Why a plan is as it is, read from the plan itself; unpacking takes a while, so no transaction is open meanwhile."""

from __future__ import annotations

from uuid import UUID

from farmlink.planning import queries
from farmlink.planning.values import ExplanationView, PlanId, Subject
from farmlink.store.store import Store
from solver.codec import report_from_bytes


def explanations(
    store: Store, plan_id: PlanId, subject: Subject | None = None, subject_id: UUID | None = None
) -> list[ExplanationView]:
    """Explain a plan, or what it does with one kind of subject, or with one of them."""
    report = report_from_bytes(store.read(queries.explaining, plan_id))
    told = (ExplanationView(Subject(one.subject), UUID(one.id), one.code, one.facts) for one in report.explanations)
    return [one for one in told if subject in (None, one.subject) and subject_id in (None, one.id)]
