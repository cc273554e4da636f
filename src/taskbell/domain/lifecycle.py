"""The steps of the workflow, as decisions about one task at one instant.

A run is in charge as long as the task still has the schedule that started it. A step of any other run does nothing,
so a run that was overtaken between two steps leaves without a trace, and a step that is repeated changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from taskbell.domain.task import ENDED, Processing, ProcessingState, Task, bumped
from taskbell.domain.timestamps import instant_text


class Moment(Enum):
    """What is to be done at an instant of the plan."""

    REMIND = "remind"
    MARK_OVERDUE = "markOverdue"
    HAND_OVER = "handOver"


# An execution of the workflow may last a year at most; long before that it hands the task over to a new one.
LONGEST_WAIT = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class Wait:
    """The run waits until `at`, then does `moment`."""

    at: datetime
    moment: Moment


@dataclass(frozen=True, slots=True)
class Finish:
    """Nothing is left to wait for."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Another run is in charge, or the task is gone."""


Plan = Wait | Finish | Leave


@dataclass(frozen=True, slots=True)
class Notification:
    """A reminder as its owner finds it: at most one for each task and instant.

    `at` is the instant that the reminder was set for, `sent_at` when it was sent: later, if the system was down. The
    table forgets it at `expires_at`, if that is set.
    """

    task_id: str
    owner_id: str
    at: datetime
    sent_at: datetime
    title: str
    due_at: datetime
    expires_at: datetime | None = None

    @property
    def id(self) -> str:
        """Names the notification among its owner's."""
        return f"{self.task_id}:{instant_text(self.at)}"


def in_charge(task: Task, schedule_version: int) -> bool:
    """Whether the run of that schedule may still act on the task."""
    return not task.deleted and task.schedule.version == schedule_version


def accepted(task: Task, now: datetime) -> Task:
    """The task taken up by its run, or taken up again after a run was given up."""
    if task.processing.state not in {ProcessingState.QUEUED, ProcessingState.FAILED}:
        return task
    running = Processing(ProcessingState.RUNNING, step="accept", started_at=now)
    return replace(bumped(task, now), processing=running)


def plan(task: Task, now: datetime) -> Plan:
    """The next moment of a task: its next unsent reminder, else the instant at which it becomes overdue."""
    moment = _next_moment(task)
    if moment and moment.at - now > LONGEST_WAIT:
        return Wait(now + LONGEST_WAIT, Moment.HAND_OVER)
    return moment or Finish()


def _next_moment(task: Task) -> Wait | None:
    if task.completed or task.due_at is None or task.overdue:
        return None
    handled = task.schedule.reminded_until or task.schedule.since
    upcoming = (instant for instant in task.reminder_instants if handled < instant)
    reminder = next(upcoming, None)
    return Wait(reminder, Moment.REMIND) if reminder else Wait(task.due_at, Moment.MARK_OVERDUE)


def waiting(task: Task, now: datetime) -> Task:
    """The task with its run waiting for the next moment."""
    if task.processing.state is ProcessingState.WAITING:
        return task
    return replace(bumped(task, now), processing=replace(task.processing, state=ProcessingState.WAITING, step="wait"))


def reminded(
    task: Task, instant: datetime, now: datetime, expires_at: datetime | None = None
) -> tuple[Task, Notification] | None:
    """The task after the reminder of that instant, and the notification; None when it is not, or no longer, due."""
    if _next_moment(task) != Wait(instant, Moment.REMIND) or task.due_at is None:
        return None
    after = replace(bumped(task, now), schedule=replace(task.schedule, reminded_until=instant))
    return after, Notification(task.id, task.owner_id, instant, now, task.title, task.due_at, expires_at)


def marked_overdue(task: Task, now: datetime) -> Task:
    """The task marked as overdue, if its due date has passed and it is still open."""
    if task.completed or task.overdue or task.due_at is None or task.due_at > now:
        return task
    return replace(bumped(task, now), overdue=True)


def handed_over(task: Task, now: datetime) -> Task:
    """The task with a new run in charge that goes on where this one stands."""
    after = bumped(task, now)
    return replace(after, schedule=replace(task.schedule, version=after.version), processing=Processing())


def finished(task: Task, now: datetime) -> Task:
    """The task with its run come to a good end."""
    if task.processing.state in ENDED:
        return task
    return _ended(task, ProcessingState.SUCCEEDED, "finish", None, now)


def failed(task: Task, error: str, now: datetime) -> Task:
    """The task with its run given up, and why."""
    if task.processing.state is ProcessingState.FAILED:
        return task
    return _ended(task, ProcessingState.FAILED, task.processing.step, error, now)


def _ended(task: Task, state: ProcessingState, step: str | None, error: str | None, now: datetime) -> Task:
    ended = replace(task.processing, state=state, step=step, error=error, finished_at=now)
    return replace(bumped(task, now), processing=ended)
