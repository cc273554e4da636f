"""Resolvers of mutations. They write to the table only; the table's stream triggers everything else."""

from collections.abc import Callable
from functools import partial
from typing import Any

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
from taskbell.domain.exceptions import LimitExceededError
from taskbell.domain.task import Task

app = AppSyncResolver()
app.include_router(viewer.writes)

_MAX_AT_ONCE = 25


@app.resolver(type_name="Mutation", field_name="createTask")
def create_task(**arguments: Any) -> Document:
    """Create a task."""
    return _payload(_create, arguments.get("input"))


@app.resolver(type_name="Mutation", field_name="updateTask")
def update_task(**arguments: Any) -> Document:
    """Change a task's details."""
    return _payload(_update, arguments.get("input"))


@app.resolver(type_name="Mutation", field_name="updateTasks")
def update_tasks(**arguments: Any) -> list[Document]:
    """Change details of several tasks in turn, with a payload for each."""
    changes = UpdateTasksArguments.model_validate(arguments).input
    if len(changes) > _MAX_AT_ONCE:
        raise LimitExceededError(f"At most {_MAX_AT_ONCE} tasks can be changed at once; nothing was changed.")
    return [_payload(_update, input_, str(index)) for index, input_ in enumerate(changes)]


@app.resolver(type_name="Mutation", field_name="setTaskStatus")
def set_task_status(**arguments: Any) -> Document:
    """Change a task's status."""
    return _payload(_set_status, arguments.get("input"))


@app.resolver(type_name="Mutation", field_name="deleteTask")
def delete_task(**arguments: Any) -> Document:
    """Delete a task; the table deletes it for good after the retention period."""
    return _payload(_delete, arguments.get("input"))


@app.resolver(type_name="Mutation", field_name="restoreTask")
def restore_task(**arguments: Any) -> Document:
    """Restore a deleted task."""
    return _payload(_restore, arguments.get("input"))


def _create(input_: object, owner_id: str) -> Task:
    return bootstrap.task_service().create(CreateTaskInput.model_validate(input_).command(owner_id))


def _update(input_: object, owner_id: str) -> Task:
    return bootstrap.task_service().update(UpdateTaskInput.model_validate(input_).command(owner_id))


def _set_status(input_: object, owner_id: str) -> Task:
    return bootstrap.task_service().set_status(SetTaskStatusInput.model_validate(input_).command(owner_id))


def _delete(input_: object, owner_id: str) -> Task:
    return bootstrap.task_service().delete(DeleteTaskInput.model_validate(input_).command(owner_id))


def _restore(input_: object, owner_id: str) -> Task:
    return bootstrap.task_service().restore(RestoreTaskInput.model_validate(input_).command(owner_id))


def _payload(change: Callable[[object, str], Task], input_: object, *path: str) -> Document:
    """Return the payload of a change of the caller's own tasks."""
    caller = current_caller(app)
    return payload(partial(change, input_, caller.id), caller, *path)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle an event of the Lambda function writeTasks."""
    return resolve(app, event, context)
