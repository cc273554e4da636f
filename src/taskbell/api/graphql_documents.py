"""Tasks, events and notifications as the GraphQL API shows them, in queries and in pushes."""

from datetime import datetime

from taskbell.api.global_ids import event_id, list_id, notification_id, section_id, task_id
from taskbell.application.list_documents import list_to_dict
from taskbell.application.ports import NotificationPush
from taskbell.application.serialization import (
    INTERNAL_FIELDS,
    Document,
    entry_to_dict,
    notification_to_dict,
    task_to_dict,
)
from taskbell.domain.events import HistoryEntry, TaskEvent
from taskbell.domain.notification import Notification
from taskbell.domain.recurrence import Recurrence
from taskbell.domain.rrule import format_rrule, format_weekday
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList
from taskbell.domain.timestamps import format_timestamp

_INTERNAL_OF_LISTS = {"nextSection", "deletedAt", "fate", "movedTo", "receipts", "expiresAt"}


def task_document(task: Task) -> Document:
    """Return a `Task`."""
    ids = {"id": task_id(task.owner_id, task.id)}
    if task.parent_id:
        ids["parentId"] = task_id(task.owner_id, task.parent_id)
    if task.list_id:
        ids["listId"] = list_id(task.owner_id, task.list_id)
    if task.section:
        ids["sectionId"] = section_id(task.owner_id, task.section)
    document = _public(task_to_dict(task)) | ids
    recurrence = task.recurrence and recurrence_document(task.recurrence)
    restorable = {"restorableUntil": format_timestamp(task.expires_at) if task.expires_at else None}
    return document | restorable | {"recurrence": recurrence, "remindAt": document["remindAt"] or []}


def recurrence_document(rule: Recurrence) -> Document:
    """Return a `Recurrence`: the rule as text and in parts."""
    return {
        "rrule": format_rrule(rule),
        "freq": rule.freq.value,
        "interval": rule.interval,
        "count": rule.count,
        "until": format_timestamp(rule.until) if rule.until else None,
        "byMonth": list(rule.by_month),
        "byMonthDay": list(rule.by_month_day),
        "byDay": list(map(format_weekday, rule.by_day)),
        "bySetPos": list(rule.by_set_pos),
        "wkst": rule.wkst.value,
        "afterCompletion": rule.after_completion,
    }


def event_document(entry: HistoryEntry) -> Document:
    """Return a `TaskEvent`: what has changed, without the task."""
    place = entry.owner_id, entry.task_id
    document = entry_to_dict(entry) | {"id": event_id(*place, entry.version), "taskId": task_id(*place)}
    return document | {"changes": [_field_change(entry.owner_id, change) for change in document["changes"]]}


def _field_change(owner_id: str, change: Document) -> Document:
    """Return a `FieldChange`, with ids of this API."""
    id_of = {"parentId": task_id, "listId": list_id, "sectionId": section_id}.get(change["field"])
    if id_of is None:
        return change
    return change | {name: change[name] and id_of(owner_id, change[name]) for name in ("before", "after")}


def task_list_document(task_list: TaskList) -> Document:
    """Return a `TaskList` without its counts, which have a resolver of their own."""
    sections = [
        {"id": section_id(task_list.owner_id, f"{task_list.id}:{section.id}"), "name": section.name}
        for section in task_list.sections
    ]
    document = list_to_dict(task_list) | {"id": list_id(task_list.owner_id, task_list.id), "sections": sections}
    return {name: value for name, value in document.items() if name not in _INTERNAL_OF_LISTS}


def notification_document(notification: Notification, seen_until: datetime | None, task: Task | None) -> Document:
    """Return a `Notification`; `seen_until` is until when its owner has seen what was sent, `task` what it leads to."""
    document, place = _public(notification_to_dict(notification)), (notification.owner_id, notification.task_id)
    ids = {"id": notification_id(*place, document["at"]), "taskId": task_id(*place)}
    read = {"read": notification.is_read(seen_until), "task": task_document(task) if task else None}
    return document | ids | read


def push_document(event: TaskEvent, task: Task, cursor: str, in_list: str | None) -> Document:
    """Return a `TaskEventPayload`.

    Args:
        event: The change.
        task: The task as it is now; it may be newer than the change.
        cursor: Of the owner's changes, from which a client goes on after a gap.
        in_list: The list whose followers get it: where the task is, or was before the change.
    """
    past = event_document(event.entry)
    filtered = {name: past[name] for name in ("ownerId", "taskId", "type", "status")}
    filtered["listId"] = in_list and list_id(task.owner_id, in_list)
    return {**filtered, "cursor": cursor, "event": past, "task": task_document(task)}


def notification_push_document(push: NotificationPush) -> Document:
    """Return a `NotificationPush`."""
    note = push.notification
    document = notification_document(note, push.seen_until, push.task) if note else None
    return {
        "ownerId": push.owner_id,
        "notification": {name: document[name] for name in _PUSHED_OF_NOTIFICATIONS} if document else None,
        "version": note.version if note else None,
        "dismissed": bool(note and note.dismissed_at),
        "readUntil": format_timestamp(push.seen_until) if push.seen_until else None,
    }


_PUSHED_OF_NOTIFICATIONS = ("id", "taskId", "at", "sentAt", "title", "dueAt", "read", "task")


def _public(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in INTERNAL_FIELDS}
