"""The resolver that takes changes back, and what payloads say about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import ValidationError

from resolvers.dispatch import current_caller
from resolvers.inputs import UndoInput
from resolvers.responses import payload, user_errors
from resolvers.selection import only_selected, selection_of
from taskbell import bootstrap
from taskbell.application.serialization import Document
from taskbell.application.task_service import TaskService
from taskbell.application.undo import RecordedChanges
from taskbell.domain.commands import UndoChange
from taskbell.domain.exceptions import LimitExceededError, TaskError

writes = Router()

_MAX_STEPS = 100


@writes.resolver(type_name="Mutation", field_name="undo")
@only_selected(writes)
def undo(**arguments: Any) -> list[Document]:
    """Take changes back, one task after another, each with a payload of its own."""
    owner_id, now = current_caller(writes).id, bootstrap.now()
    try:
        args = UndoInput.model_validate(arguments.get("input"))
        tokens = [bootstrap.undo_tokens().decode(owner_id, token) for token in args.tokens]
        commands = [
            UndoChange(owner_id, step.task_id, step.before, valid_until, step.version, args.mutation(now))
            for valid_until, steps in tokens
            for step in steps
        ]
        if len(commands) > _MAX_STEPS:
            raise LimitExceededError(f"At most {_MAX_STEPS} changes can be taken back at once.", ("tokens",))
    except (TaskError, ValidationError) as error:
        return [{"task": None, "next": None, "undo": None, "errors": user_errors(error)}]

    return [undoable_payload(writes, partial(TaskService.undo, command=command)) for command in commands]


def undoable_payload(app: AppSyncResolver | Router, change: Callable[[TaskService], Any], *path: str) -> Document:
    """Return the `TaskPayload` of a change, with how to take it back if that is selected."""
    service = bootstrap.task_service()
    if not selection_of(app).has("undo"):
        return payload(lambda: change(service), *path)
    store, recorded = RecordedChanges.of(service.store)
    answer = payload(lambda: change(service.storing_in(store)), *path)
    return answer | {"undo": undo_token(app, recorded)}


def undo_token(app: AppSyncResolver | Router, recorded: RecordedChanges) -> str | None:
    """Return the token that takes changes of the caller's tasks back; None if nothing was changed."""
    steps = recorded.steps
    return bootstrap.undo_tokens().encode(current_caller(app).id, steps, bootstrap.now()) if steps else None
