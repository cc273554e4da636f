"""The steps of a workflow run: read the task, decide, store. Every step is idempotent.

A reminder is stored before the task that tells of it: a step that was interrupted between the two finds the task as it
was, and decides the same again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from taskbell.application.ports import NotificationRepository, ProfileRepository, TaskRepository
from taskbell.domain import lifecycle
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.lifecycle import Plan, Superseded, Wait
from taskbell.domain.notification import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.task import Task

MAX_ATTEMPTS = 10


class Step(Enum):
    """The steps, with their names in the state machine."""

    ACCEPT = "accept"
    PLAN = "plan"
    REMIND = "remind"
    MARK_OVERDUE = "markOverdue"
    HAND_OVER = "handOver"
    FINISH = "finish"
    RECORD_FAILURE = "recordFailure"


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A workflow run: a task and the version of the schedule that started it."""

    owner_id: str
    task_id: str
    schedule_version: int


@dataclass(frozen=True, slots=True)
class StepContext:
    """The input of a step.

    Attributes:
        now: The current time.
        at: When the timer was due.
        error: The error message of a failed run.
        expires_at: When a notification of the step expires.
        profile: Settings of the task's owner, if the step has to know whether it is quiet.
    """

    now: datetime
    at: datetime | None = None
    error: str = ""
    expires_at: datetime | None = None
    profile: Profile | None = None


def execute_step(
    step: Step,
    run: WorkflowRun,
    context: StepContext,
    store: TaskRepository,
    notifications: NotificationRepository,
    *,
    profiles: ProfileRepository,
) -> Plan:
    """Execute a step if the run is current.

    The owner's settings are read only to plan or to send a reminder.

    Returns:
        What the run does next. Other steps than these two do not know of quiet hours; the workflow plans after them.

    Raises:
        UnavailableError: The task changed during each of MAX_ATTEMPTS attempts.
    """
    context = replace(context, now=lifecycle.time_of_step(context.now, context.at))
    for _ in range(MAX_ATTEMPTS):
        task = store.get(run.owner_id, run.task_id)
        if task is None or not lifecycle.is_current(task, run.schedule_version):
            return Superseded()
        if step in _QUIET_STEPS and lifecycle.is_reminder_next(task, context.now):
            context = replace(context, profile=profiles.get(run.owner_id))
        after, notification = _DECISIONS[step](task, context)
        if notification:
            notifications.add(notification)
        if after is task or store.replace(task, after):
            # A failed run has no plan: planning itself may have failed.
            return Superseded() if step is Step.RECORD_FAILURE else lifecycle.plan(after, context.now, context.profile)
    raise UnavailableError("There are too many concurrent changes of the task. Try again.")


# The steps whose plan or deed depends on quiet hours.
_QUIET_STEPS = {Step.PLAN, Step.REMIND}

_Decision = tuple[Task, Notification | None]


def _plan(task: Task, context: StepContext) -> _Decision:
    waits = isinstance(lifecycle.plan(task, context.now), Wait)
    return (lifecycle.waiting(task, context.now) if waits else task), None


def _remind(task: Task, context: StepContext) -> _Decision:
    if context.at is None:
        raise ValueError("A reminder needs the time that it was due.")
    return lifecycle.reminded(task, context.at, context.now, context.expires_at, context.profile) or (task, None)


_DECISIONS: dict[Step, Callable[[Task, StepContext], _Decision]] = {
    Step.ACCEPT: lambda task, context: (lifecycle.accepted(task, context.now), None),
    Step.PLAN: _plan,
    Step.REMIND: _remind,
    Step.MARK_OVERDUE: lambda task, context: (lifecycle.marked_overdue(task, context.now), None),
    Step.HAND_OVER: lambda task, context: (lifecycle.handed_over(task, context.now), None),
    Step.FINISH: lambda task, context: (lifecycle.finished(task, context.now), None),
    Step.RECORD_FAILURE: lambda task, context: (lifecycle.failed(task, context.error, context.now), None),
}
