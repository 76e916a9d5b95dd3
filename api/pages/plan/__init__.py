"""The planner's pages: cycles, runs, the board of a plan, comparing, publishing and what is taken away as files."""

from typing import Any

from api.pages.plan.answering import AnsweringPages
from api.pages.plan.board import BoardPages
from api.pages.plan.claims import ClaimPages
from api.pages.plan.comparing import ComparingPages
from api.pages.plan.cycles import CyclePages
from api.pages.plan.editing import EditingPages
from api.pages.plan.exporting import ExportPages
from api.pages.plan.publishing import PublishingPages
from api.pages.plan.runs import RunPages
from api.pages.plan.supposing import SupposingPages

PLAN_PAGES: list[Any] = [
    CyclePages,
    AnsweringPages,
    ClaimPages,
    RunPages,
    BoardPages,
    ComparingPages,
    EditingPages,
    SupposingPages,
    PublishingPages,
    ExportPages,
]
