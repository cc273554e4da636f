"""Answers the mutations. Each writes the table and nothing else: whatever follows is caused by the table's stream."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

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
from taskbell.application import task_service
from taskbell.application.serialization import Document
from taskbell.domain.exceptions import LimitExceeded
from taskbell.domain.task import Task
from taskbell.domain.timestamps import to_milliseconds

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
        raise LimitExceeded(f"At most {_MOST_AT_ONCE} tasks can be changed at once; nothing was changed.")
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
    command = CreateTaskInput.model_validate(asked).command(owner_id)
    profile = bootstrap.profiles().get(owner_id)
    return task_service.create_task(command, bootstrap.task_store(), _now(), str(uuid4()), profile)


def _update(asked: object, owner_id: str) -> Task:
    command = UpdateTaskInput.model_validate(asked).command(owner_id)
    return task_service.update_task(command, bootstrap.task_store(), _now())


def _set_status(asked: object, owner_id: str) -> Task:
    command = SetTaskStatusInput.model_validate(asked).command(owner_id)
    return task_service.set_task_status(command, bootstrap.task_store(), _now())


def _delete(asked: object, owner_id: str) -> Task:
    command = DeleteTaskInput.model_validate(asked).command(owner_id)
    retention = bootstrap.settings().deleted_task_retention()
    return task_service.delete_task(command, bootstrap.task_store(), _now(), retention)


def _restore(asked: object, owner_id: str) -> Task:
    command = RestoreTaskInput.model_validate(asked).command(owner_id)
    return task_service.restore_task(command, bootstrap.task_store(), _now())


def _answer(change: Callable[[object, str], Task], asked: object, *place: str) -> Document:
    """The payload of a change of the caller's own tasks."""
    who = caller(app)
    return payload(partial(change, asked, who.id), who, *place)


def _now() -> datetime:
    return to_milliseconds(datetime.now(UTC))


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """The Lambda function writeTasks."""
    return answer(app, event, context)
