"""Decisions of the workflow: what its steps do with one task at one point in time.

A workflow run is current while the task has the schedule that started the run. A step of any other run changes
nothing, and neither does a repeated step.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from taskbell.domain.notification import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.task import ENDED, Processing, ProcessingState, Task, with_next_version


class TimerAction(Enum):
    """The action at the end of a wait."""

    REMIND = "remind"
    MARK_OVERDUE = "markOverdue"
    HAND_OVER = "handOver"


# How far this machine's clock may be behind that of Step Functions.
MAX_CLOCK_SKEW = timedelta(seconds=5)

# A Step Functions execution lasts one year at most; a longer wait continues in a new execution.
MAX_WAIT = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait until `at`, then execute `action`."""

    at: datetime
    action: TimerAction


@dataclass(frozen=True, slots=True)
class Finish:
    """There is nothing left to wait for."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """The run is not current: another run replaced it, or the task was deleted."""


Plan = Wait | Finish | Superseded


def time_of_step(now: datetime, at: datetime | None) -> datetime:
    """Return the time at which a step acts whose timer was due at `at`: `at`, if this machine's clock is a bit behind.

    Otherwise the run would go from the wait to the step and back until the clock has caught up.
    """
    return at if at and now < at <= now + MAX_CLOCK_SKEW else now


def is_current(task: Task, schedule_version: int) -> bool:
    """Return whether the run of that schedule may still change the task."""
    return not task.deleted and task.schedule.version == schedule_version


def accepted(task: Task, now: datetime) -> Task:
    """Return the task as accepted by its run, also when it is retried after a failure.

    A run that has to wait first waits from now on, so that accepting and waiting are one change.
    """
    if task.processing.state not in {ProcessingState.QUEUED, ProcessingState.FAILED}:
        return task
    after = replace(with_next_version(task, now), processing=Processing(ProcessingState.RUNNING, "accept", None, now))
    return _waiting(after) if isinstance(plan(task, now), Wait) else after


def plan(task: Task, now: datetime, profile: Profile | None = None) -> Plan:
    """Return the next timer of a task.

    That is the next reminder not sent yet, after the quiet hours of the profile, or the due date if that is earlier. A
    longer wait than MAX_WAIT is cut into two runs.
    """
    timer = _next_timer(task, now, profile)
    if timer and timer.at - now > MAX_WAIT:
        return Wait(now + MAX_WAIT, TimerAction.HAND_OVER)
    return timer or Finish()


def is_reminder_next(task: Task, now: datetime) -> bool:
    """Return whether quiet hours can delay the task's next timer."""
    timer = _next_timer(task, now, None)
    return timer is not None and timer.action is TimerAction.REMIND


def _next_timer(task: Task, now: datetime, profile: Profile | None) -> Wait | None:
    if task.completed:
        return None
    reminder, due = task.next_reminder, None if task.overdue else task.due_at
    send_at = _send_time(reminder, now, profile) if reminder else None
    if send_at and (due is None or send_at <= due):
        return Wait(send_at, TimerAction.REMIND)
    return Wait(due, TimerAction.MARK_OVERDUE) if due else None


def _send_time(reminder: datetime, now: datetime, profile: Profile | None) -> datetime:
    """Return when a reminder may be sent: also one that is late is not sent in quiet hours."""
    earliest = max(reminder, now)
    send_at = profile.delayed(earliest) if profile else earliest
    return reminder if send_at == earliest else send_at


def waiting(task: Task, now: datetime) -> Task:
    """Return the task with its run waiting for the next timer."""
    return task if task.processing.state is ProcessingState.WAITING else _waiting(with_next_version(task, now))


def reminded(
    task: Task, at: datetime, now: datetime, expires_at: datetime | None = None, profile: Profile | None = None
) -> tuple[Task, Notification] | None:
    """Return the task after its next reminder, whose timer ended at `at`, and the notification.

    Returns:
        None if no reminder of that timer is, or is still, to be sent now.
    """
    timer, reminder = _next_timer(task, now, profile), task.next_reminder
    if reminder is None or reminder > at or timer is None or timer.action is not TimerAction.REMIND or timer.at > now:
        return None
    after = replace(with_next_version(task, now), schedule=replace(task.schedule, reminded_until=reminder))
    return after, Notification(task.id, task.owner_id, reminder, now, task.title, task.due_at, expires_at)


def marked_overdue(task: Task, now: datetime) -> Task:
    """Return the task marked as overdue, if it is open and its due date has passed."""
    if task.completed or task.overdue or task.due_at is None or task.due_at > now:
        return task
    return replace(with_next_version(task, now), overdue=True)


def handed_over(task: Task, now: datetime) -> Task:
    """Return the task with a new schedule version, whose run continues where this one stopped."""
    after = with_next_version(task, now)
    return replace(after, schedule=replace(task.schedule, version=after.version), processing=Processing())


def finished(task: Task, now: datetime) -> Task:
    """Return the task with its run finished successfully."""
    if task.processing.state in ENDED:
        return task
    return _ended(task, ProcessingState.SUCCEEDED, "finish", None, now)


def failed(task: Task, error: str, now: datetime) -> Task:
    """Return the task with its run failed; `error` is what the owner reads."""
    if task.processing.state is ProcessingState.FAILED:
        return task
    return _ended(task, ProcessingState.FAILED, task.processing.step, error, now)


def _waiting(task: Task) -> Task:
    return replace(task, processing=replace(task.processing, state=ProcessingState.WAITING, step="wait"))


def _ended(task: Task, state: ProcessingState, step: str | None, error: str | None, now: datetime) -> Task:
    ended = replace(task.processing, state=state, step=step, error=error, finished_at=now)
    return replace(with_next_version(task, now), processing=ended)
