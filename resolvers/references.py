"""What arguments name: owners, and tasks by their ids or keys."""

from operator import attrgetter
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from resolvers.dispatch import readable_owner
from taskbell import bootstrap
from taskbell.api.global_ids import TaskReference, parse_task_reference
from taskbell.application.task_changes import resolve_id
from taskbell.domain.exceptions import NotFoundError


def _reference(value: Any) -> TaskReference:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "Must be a text")
    reference = parse_task_reference(value)
    if reference is None:
        raise PydanticCustomError("task_reference", "Must name a task")
    return reference


TaskName = Annotated[TaskReference, PlainValidator(_reference), PlainSerializer(attrgetter("name"), return_type=str)]


def owner_of_list(app: AppSyncResolver | Router, owner_id: str | None, task: TaskReference | None) -> str:
    """Return the owner of a list: the one that is named, else that of the task that it is about, else the caller.

    Raises:
        ForbiddenError: The caller may not read that owner's data.
    """
    return readable_owner(app, owner_id or (task.owner_id if task else None))


def task_id_of(owner_id: str, task: TaskReference) -> str | None:
    """Return the id of an owner's task, for a key with a request to the table; None if it is another owner's.

    Whether there is such a task makes no difference.
    """
    if task.owner_id not in {None, owner_id}:
        return None
    return resolve_id(bootstrap.task_repository(), owner_id, task.name)


def own_task_id(owner_id: str, task: TaskReference) -> str:
    """Return the id of an owner's task, as `task_id_of` does. Raises NotFoundError if it is another owner's."""
    task_id = task_id_of(owner_id, task)
    if task_id is None:
        raise NotFoundError(field=("id",))
    return task_id
