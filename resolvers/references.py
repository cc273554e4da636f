"""What arguments name: owners, and tasks by their ids or keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from resolvers.dispatch import readable_owner
from taskbell import bootstrap
from taskbell.api.global_ids import TaskReference, parse_global_id, parse_task_reference
from taskbell.application import ports
from taskbell.application.task_changes import resolve_id
from taskbell.domain.exceptions import InvalidInputError, NotFoundError
from taskbell.domain.notification import Notification
from taskbell.domain.task import Task


def _reference(value: Any) -> TaskReference:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "Must be a text")
    reference = parse_task_reference(value)
    if reference is None:
        raise PydanticCustomError("task_reference", "Must name a task")
    return reference


@dataclass(frozen=True, slots=True)
class ListReference:
    """What an argument names a list by: its number and its owner."""

    number: str
    owner_id: str


def _list_reference(value: Any) -> ListReference:
    parsed = parse_global_id(value) if isinstance(value, str) else None
    if parsed is None or parsed.type != "TaskList":
        raise PydanticCustomError("list_reference", "Must be the id of a list")
    return ListReference(parsed.place, parsed.owner_id)


@dataclass(frozen=True, slots=True)
class SectionReference:
    """What an argument names a section by: its number in its list, and that list."""

    number: str
    of_list: ListReference


def _section_reference(value: Any) -> SectionReference:
    parsed = parse_global_id(value) if isinstance(value, str) else None
    if parsed is None or parsed.type != "TaskListSection":
        raise PydanticCustomError("section_reference", "Must be the id of a section")
    list_number, _, number = parsed.place.partition(":")
    return SectionReference(number, ListReference(list_number, parsed.owner_id))


SectionId = Annotated[
    SectionReference, PlainValidator(_section_reference), PlainSerializer(attrgetter("number"), return_type=str)
]
ListId = Annotated[
    ListReference, PlainValidator(_list_reference), PlainSerializer(attrgetter("number"), return_type=str)
]
TaskName = Annotated[TaskReference, PlainValidator(_reference), PlainSerializer(attrgetter("name"), return_type=str)]


def owner_of_list(
    app: AppSyncResolver | Router, owner_id: str | None, about: "TaskReference | ListReference | None"
) -> str:
    """Return the owner of a list: the one that is named, else that of what it is about, else the caller.

    Raises:
        ForbiddenError: The caller may not read that owner's data.
    """
    return readable_owner(app, owner_id or (about.owner_id if about else None))


def task_id_of(owner_id: str, task: TaskReference) -> str | None:
    """Return the id of an owner's task, for a key with a request to the table; None if it is another owner's.

    Whether there is such a task makes no difference.
    """
    if task.owner_id not in {None, owner_id}:
        return None
    return resolve_id(bootstrap.task_repository(), owner_id, task.name)


def number_in(owner_id: str, task_list: ListReference | None, field: str) -> str | None:
    """Return the number of an owner's list, if one is given. Raises InvalidInputError if it is another owner's."""
    if task_list is None:
        return None
    if task_list.owner_id != owner_id:
        raise InvalidInputError("There is no such list.", (field,))
    return task_list.number


def place_in(
    owner_id: str, task_list: ListReference | None, section: SectionReference | None
) -> tuple[str | None, str | None]:
    """Return the numbers of an owner's list and section; a section stands for its list too.

    Raises:
        InvalidInputError: They are another owner's, or the section is one of another list.
    """
    if section is None:
        return number_in(owner_id, task_list, "list_id"), None
    if section.of_list.owner_id != owner_id or task_list not in {None, section.of_list}:
        raise InvalidInputError("There is no such section in the list.", ("section_id",))
    return section.of_list.number, section.number


def own_list_number(owner_id: str, task_list: ListReference) -> str:
    """Return the number of an owner's list. Raises NotFoundError if it is another owner's."""
    if task_list.owner_id != owner_id:
        raise NotFoundError("There is no such list.", ("id",))
    return task_list.number


def own_task_id(owner_id: str, task: TaskReference) -> str:
    """Return the id of an owner's task, as `task_id_of` does. Raises NotFoundError if it is another owner's."""
    task_id = task_id_of(owner_id, task)
    if task_id is None:
        raise NotFoundError(field=("id",))
    return task_id


def tasks_of(found: Sequence[Notification]) -> dict[str, Task]:
    """Return the tasks of notifications by their ids, without deleted ones, with one request to the table."""
    names = {ports.TaskName(each.owner_id, each.task_id) for each in found}
    tasks = bootstrap.things().read(names).values() if names else ()
    return {task.id: task for task in tasks if isinstance(task, Task) and not task.deleted}
