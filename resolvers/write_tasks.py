"""Resolvers of mutations. They write to the table only; the table's stream triggers everything else."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from resolvers import calendar_feed, labels, notifications, task_lists, transfer, trash, undo, viewer
from resolvers.dispatch import current_caller, logger, resolve
from resolvers.inputs import (
    CreateTaskInput,
    DeleteTaskInput,
    ManyArguments,
    RestoreTaskInput,
    SetTaskStatusInput,
    SkipOccurrenceInput,
    UpdateTaskInput,
)
from resolvers.references import own_task_id, task_id_of
from resolvers.selection import only_selected
from resolvers.undo import undoable_payload
from taskbell import bootstrap
from taskbell.api.global_ids import TaskReference
from taskbell.application.serialization import Document
from taskbell.application.task_service import TaskService
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.occurrences import Occurrences
from taskbell.domain.task import Task

app = AppSyncResolver()
app.include_router(viewer.writes)
app.include_router(notifications.writes)
app.include_router(trash.writes)
app.include_router(labels.writes)
app.include_router(task_lists.writes)
app.include_router(undo.writes)
app.include_router(calendar_feed.writes)
app.include_router(transfer.writes)

TaskChange = Callable[[object, str, TaskService], Task | Occurrences]  # of the input, and the owner id


def mutation(field_name: str) -> Callable[[TaskChange], TaskChange]:
    """Register a change of the caller's own task as the resolver of a mutation; the resolver returns its payload."""

    def register(change: TaskChange) -> TaskChange:
        @app.resolver(type_name="Mutation", field_name=field_name)
        @only_selected(app)
        def resolver(**arguments: Any) -> Document:
            return _payload(change, arguments.get("input"))

        return change

    return register


@mutation("createTask")
def create_task(input_: object, owner_id: str, service: TaskService) -> Task:
    """Create a task."""
    args = CreateTaskInput.model_validate(input_)
    parent_id = _parent_id(owner_id, args.parent_id)
    return service.create(args.command(owner_id, parent_id, bootstrap.now()))


@mutation("updateTask")
def update_task(input_: object, owner_id: str, service: TaskService) -> Task:
    """Change a task's details."""
    args = UpdateTaskInput.model_validate(input_)
    task_id, parent_id = own_task_id(owner_id, args.id), _parent_id(owner_id, args.parent_id)
    return service.update(args.command(owner_id, task_id, parent_id, bootstrap.now()))


@mutation("setTaskStatus")
def set_task_status(input_: object, owner_id: str, service: TaskService) -> Occurrences:
    """Change a task's status."""
    args = SetTaskStatusInput.model_validate(input_)
    return service.set_status(args.command(owner_id, own_task_id(owner_id, args.id), bootstrap.now()))


@mutation("skipOccurrence")
def skip_occurrence(input_: object, owner_id: str, service: TaskService) -> Occurrences:
    """Delete an occurrence of a recurring task; the next one takes its place."""
    args = SkipOccurrenceInput.model_validate(input_)
    return service.skip(args.command(owner_id, own_task_id(owner_id, args.id), bootstrap.now()))


@mutation("deleteTask")
def delete_task(input_: object, owner_id: str, service: TaskService) -> Task:
    """Delete a task; the table deletes it for good after the retention period."""
    args = DeleteTaskInput.model_validate(input_)
    return service.delete(args.command(owner_id, own_task_id(owner_id, args.id), bootstrap.now()))


@mutation("restoreTask")
def restore_task(input_: object, owner_id: str, service: TaskService) -> Task:
    """Restore a deleted task."""
    args = RestoreTaskInput.model_validate(input_)
    return service.restore(args.command(owner_id, own_task_id(owner_id, args.id), bootstrap.now()))


def _register_many(field_name: str, change: TaskChange) -> None:
    """Register a change of several tasks, one after another, each with a payload of its own."""

    @app.resolver(type_name="Mutation", field_name=field_name)
    @only_selected(app)
    def resolver(**arguments: Any) -> list[Document]:
        inputs = ManyArguments.model_validate(arguments).inputs
        return [_payload(change, input_, str(index)) for index, input_ in enumerate(inputs)]


_register_many("createTasks", create_task)
_register_many("updateTasks", update_task)
_register_many("setTaskStatuses", set_task_status)
_register_many("deleteTasks", delete_task)
_register_many("restoreTasks", restore_task)


def _parent_id(owner_id: str, parent: TaskReference | None) -> str | None:
    """Return the id of an owner's task that is to be a parent. Raises InvalidInputError if it is another owner's."""
    parent_id = task_id_of(owner_id, parent) if parent else None
    if parent and parent_id is None:
        raise InvalidInputError("There is no such task.", ("parent_id",))
    return parent_id


def _payload(change: TaskChange, input_: object, *path: str) -> Document:
    """Return the payload of a change of the caller's own tasks."""
    owner_id = current_caller(app).id
    return undoable_payload(app, lambda service: change(input_, owner_id, service), *path)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle an event of the Lambda function writeTasks."""
    return resolve(app, event, context)
