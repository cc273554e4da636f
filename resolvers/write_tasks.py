"""Answers the mutations. Each writes the table and nothing else: whatever follows is caused by the table's stream."""

from collections.abc import Callable
from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from resolvers import viewer
from resolvers.dispatch import answer, caller, logger
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

_MOST_AT_ONCE = 25


@app.resolver(type_name="Mutation", field_name="createTask")
def create_task(**arguments: Any) -> Document:
    """Makes a task."""
    return _answer(_create, arguments.get("input"))


@app.resolver(type_name="Mutation", field_name="updateTask")
def update_task(**arguments: Any) -> Document:
    """Changes details of a task."""
    return _answer(_update, arguments.get("input"))


@app.resolver(type_name="Mutation", field_name="updateTasks")
def update_tasks(**arguments: Any) -> list[Document]:
    """Changes details of some tasks, one after the other; each has an answer of its own."""
    changes = UpdateTasksArguments.model_validate(arguments).input
    if len(changes) > _MOST_AT_ONCE:
        raise LimitExceededError(f"At most {_MOST_AT_ONCE} tasks can be changed at once; nothing was changed.")
    return [_answer(_update, one, str(place)) for place, one in enumerate(changes)]


@app.resolver(type_name="Mutation", field_name="setTaskStatus")
def set_task_status(**arguments: Any) -> Document:
    """Moves a task to another status."""
    return _answer(_set_status, arguments.get("input"))


@app.resolver(type_name="Mutation", field_name="deleteTask")
def delete_task(**arguments: Any) -> Document:
    """Deletes a task, for good after the time of retention."""
    return _answer(_delete, arguments.get("input"))


@app.resolver(type_name="Mutation", field_name="restoreTask")
def restore_task(**arguments: Any) -> Document:
    """Takes a deletion back."""
    return _answer(_restore, arguments.get("input"))


def _create(asked: object, owner_id: str) -> Task:
    return bootstrap.task_service().create(CreateTaskInput.model_validate(asked).command(owner_id))


def _update(asked: object, owner_id: str) -> Task:
    return bootstrap.task_service().update(UpdateTaskInput.model_validate(asked).command(owner_id))


def _set_status(asked: object, owner_id: str) -> Task:
    return bootstrap.task_service().set_status(SetTaskStatusInput.model_validate(asked).command(owner_id))


def _delete(asked: object, owner_id: str) -> Task:
    return bootstrap.task_service().delete(DeleteTaskInput.model_validate(asked).command(owner_id))


def _restore(asked: object, owner_id: str) -> Task:
    return bootstrap.task_service().restore(RestoreTaskInput.model_validate(asked).command(owner_id))


def _answer(change: Callable[[object, str], Task], asked: object, *place: str) -> Document:
    """The payload of a change of the caller's own tasks."""
    who = caller(app)
    return payload(partial(change, asked, who.id), who, *place)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """The Lambda function writeTasks."""
    return answer(app, event, context)
