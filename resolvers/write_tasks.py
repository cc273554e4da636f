"""Resolvers of mutations. They write to the table only; the table's stream triggers everything else."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from resolvers import viewer
from resolvers.dispatch import current_caller, logger, resolve
from resolvers.inputs import (
    CreateTaskInput,
    DeleteTaskInput,
    RestoreTaskInput,
    SetTaskStatusInput,
    UpdateTaskInput,
    UpdateTasksArguments,
)
from resolvers.responses import payload
from taskbell import bootstrap
from taskbell.application.serialization import Document
from taskbell.application.task_changes import resolve_id
from taskbell.domain.commands import DeleteTask, RestoreTask, SetTaskStatus, UpdateTask
from taskbell.domain.exceptions import LimitExceededError
from taskbell.domain.task import Task

app = AppSyncResolver()
app.include_router(viewer.writes)

_MAX_AT_ONCE = 25

Command = TypeVar("Command", UpdateTask, SetTaskStatus, DeleteTask, RestoreTask)
TaskChange = Callable[[object, str], Task]  # of the input, and the owner id


def mutation(field_name: str) -> Callable[[TaskChange], TaskChange]:
    """Register a change of the caller's own task as the resolver of a mutation; the resolver returns its payload."""

    def register(change: TaskChange) -> TaskChange:
        @app.resolver(type_name="Mutation", field_name=field_name)
        def resolver(**arguments: Any) -> Document:
            return _payload(change, arguments.get("input"))

        return change

    return register


@mutation("createTask")
def create_task(input_: object, owner_id: str) -> Task:
    """Create a task."""
    command = CreateTaskInput.model_validate(input_).command(owner_id)
    if command.parent_id is not None:
        command = replace(command, parent_id=_id_of(owner_id, command.parent_id))
    return bootstrap.task_service().create(command)


@mutation("updateTask")
def update_task(input_: object, owner_id: str) -> Task:
    """Change a task's details."""
    return bootstrap.task_service().update(_resolved(UpdateTaskInput.model_validate(input_).command(owner_id)))


@mutation("setTaskStatus")
def set_task_status(input_: object, owner_id: str) -> Task:
    """Change a task's status."""
    return bootstrap.task_service().set_status(_resolved(SetTaskStatusInput.model_validate(input_).command(owner_id)))


@mutation("deleteTask")
def delete_task(input_: object, owner_id: str) -> Task:
    """Delete a task; the table deletes it for good after the retention period."""
    return bootstrap.task_service().delete(_resolved(DeleteTaskInput.model_validate(input_).command(owner_id)))


@mutation("restoreTask")
def restore_task(input_: object, owner_id: str) -> Task:
    """Restore a deleted task."""
    return bootstrap.task_service().restore(_resolved(RestoreTaskInput.model_validate(input_).command(owner_id)))


@app.resolver(type_name="Mutation", field_name="updateTasks")
def update_tasks(**arguments: Any) -> list[Document]:
    """Change details of several tasks in turn, with a payload for each."""
    changes = UpdateTasksArguments.model_validate(arguments).input
    if len(changes) > _MAX_AT_ONCE:
        raise LimitExceededError(f"At most {_MAX_AT_ONCE} tasks can be changed at once; nothing was changed.")
    return [_payload(update_task, input_, str(index)) for index, input_ in enumerate(changes)]


def _resolved(command: Command) -> Command:
    """Return a command with the id of the task that it names by its id or by its key."""
    return replace(command, id=_id_of(command.owner_id, command.id))


def _id_of(owner_id: str, reference: str) -> str:
    return resolve_id(bootstrap.task_repository(), owner_id, reference)


def _payload(change: TaskChange, input_: object, *path: str) -> Document:
    """Return the payload of a change of the caller's own tasks."""
    caller = current_caller(app)
    return payload(partial(change, input_, caller.id), caller, *path)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle an event of the Lambda function writeTasks."""
    return resolve(app, event, context)
