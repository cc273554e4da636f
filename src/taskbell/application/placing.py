"""Where tasks are: what follows for the list and the section of a task from a change."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from taskbell.domain.commands import CreateTask
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList

FindList = Callable[[str, str], TaskList | None]  # by owner and id


def placed(task: Task, changes: Mapping[str, object], find: FindList) -> dict[str, object]:
    """Return changes of a task with what follows for its list and section.

    Args:
        task: The task before the change.
        changes: New values by field name.
        find: Returns a list.

    Raises:
        InvalidInputError: There is no such list or section, or the task is a subtask.
    """
    placed_: dict[str, object] = dict(changes)
    if changes.get("parent_id", task.parent_id) is not None:
        if changes.get("list_id") or changes.get("section_id"):
            raise InvalidInputError("A subtask is in the list of its task.", ("list_id",))
        return placed_ | {"list_id": None, "section_id": None} if task.list_id else placed_
    if not {"list_id", "section_id"} & changes.keys():
        return placed_
    list_id = changes.get("list_id", task.list_id)
    moved = list_id != task.list_id
    section_id = changes.get("section_id", None if moved else task.section_id)
    _check(task.owner_id, list_id, changes.get("section_id"), find)
    return placed_ | {"list_id": list_id, "section_id": section_id}


def check_place(command: CreateTask, find: FindList) -> None:
    """Raise InvalidInputError if a new task cannot be in that list and section."""
    if command.parent_id is not None and (command.list_id or command.section_id):
        raise InvalidInputError("A subtask is in the list of its task.", ("list_id",))
    _check(command.owner_id, command.list_id, command.section_id, find)


def _check(owner_id: str, list_id: object, section_id: object, find: FindList) -> None:
    found = find(owner_id, list_id) if isinstance(list_id, str) else None
    if list_id is not None and not is_live(found):
        raise InvalidInputError("There is no such list.", ("list_id",))
    if section_id is not None and not (found and found.has_section(str(section_id))):
        raise InvalidInputError("There is no such section in the list.", ("section_id",))


def is_live(task_list: TaskList | None) -> bool:
    """Return whether there is a list, and it is not deleted."""
    return task_list is not None and not task_list.deleted


def in_live_list(task: Task, find: FindList, otherwise: Task | None = None) -> Task:
    """Return a task that comes back: in its list if that is there, else where `otherwise` is, else in no list."""
    for place in filter(None, (task, otherwise)):
        if place.list_id and is_live(find(task.owner_id, place.list_id)):
            return replace(task, list_id=place.list_id, section_id=place.section_id)
    return replace(task, list_id=None, section_id=None) if task.list_id else task
