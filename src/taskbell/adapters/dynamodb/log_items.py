"""History, notifications and tombstones as items of an owner's log, a partition of its own.

Events and tombstones have a place in the log: when they were stored, in milliseconds since 1970, with what tells them
from others of that time. An index orders the log by it. docs/decisions explains the keys.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from taskbell.adapters.dynamodb.items import Item, to_item
from taskbell.application.document_fields import strict
from taskbell.application.serialization import (
    Document,
    camel_case,
    notification_from_dict,
    notification_to_dict,
    progress_to_dict,
    snake_case,
)
from taskbell.domain.events import FieldChange, HistoryEntry, TaskEvent, TaskEventType
from taskbell.domain.notification import Notification
from taskbell.domain.task import TaskStatus
from taskbell.domain.timestamps import format_timestamp

LOG_INDEX, LOG_KEY = "byTime", "timeKey"
SENT_INDEX, SENT_KEY = "byStatus", "statusKey"
EVENT_PREFIX, NOTE_PREFIX, TOMBSTONE_PREFIX = "EVENT#", "NOTE#", "GONE#"
MAX_PLACE = "~"  # sorts after every place

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_deserialize = TypeDeserializer().deserialize


def log_partition(owner_id: str) -> str:
    """Return the partition key of an owner's log."""
    return f"LOG#{owner_id}"


def milliseconds(at: datetime) -> int:
    """Return the milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def event_item(event: TaskEvent, stored_at: datetime) -> Item:
    """Return an event as history keeps it, with what it has counted: no task, and nothing that its key tells."""
    entry = event.entry
    reminded_at = event.task.schedule.reminded_until
    document = {
        "at": milliseconds(event.at),
        "type": entry.type.value,
        "status": None if entry.previous_status else entry.status.value,
        "byOwner": entry.by_owner or None,
        "remindedAt": milliseconds(reminded_at) if reminded_at and entry.type is TaskEventType.REMINDED else None,
        "changes": [[camel_case(c.field), c.before, c.after] for c in entry.changes] or None,
        "counts": dict(event.counts) or None,
        "progress": {id_: progress_to_dict(change) for id_, change in event.progress.items()} or None,
    }
    place = {LOG_KEY: _place(stored_at, entry.task_id, entry.version)}
    return entry_key(entry.owner_id, entry.task_id, entry.version) | to_item(place | document)


@strict
def entry_from_item(item: Mapping[str, Any]) -> HistoryEntry:
    """Return the entry of an item by `event_item`. Raises KeyError or ValueError for any other."""
    document = _document(item)
    _, task_id, version = document["sk"].split("#")
    changes = tuple(FieldChange(snake_case(name), *values) for name, *values in document.get("changes", ()))
    status = next((change.after for change in changes if change.field == "status"), None)
    return HistoryEntry(
        owner_id=document["pk"].partition("#")[2],
        task_id=task_id,
        version=int(version),
        type=TaskEventType(document["type"]),
        at=_instant(document["at"]),
        status=TaskStatus(document.get("status") or status),
        by_owner=bool(document.get("byOwner")),
        changes=changes,
    )


def entry_key(owner_id: str, task_id: str, version: int) -> Item:
    """Return the primary key of the entry of a task's version."""
    return to_item({"pk": log_partition(owner_id), "sk": f"{events_of(task_id)}{version:010d}"})


def events_of(task_id: str) -> str:
    """Return the prefix of the sort keys of a task's events."""
    return f"{EVENT_PREFIX}{task_id}#"


def tombstone_key(owner_id: str, task_id: str) -> Item:
    """Return the primary key of a task's tombstone."""
    return to_item({"pk": log_partition(owner_id), "sk": f"{TOMBSTONE_PREFIX}{task_id}"})


def tombstone_item(event: TaskEvent, stored_at: datetime, expires_at: datetime) -> Item:
    """Return an item which records that a task has left the table and the counts, and with which version."""
    task = event.task
    place = {LOG_KEY: _place(stored_at, task.id, task.version), "expiresAt": int(expires_at.timestamp())}
    return tombstone_key(task.owner_id, task.id) | to_item({"version": task.version, **place})


def notification_key(owner_id: str, task_id: str, at: datetime) -> Item:
    """Return the primary key of a notification; it allows one per task and time."""
    return to_item({"pk": log_partition(owner_id), "sk": f"{NOTE_PREFIX}{format_timestamp(at)}#{task_id}"})


def notification_item(notification: Notification) -> Item:
    """Return a notification as an item. It has no place in the log until it is read: the event of its task has."""
    key = notification_key(notification.owner_id, notification.task_id, notification.at)
    sent = {SENT_KEY: f"{NOTE_PREFIX}{format_timestamp(notification.sent_at)}#{notification.task_id}"}
    return key | to_item(notification_to_dict(notification) | sent)


def notification_place(task_id: str, reminder_at: datetime, changed_at: datetime) -> str:
    """Return the place in the log of a notification that was read or dismissed."""
    return _place(changed_at, task_id, milliseconds(reminder_at))


def notification_from_item(item: Mapping[str, Any]) -> Notification:
    """Return the notification of an item by `notification_item`."""
    return notification_from_dict(_document(item))


def reminded_at_of(item: Mapping[str, Any]) -> datetime | None:
    """Return when the reminder of an event was due, which its notification has in its key; None for other events."""
    return _instant(item["remindedAt"]["N"]) if "remindedAt" in item else None


def _instant(at: Any) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(at))


def _place(stored_at: datetime, task_id: str, version: int) -> str:
    """Return a place; the end of a task's id is random, and tells tasks of one time apart."""
    return f"{milliseconds(stored_at):013d}#{task_id[-12:]}#{version}"


def _document(item: Mapping[str, Any]) -> Document:
    return {name: _deserialize(value) for name, value in item.items()}
