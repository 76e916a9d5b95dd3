"""What the store announces of itself."""

from dataclasses import dataclass
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.kernel.events import Event

JobId = NewType("JobId", UUID)


@dataclass(frozen=True, slots=True)
class JobFailing(Event):
    """A job of the scheduler fails again and again; announced once in each trouble."""

    name: ClassVar[str] = "job.failing.v1"

    job_id: JobId
