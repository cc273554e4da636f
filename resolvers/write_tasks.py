"""Answers the mutations. Each writes the table and nothing else: whatever follows is caused by the table's stream."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters import wiring
from resolvers import people
from resolvers.answers import payload
from resolvers.door import answer, caller, logger
from resolvers.inputs import (
    CreateTaskInput,
    DeleteTaskInput,
    RestoreTaskInput,
    SetTaskStatusInput,
    UpdateTaskInput,
)
from tasks import use_cases
from tasks.documents import Document
from tasks.errors import LimitExceeded
from tasks.instants import to_milliseconds
from tasks.task import Task

app = AppSyncResolver()
app.include_router(people.writes)

_MOST_AT_ONCE = 25


@app.resolver(type_name="Mutation", field_name="createTask")
def create_task(input: dict[str, Any]) -> Document:  # noqa: A002
    """Makes a task."""
    who = caller(app)

    def change() -> Task:
        command = CreateTaskInput.model_validate(input).command(who.id)
        profile = wiring.profiles().get(who.id)
        return use_cases.create_task(command, wiring.task_store(), _now(), str(uuid4()), profile)

    return payload(change, who)


@app.resolver(type_name="Mutation", field_name="updateTask")
def update_task(input: dict[str, Any]) -> Document:  # noqa: A002
    """Changes details of a task."""
    who = caller(app)

    def change() -> Task:
        command = UpdateTaskInput.model_validate(input).command(who.id)
        return use_cases.update_task(command, wiring.task_store(), _now())

    return payload(change, who)


@app.resolver(type_name="Mutation", field_name="updateTasks")
def update_tasks(input: list[dict[str, Any]]) -> list[Document]:  # noqa: A002
    """Changes details of some tasks, one after the other; each has an answer of its own."""
    who = caller(app)
    if len(input) > _MOST_AT_ONCE:
        raise LimitExceeded(f"At most {_MOST_AT_ONCE} tasks can be changed at once; nothing was changed.")

    def change(one: dict[str, Any]) -> Task:
        command = UpdateTaskInput.model_validate(one).command(who.id)
        return use_cases.update_task(command, wiring.task_store(), _now())

    return [payload(partial(change, one), who, str(place)) for place, one in enumerate(input)]


@app.resolver(type_name="Mutation", field_name="setTaskStatus")
def set_task_status(input: dict[str, Any]) -> Document:  # noqa: A002
    """Moves a task to another status."""
    who = caller(app)

    def change() -> Task:
        command = SetTaskStatusInput.model_validate(input).command(who.id)
        return use_cases.set_task_status(command, wiring.task_store(), _now())

    return payload(change, who)


@app.resolver(type_name="Mutation", field_name="deleteTask")
def delete_task(input: dict[str, Any]) -> Document:  # noqa: A002
    """Deletes a task, for good after the time of retention."""
    who = caller(app)

    def change() -> Task:
        command = DeleteTaskInput.model_validate(input).command(who.id)
        retention = wiring.settings().current().deleted_task_retention
        return use_cases.delete_task(command, wiring.task_store(), _now(), retention)

    return payload(change, who)


@app.resolver(type_name="Mutation", field_name="restoreTask")
def restore_task(input: dict[str, Any]) -> Document:  # noqa: A002
    """Takes a deletion back."""
    who = caller(app)

    def change() -> Task:
        command = RestoreTaskInput.model_validate(input).command(who.id)
        return use_cases.restore_task(command, wiring.task_store(), _now())

    return payload(change, who)


def _now() -> datetime:
    return to_milliseconds(datetime.now(UTC))


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """The Lambda function writeTasks."""
    return answer(app, event, context)
