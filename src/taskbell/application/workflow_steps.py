"""The steps of a run of the workflow: read the task, decide, write. A step can be repeated without harm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from taskbell.application.ports import TaskStore
from taskbell.domain import lifecycle
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.lifecycle import Notification, Plan, Superseded, Wait
from taskbell.domain.task import Task

ATTEMPTS = 10


class Step(Enum):
    """The steps, by the names that the workflow uses."""

    ACCEPT = "accept"
    PLAN = "plan"
    REMIND = "remind"
    MARK_OVERDUE = "markOverdue"
    HAND_OVER = "handOver"
    FINISH = "finish"
    RECORD_FAILURE = "recordFailure"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the workflow: the task, and the schedule that it was started for."""

    owner_id: str
    task_id: str
    schedule_version: int


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a step is taken, and with what: the instant of the moment that has come, or why the run failed.

    A notification that the step leaves expires at `expires_at`.
    """

    now: datetime
    at: datetime | None = None
    error: str = ""
    expires_at: datetime | None = None


def take(step: Step, run: Run, occasion: Occasion, store: TaskStore) -> Plan:
    """Take the step, if the run is still in charge, and tell what comes next. Raises Unavailable when it can't."""
    for _ in range(ATTEMPTS):
        task = store.get(run.owner_id, run.task_id)
        if task is None or not lifecycle.is_current(task, run.schedule_version):
            return Superseded()
        after, notification = _DECISIONS[step](task, occasion)
        if after is task or store.replace(task, after, notification):
            # A run that is given up has no plan; making one may be the very thing that failed.
            return Superseded() if step is Step.RECORD_FAILURE else lifecycle.plan(after, occasion.now)
    raise UnavailableError("The task is being changed by others without pause. Try again.")


_Decision = tuple[Task, Notification | None]


def _plan(task: Task, occasion: Occasion) -> _Decision:
    waits = isinstance(lifecycle.plan(task, occasion.now), Wait)
    return (lifecycle.waiting(task, occasion.now) if waits else task), None


def _remind(task: Task, occasion: Occasion) -> _Decision:
    if occasion.at is None:
        raise ValueError("A reminder needs the instant that it is for.")
    return lifecycle.reminded(task, occasion.at, occasion.now, occasion.expires_at) or (task, None)


_DECISIONS: dict[Step, Callable[[Task, Occasion], _Decision]] = {
    Step.ACCEPT: lambda task, occasion: (lifecycle.accepted(task, occasion.now), None),
    Step.PLAN: _plan,
    Step.REMIND: _remind,
    Step.MARK_OVERDUE: lambda task, occasion: (lifecycle.marked_overdue(task, occasion.now), None),
    Step.HAND_OVER: lambda task, occasion: (lifecycle.handed_over(task, occasion.now), None),
    Step.FINISH: lambda task, occasion: (lifecycle.finished(task, occasion.now), None),
    Step.RECORD_FAILURE: lambda task, occasion: (lifecycle.failed(task, occasion.error, occasion.now), None),
}
