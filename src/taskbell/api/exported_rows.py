"""What is exported, as text: JSON Lines of everything, or CSV of tasks.

CSV is that of RFC 4180. A cell that a spreadsheet could take for a formula begins with an
apostrophe, and so does one that begins with an apostrophe itself: the import takes one away.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from taskbell.application.data_export import ExportPage, Thing
from taskbell.application.serialization import Document, entry_to_dict, notification_to_dict
from taskbell.domain.events import HistoryEntry
from taskbell.domain.notification import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.rrule import format_rrule
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList
from taskbell.domain.timestamps import format_timestamp
from taskbell.domain.transfer import TransferFormat

COLUMNS = (
    *("id", "key", "parentId", "title", "description", "status", "priority", "labels", "dueAt", "timeZone"),
    *("remindBefore", "remindAt", "rrule", "afterCompletion", "createdAt", "completedAt", "deletedAt"),
    *("list", "section", "rank"),
)
LISTS = frozenset({"labels", "remindBefore", "remindAt"})
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def exported(page: ExportPage, format_: TransferFormat, *, heading: bool = True) -> str:
    """Return the text of what is exported, of CSV with its heading or without it."""
    if format_ is TransferFormat.CSV:
        rows = [task_row(thing, page.lists) for thing in page.things if isinstance(thing, Task)]
        return _csv(rows, heading=heading)
    return "".join(f"{json.dumps(_line(thing, page.lists), ensure_ascii=False)}\n" for thing in page.things)


def _csv(rows: Iterable[Document], *, heading: bool) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    if heading:
        writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return text.getvalue()


def task_row(task: Task, lists: Mapping[str, TaskList]) -> Document:
    """Return a task as it is exported, with the names of its list and section; the pipeline's own is left out."""
    in_list = lists.get(task.list_id or "")
    sections = {section.id: section.name for section in in_list.sections} if in_list else {}
    return {
        "id": task.id,
        "key": task.key,
        "parentId": task.parent_id,
        "title": task.title,
        "description": task.description,
        "status": task.status.value,
        "priority": task.priority.value,
        "labels": list(task.labels),
        "dueAt": _due(task),
        "timeZone": task.time_zone,
        "remindBefore": list(task.remind_before),
        "remindAt": list(map(format_timestamp, task.remind_at)),
        "rrule": format_rrule(task.recurrence) if task.recurrence else None,
        "afterCompletion": task.recurrence.after_completion if task.recurrence else None,
        "createdAt": format_timestamp(task.created_at),
        "completedAt": format_timestamp(task.completed_at) if task.completed_at else None,
        "deletedAt": format_timestamp(task.deleted_at) if task.deleted_at else None,
        "list": in_list.name if in_list else None,
        "section": sections.get(task.section_id or ""),
        "rank": task.rank,
    }


def _line(thing: Thing, lists: Mapping[str, TaskList]) -> Document:
    match thing:
        case Task():
            return {"__typename": "Task", **task_row(thing, lists)}
        case TaskList():
            names = {"sections": [section.name for section in thing.sections]}
            archived_at = format_timestamp(thing.archived_at) if thing.archived_at else None
            shown = {"name": thing.name, "color": thing.color, "rank": thing.rank, "archivedAt": archived_at}
            return {"__typename": "TaskList", **shown, **names}
        case Notification():
            return {"__typename": "Notification", **notification_to_dict(thing)}
        case HistoryEntry():
            return {"__typename": "TaskEvent", **entry_to_dict(thing)}
        case Profile():
            hours = thing.quiet_hours
            quiet = {"from": f"{hours.start:%H:%M}", "to": f"{hours.end:%H:%M}"} if hours else None
            settings = {"timeZone": thing.time_zone, "defaultReminders": list(thing.default_reminders)}
            return {"__typename": "Settings", "ownerId": thing.owner_id, **settings, "quietHours": quiet}


def _due(task: Task) -> str | None:
    """Return the due date as it was given: a day, a local time that its day does not have, or an instant."""
    if task.due_on:
        return task.due_on.isoformat()
    local = task.local_due_at
    if local and task.due_at and task.nominal_due and local.replace(tzinfo=None) == task.nominal_due:
        return task.nominal_due.isoformat(timespec="milliseconds")
    return format_timestamp(task.due_at) if task.due_at else None


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = _joined([str(item) for item in value])
    if isinstance(value, bool):
        value = "true" if value else "false"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _joined(items: list[str]) -> str:
    """Return a list as one line of CSV in the cell."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(items)
    return line.getvalue() if items else ""
