"""Ids of the GraphQL API: no two things have the same one, whoever owns them.

An id names the type, the owner and the thing, as `Task:<owner>:<task>`. Clients take ids as they are.
"""

import re
from dataclasses import dataclass

from taskbell.domain.ids import parse_task_id
from taskbell.domain.timestamps import parse_timestamp

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_OWNER = "(?P<owner_id>.{1,128})"
_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
_FORMS = {
    "Task": re.compile(f"Task:{_OWNER}:(?P<task_id>{_UUID})", re.DOTALL),
    "TaskEvent": re.compile(rf"TaskEvent:{_OWNER}:(?P<task_id>{_UUID}):(?P<place>[1-9]\d{{0,9}})", re.DOTALL),
    "Notification": re.compile(f"Notification:{_OWNER}:(?P<task_id>{_UUID}):(?P<place>{_INSTANT})", re.DOTALL),
    "TaskList": re.compile(f"TaskList:{_OWNER}:(?P<place>[1-9][0-9]{{0,5}})", re.DOTALL),
    "TaskListSection": re.compile(
        f"TaskListSection:{_OWNER}:(?P<place>[1-9][0-9]{{0,5}}:[1-9][0-9]{{0,5}})", re.DOTALL
    ),
    "Viewer": re.compile(f"Viewer:{_OWNER}", re.DOTALL),
}
_KEY = re.compile("[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class GlobalId:
    """What an id names.

    Attributes:
        type: The name of the type in the schema.
        owner_id: The owner.
        task_id: The task, for all types but those of lists and `Viewer`.
        place: The version of a `TaskEvent`; when the reminder of a `Notification` was due; the number of a `TaskList`;
            both numbers of a `TaskListSection`, that of its list first.
    """

    type: str
    owner_id: str
    task_id: str = ""
    place: str = ""

    def __str__(self) -> str:
        return ":".join(filter(None, (self.type, self.owner_id, self.task_id, self.place)))


@dataclass(frozen=True, slots=True)
class TaskReference:
    """What an argument names a task by.

    Attributes:
        name: The task's id, or its key.
        owner_id: The owner, if it is an id of this API; None if it depends on who asks.
    """

    name: str
    owner_id: str | None = None


def task_id(owner_id: str, id_: str) -> str:
    """Return the id of a `Task`."""
    return str(GlobalId("Task", owner_id, id_))


def event_id(owner_id: str, task_id_: str, version: int) -> str:
    """Return the id of a `TaskEvent`."""
    return str(GlobalId("TaskEvent", owner_id, task_id_, str(version)))


def notification_id(owner_id: str, task_id_: str, at: str) -> str:
    """Return the id of a `Notification`; `at` is when the reminder was due."""
    return str(GlobalId("Notification", owner_id, task_id_, at))


def list_id(owner_id: str, number: str) -> str:
    """Return the id of a `TaskList`."""
    return str(GlobalId("TaskList", owner_id, place=number))


def section_id(owner_id: str, place: str) -> str:
    """Return the id of a `TaskListSection`; `place` is the number of its list and its own: 3:1."""
    return str(GlobalId("TaskListSection", owner_id, place=place))


def viewer_id(owner_id: str) -> str:
    """Return the id of a `Viewer`."""
    return str(GlobalId("Viewer", owner_id))


def student_id(owner_id: str) -> str:
    """Return the id of a `Student`, which is no `Node`: `parse_global_id` does not know it."""
    return str(GlobalId("Student", owner_id))


def parse_global_id(text: str) -> GlobalId | None:
    """Return what an id names; None if it is none. Whether that exists makes no difference."""
    form = _FORMS.get(text.partition(":")[0])
    found = form.fullmatch(text) if form else None
    name = GlobalId(text.partition(":")[0], **found.groupdict()) if found else None
    return name if name and (name.type != "Notification" or _is_instant(name.place)) else None


def _is_instant(text: str) -> bool:
    try:
        return bool(parse_timestamp(text))
    except ValueError:
        return False


def parse_task_reference(text: str) -> TaskReference | None:
    """Return the task that an id of this API or a key names; None if it is neither."""
    parsed = parse_global_id(text)
    if parsed:
        return TaskReference(parsed.task_id, parsed.owner_id) if parsed.type == "Task" else None
    return TaskReference(parse_task_id(text) or text) if _KEY.fullmatch(text) else None
