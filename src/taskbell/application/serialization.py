"""Tasks and events as JSON documents, under the names that the contract gives their fields.

One form serves the table, the queue, the push and the answers of the API. The fields in `INTERNAL` are the pipeline's
own, as are those in `INTERNAL_OF_EVENTS`: the push and the answers leave them out. `expiresAt` counts seconds since
1970.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from taskbell.domain.events import FieldChange, TaskEvent, TaskEventType
from taskbell.domain.lifecycle import Notification
from taskbell.domain.recurrence import Frequency, Recurrence, Weekday
from taskbell.domain.task import Priority, Processing, ProcessingState, Progress, Schedule, Task, TaskStatus
from taskbell.domain.timestamps import instant_of, instant_text

Document = dict[str, Any]

INTERNAL = ("schedule", "editedVersion", "requestDigest", "expiresAt", "dueClock", "deletedWithParent")
INTERNAL_OF_EVENTS = ("superseded", "counts", "progress", "removed")


def task_document(task: Task) -> Document:
    """All of a task."""
    return {
        "id": task.id,
        "ownerId": task.owner_id,
        "title": task.title,
        "description": task.description,
        "status": task.status.value,
        "priority": task.priority.value,
        "labels": list(task.labels),
        "dueAt": _text(task.due_at),
        "dueClock": task.due_clock.isoformat(timespec="milliseconds") if task.due_clock else None,
        "timeZone": task.time_zone,
        "remindBefore": list(task.remind_before),
        "recurrence": _recurrence_document(task.recurrence) if task.recurrence else None,
        "overdue": task.overdue,
        "completedAt": _text(task.completed_at),
        "completedLate": task.completed_late,
        "createdAt": instant_text(task.created_at),
        "updatedAt": instant_text(task.updated_at),
        "deletedAt": _text(task.deleted_at),
        "version": task.version,
        "processing": _processing_document(task.processing),
        "parentId": task.parent_id,
        "deletedWithParent": task.deleted_with_parent or None,
        "progress": {"total": task.progress.total, "completed": task.progress.completed},
        "schedule": {
            "version": task.schedule.version,
            "since": instant_text(task.schedule.since),
            "remindedUntil": _text(task.schedule.reminded_until),
        },
        "editedVersion": task.edited_version,
        "requestDigest": task.request_digest,
        "expiresAt": _seconds(task.expires_at),
    }


def task_of(document: Mapping[str, Any]) -> Task:
    """The task that `task_document` wrote. Raises KeyError or ValueError for anything else."""
    schedule = document["schedule"]
    return Task(
        id=document["id"],
        owner_id=document["ownerId"],
        title=document["title"],
        description=document.get("description"),
        status=TaskStatus(document["status"]),
        priority=Priority(document["priority"]),
        labels=tuple(document["labels"]),
        due_at=_instant(document.get("dueAt")),
        due_clock=_instant(document.get("dueClock")),
        time_zone=document.get("timeZone", "UTC"),
        remind_before=tuple(int(minutes) for minutes in document["remindBefore"]),
        recurrence=_recurrence_of(document["recurrence"]) if document.get("recurrence") else None,
        overdue=document["overdue"],
        completed_at=_instant(document.get("completedAt")),
        created_at=instant_of(document["createdAt"]),
        updated_at=instant_of(document["updatedAt"]),
        deleted_at=_instant(document.get("deletedAt")),
        expires_at=_expiry(document.get("expiresAt")),
        version=int(document["version"]),
        edited_version=int(document["editedVersion"]),
        processing=_processing_of(document["processing"]),
        schedule=Schedule(
            version=int(schedule["version"]),
            since=instant_of(schedule["since"]),
            reminded_until=_instant(schedule.get("remindedUntil")),
        ),
        request_digest=document["requestDigest"],
        parent_id=document.get("parentId"),
        deleted_with_parent=bool(document.get("deletedWithParent")),
        progress=Progress(**{name: int(count) for name, count in document.get("progress", {}).items()}),
    )


def public_task(task: Task) -> Document:
    """A task as the API shows it."""
    return {name: value for name, value in task_document(task).items() if name not in INTERNAL}


def event_document(event: TaskEvent) -> Document:
    """All of an event."""
    return {
        "id": event.id,
        "taskId": event.task.id,
        "ownerId": event.task.owner_id,
        "version": event.task.version,
        "at": instant_text(event.at),
        "type": event.type.value,
        "status": event.task.status.value,
        "previousStatus": event.previous_status.value if event.previous_status else None,
        "actor": event.actor,
        "changes": [{"field": _camel(c.field), "before": c.before, "after": c.after} for c in event.changes],
        "task": task_document(event.task),
        "superseded": event.superseded,
        "counts": dict(event.counts),
        "progress": {"total": event.progress.total, "completed": event.progress.completed},
        "removed": event.removed or None,
    }


def event_of(document: Mapping[str, Any]) -> TaskEvent:
    """The event that `event_document` wrote. Raises KeyError or ValueError for anything else."""
    previous_status, superseded = document.get("previousStatus"), document.get("superseded")
    return TaskEvent(
        type=TaskEventType(document["type"]),
        at=instant_of(document["at"]),
        task=task_of(document["task"]),
        previous_status=TaskStatus(previous_status) if previous_status else None,
        changes=tuple(FieldChange(_snake(c["field"]), c.get("before"), c.get("after")) for c in document["changes"]),
        superseded=None if superseded is None else int(superseded),
        counts={name: int(change) for name, change in document.get("counts", {}).items()},
        progress=Progress(**{name: int(change) for name, change in document.get("progress", {}).items()}),
        removed=bool(document.get("removed")),
    )


def public_event(event: TaskEvent) -> Document:
    """An event as subscribers and history show it."""
    document = {name: value for name, value in event_document(event).items() if name not in INTERNAL_OF_EVENTS}
    return document | {"task": public_task(event.task)}


def notification_document(notification: Notification) -> Document:
    """All of a notification."""
    return {
        "id": notification.id,
        "taskId": notification.task_id,
        "ownerId": notification.owner_id,
        "at": instant_text(notification.at),
        "sentAt": instant_text(notification.sent_at),
        "title": notification.title,
        "dueAt": instant_text(notification.due_at),
        "expiresAt": _seconds(notification.expires_at),
    }


def public_notification(notification: Notification) -> Document:
    """A notification as the API shows it."""
    return {name: value for name, value in notification_document(notification).items() if name not in INTERNAL}


def notification_of(document: Mapping[str, Any]) -> Notification:
    """The notification that `notification_document` wrote."""
    return Notification(
        task_id=document["taskId"],
        owner_id=document["ownerId"],
        at=instant_of(document["at"]),
        sent_at=instant_of(document["sentAt"]),
        title=document["title"],
        due_at=instant_of(document["dueAt"]),
        expires_at=_expiry(document.get("expiresAt")),
    )


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


def _processing_document(processing: Processing) -> Document:
    return {
        "state": processing.state.value,
        "step": processing.step,
        "error": processing.error,
        "startedAt": _text(processing.started_at),
        "finishedAt": _text(processing.finished_at),
    }


def _processing_of(document: Mapping[str, Any]) -> Processing:
    return Processing(
        state=ProcessingState(document["state"]),
        step=document.get("step"),
        error=document.get("error"),
        started_at=_instant(document.get("startedAt")),
        finished_at=_instant(document.get("finishedAt")),
    )


def _recurrence_document(recurrence: Recurrence) -> Document:
    return {
        "frequency": recurrence.frequency.value,
        "interval": recurrence.interval,
        "weekdays": [day.value for day in recurrence.weekdays],
        "dayOfMonth": recurrence.day_of_month,
        "until": _text(recurrence.until),
    }


def _recurrence_of(document: Mapping[str, Any]) -> Recurrence:
    day = document.get("dayOfMonth")
    return Recurrence(
        frequency=Frequency(document["frequency"]),
        interval=int(document["interval"]),
        weekdays=tuple(map(Weekday, document["weekdays"])),
        day_of_month=None if day is None else int(day),
        until=_instant(document.get("until")),
    )


def _seconds(expires_at: datetime | None) -> int | None:
    return int(expires_at.timestamp()) if expires_at else None


def _expiry(seconds: Any) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)


def _text(instant: datetime | None) -> str | None:
    return instant_text(instant) if instant else None


def _instant(text: str | None) -> datetime | None:
    return instant_of(text) if text else None
