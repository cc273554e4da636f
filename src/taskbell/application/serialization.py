"""Tasks, events and notifications as JSON documents, with the field names of the API.

The table, the queue, the push and the APIs share these documents. `INTERNAL_FIELDS` are for the pipeline only: what
clients see has none of them. The queue has whole events, history and clients have entries without the task.
`expiresAt` is in seconds since 1970.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from taskbell.application.document_fields import (
    counts,
    day,
    expiry,
    flag,
    instant,
    local_time,
    optional_text,
    strict,
    text,
    texts,
)
from taskbell.domain.commands import CreateTask
from taskbell.domain.due import GivenDue
from taskbell.domain.events import FieldChange, HistoryEntry, TaskEvent, TaskEventType
from taskbell.domain.notification import Notification
from taskbell.domain.queries import ChangesQuery, EventQuery, NotificationQuery, TaskQuery
from taskbell.domain.ranks import FIRST_RANK
from taskbell.domain.receipts import Receipt
from taskbell.domain.recurrence import Recurrence
from taskbell.domain.rrule import format_rrule, parse_rrule
from taskbell.domain.students import StudentQuery
from taskbell.domain.task import Details, Priority, Processing, ProcessingState, Progress, Schedule, Task, TaskStatus
from taskbell.domain.timestamps import format_timestamp, parse_timestamp
from taskbell.domain.transfer import ExportQuery
from taskbell.domain.trash import TrashQuery

Document = dict[str, Any]

INTERNAL_FIELDS = (
    "schedule",
    "editedVersion",
    "requestDigest",
    "expiresAt",
    "dueClock",
    "deletedWithParent",
    "purged",
    "nextId",
    "later",
    "receipts",
)


def task_to_dict(task: Task) -> Document:
    """Return all of a task."""
    return {
        "id": task.id,
        "key": task.key,
        "ownerId": task.owner_id,
        **_details_to_dict(task),
        "status": task.status.value,
        "remindAt": list(map(format_timestamp, task.remind_at)) or None,
        "recurrence": _recurrence_to_dict(task.recurrence) if task.recurrence else None,
        "overdue": task.overdue,
        "completedAt": _text(task.completed_at),
        "completedLate": task.completed_late,
        "createdAt": format_timestamp(task.created_at),
        "updatedAt": format_timestamp(task.updated_at),
        "deletedAt": _text(task.deleted_at),
        "version": task.version,
        "processing": _processing_to_dict(task.processing),
        "parentId": task.parent_id,
        "rank": task.rank,
        "deletedWithParent": task.deleted_with_parent or None,
        "purged": task.purged or None,
        "progress": progress_to_dict(task.progress),
        "schedule": {
            "version": task.schedule.version,
            "since": format_timestamp(task.schedule.since),
            "remindedUntil": _text(task.schedule.reminded_until),
        },
        "editedVersion": task.edited_version,
        "requestDigest": task.request_digest,
        "nextId": task.next_id,
        "later": _without_none(_details_to_dict(task.later)) if task.later else None,
        "receipts": receipts_to_list(task.receipts),
        "expiresAt": _seconds(task.expires_at),
    }


@strict
def task_from_dict(document: Mapping[str, Any]) -> Task:
    """Return the task of a document by `task_to_dict`. Raises KeyError or ValueError for any other."""
    schedule = document["schedule"]
    return Task(
        id=text(document, "id"),
        owner_id=text(document, "ownerId"),
        **_details_from_dict(document),
        status=TaskStatus(document["status"]),
        remind_at=tuple(map(parse_timestamp, texts(document, "remindAt"))) if document.get("remindAt") else (),
        recurrence=_recurrence_from_dict(document["recurrence"]) if document.get("recurrence") else None,
        overdue=flag(document, "overdue"),
        completed_at=instant(document.get("completedAt")),
        created_at=parse_timestamp(document["createdAt"]),
        updated_at=parse_timestamp(document["updatedAt"]),
        deleted_at=instant(document.get("deletedAt")),
        expires_at=expiry(document.get("expiresAt")),
        version=int(document["version"]),
        edited_version=int(document["editedVersion"]),
        processing=_processing_from_dict(document["processing"]),
        schedule=Schedule(
            version=int(schedule["version"]),
            since=parse_timestamp(schedule["since"]),
            reminded_until=instant(schedule.get("remindedUntil")),
        ),
        request_digest=text(document, "requestDigest"),
        parent_id=optional_text(document, "parentId"),
        rank=text(document, "rank") if "rank" in document else FIRST_RANK,
        deleted_with_parent=bool(document.get("deletedWithParent")),
        purged=bool(document.get("purged")),
        progress=progress_from_dict(document.get("progress", {})),
        key=optional_text(document, "key"),
        next_id=optional_text(document, "nextId"),
        later=Details(**_details_from_dict(document["later"])) if document.get("later") else None,
        receipts=receipts_from_list(document.get("receipts")),
    )


def event_to_dict(event: TaskEvent) -> Document:
    """Return all of an event."""
    return entry_to_dict(event.entry) | {
        "task": task_to_dict(event.task),
        "superseded": event.superseded_schedule,
        "counts": dict(event.counts),
        "progress": {parent_id: progress_to_dict(change) for parent_id, change in event.progress.items()},
        "removed": event.is_hard_delete or None,
    }


@strict
def event_from_dict(document: Mapping[str, Any]) -> TaskEvent:
    """Return the event of a document by `event_to_dict`. Raises KeyError or ValueError for any other."""
    previous_status, superseded_schedule = document.get("previousStatus"), document.get("superseded")
    return TaskEvent(
        type=TaskEventType(document["type"]),
        at=parse_timestamp(document["at"]),
        task=task_from_dict(document["task"]),
        previous_status=TaskStatus(previous_status) if previous_status else None,
        changes=tuple(map(_field_change, document["changes"])),
        superseded_schedule=None if superseded_schedule is None else int(superseded_schedule),
        counts=counts(document, "counts"),
        progress={id_: progress_from_dict(change) for id_, change in document.get("progress", {}).items()},
        is_hard_delete=bool(document.get("removed")),
    )


def _field_change(document: Mapping[str, Any]) -> FieldChange:
    name = snake_case(text(document, "field"))
    return FieldChange(name, optional_text(document, "before"), optional_text(document, "after"))


def entry_to_dict(entry: HistoryEntry) -> Document:
    """Return an entry of the history."""
    return {
        "id": entry.id,
        "taskId": entry.task_id,
        "ownerId": entry.owner_id,
        "version": entry.version,
        "at": format_timestamp(entry.at),
        "type": entry.type.value,
        "status": entry.status.value,
        "previousStatus": entry.previous_status.value if entry.previous_status else None,
        "actor": entry.actor,
        "changes": [{"field": camel_case(c.field), "before": c.before, "after": c.after} for c in entry.changes],
    }


def notification_to_dict(notification: Notification) -> Document:
    """Return all of a notification."""
    return {
        "id": notification.id,
        "taskId": notification.task_id,
        "ownerId": notification.owner_id,
        "at": format_timestamp(notification.at),
        "sentAt": format_timestamp(notification.sent_at),
        "title": notification.title,
        "dueAt": _text(notification.due_at),
        "expiresAt": _seconds(notification.expires_at),
        "readAt": _text(notification.read_at),
        "dismissedAt": _text(notification.dismissed_at),
        "version": notification.version,
    }


def notification_from_dict(document: Mapping[str, Any]) -> Notification:
    """Return the notification of a document by `notification_to_dict`."""
    return Notification(
        task_id=document["taskId"],
        owner_id=document["ownerId"],
        at=parse_timestamp(document["at"]),
        sent_at=parse_timestamp(document["sentAt"]),
        title=document["title"],
        due_at=instant(document.get("dueAt")),
        expires_at=expiry(document.get("expiresAt")),
        read_at=instant(document.get("readAt")),
        dismissed_at=instant(document.get("dismissedAt")),
        version=int(document.get("version", 1)),
    )


def progress_to_dict(progress: Progress) -> Document:
    """Return the progress of subtasks, or a change of it."""
    return {"total": progress.total, "completed": progress.completed}


def progress_from_dict(document: Mapping[str, Any]) -> Progress:
    """Return the progress of a document by `progress_to_dict`."""
    return Progress(**{name: int(count) for name, count in document.items()})


def receipts_to_list(receipts: Sequence[Receipt]) -> list[str] | None:
    """Return receipts as short texts; None if there are none."""
    return [f"{receipt.id}.{receipt.content}.{receipt.minute}" for receipt in receipts] or None


def receipts_from_list(receipts: Sequence[str] | None) -> tuple[Receipt, ...]:
    """Return the receipts of a list by `receipts_to_list`. Raises ValueError for any other."""
    parts = (text.split(".") for text in receipts or ())
    return tuple(Receipt(id_, content, int(minute)) for id_, content, minute in parts)


def create_task_to_dict(command: CreateTask) -> Document:
    """Return the content of a request to create a task, without the key.

    `requestDigest` is a hash of it: names and values must not change; new fields must be left out when None.
    """
    document = {
        "ownerId": command.owner_id,
        "title": command.title,
        "description": command.description,
        "priority": command.priority.value,
        "labels": list(command.labels),
        "status": None if command.status is TaskStatus.PENDING else command.status.value,
        "dueAt": _given_due(command.due_at),
        "timeZone": command.time_zone,
        "remindBefore": None if command.remind_before is None else list(command.remind_before),
        "remindAt": list(map(format_timestamp, command.remind_at)) or None,
        "recurrence": _without_none(_recurrence_to_dict(command.recurrence)) if command.recurrence else None,
        "parentId": command.parent_id,
        "rank": command.rank,
        "listId": command.list_id,
        "sectionId": command.section_id,
    }
    return _without_none(document)


_OWN_LISTS: Mapping[type, str] = {TrashQuery: "trash", NotificationQuery: "notifications", ChangesQuery: "changes"}


def query_to_dict(
    query: TaskQuery | TrashQuery | EventQuery | NotificationQuery | ChangesQuery | ExportQuery | StudentQuery,
) -> Document:
    """Return the identity of a list.

    Cursors are signed with it: names and values must not change; new fields must be left out when None.
    """
    match query:
        case TaskQuery():
            return _task_query_to_dict(query)
        case EventQuery():
            return _without_none({"list": "events", "ownerId": query.owner_id, "taskId": query.task_id})
        case TrashQuery() | NotificationQuery() | ChangesQuery():
            return {"list": _OWN_LISTS[type(query)], "ownerId": query.owner_id}
        case ExportQuery():
            return {"list": f"export {query.format.value}", "ownerId": query.owner_id}
        case StudentQuery():
            return {"list": "students", "search": query.search}


def canonical_json(document: Document) -> bytes:
    """Return the document as JSON that is equal for equal documents: ASCII, sorted names, no white space."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _task_query_to_dict(query: TaskQuery) -> Document:
    document = {
        "list": "tasks",
        "ownerId": query.owner_id,
        "statuses": None if query.statuses is None else [status.value for status in query.statuses],
        "orderBy": query.order_by.value,
        "direction": query.direction.value,
        "priority": query.priority.value if query.priority else None,
        "labelsAny": None if query.labels_any is None else list(query.labels_any),
        "labelsAll": list(query.labels_all) or None,
        "dueAfter": _text(query.due_after),
        "dueBefore": _text(query.due_before),
        "hasDueDate": query.has_due_date,
        "overdue": query.overdue,
        "search": list(query.search) or None,
        "parentId": query.parent_id,
        "withSubtasks": query.with_subtasks or None,
        "listId": query.list_id,
        "sectionId": query.section_id,
        "inList": query.in_list,
    }
    return _without_none(document)


def _without_none(document: Document) -> Document:
    return {name: value for name, value in document.items() if value is not None}


def camel_case(name: str) -> str:
    """Return the name of a field in the API: `dueAt` for `due_at`."""
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def snake_case(name: str) -> str:
    """Return the name of a field in the domain: `due_at` for `dueAt`."""
    return re.sub("[A-Z]", lambda match: f"_{match[0].lower()}", name)


def _processing_to_dict(processing: Processing) -> Document:
    return {
        "state": processing.state.value,
        "step": processing.step,
        "error": processing.error,
        "startedAt": _text(processing.started_at),
        "finishedAt": _text(processing.finished_at),
    }


def _processing_from_dict(document: Mapping[str, Any]) -> Processing:
    return Processing(
        state=ProcessingState(document["state"]),
        step=optional_text(document, "step"),
        error=optional_text(document, "error"),
        started_at=instant(document.get("startedAt")),
        finished_at=instant(document.get("finishedAt")),
    )


def _recurrence_to_dict(recurrence: Recurrence) -> Document:
    return {"rrule": format_rrule(recurrence), "afterCompletion": recurrence.after_completion}


def _recurrence_from_dict(document: Mapping[str, Any]) -> Recurrence:
    return parse_rrule(text(document, "rrule"), after_completion=flag(document, "afterCompletion"))


def _details_to_dict(details: Task | Details) -> Document:
    return {
        "title": details.title,
        "description": details.description,
        "priority": details.priority.value,
        "labels": list(details.labels),
        "dueAt": _text(details.due_at),
        "dueOn": details.due_on.isoformat() if details.due_on else None,
        "dueClock": details.nominal_due.isoformat(timespec="milliseconds") if details.nominal_due else None,
        "timeZone": details.time_zone,
        "remindBefore": list(details.remind_before),
        "listId": details.list_id,
        "sectionId": details.section_id,
    }


def _details_from_dict(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": text(document, "title"),
        "description": optional_text(document, "description"),
        "priority": Priority(document["priority"]),
        "labels": texts(document, "labels"),
        "due_at": instant(document.get("dueAt")),
        "due_on": day(document.get("dueOn")),
        "nominal_due": local_time(document.get("dueClock")),
        "time_zone": text(document, "timeZone") if "timeZone" in document else "UTC",
        "remind_before": tuple(int(minutes) for minutes in document["remindBefore"]),
        "list_id": optional_text(document, "listId"),
        "section_id": optional_text(document, "sectionId"),
    }


def _seconds(expires_at: datetime | None) -> int | None:
    return int(expires_at.timestamp()) if expires_at else None


def _text(at: datetime | None) -> str | None:
    return format_timestamp(at) if at else None


def _given_due(given: GivenDue | None) -> str | None:
    if isinstance(given, datetime):
        return _text(given) if given.tzinfo else given.isoformat(timespec="milliseconds")
    return given.isoformat() if given else None
