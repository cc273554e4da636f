"""The resolver that takes changes back, and what payloads say about it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import ValidationError

from resolvers.dispatch import current_caller
from resolvers.inputs import UndoInput
from resolvers.references import tasks_of
from resolvers.responses import payload, user_errors
from resolvers.selection import only_selected, selection_of
from taskbell import bootstrap
from taskbell.api.graphql_documents import notification_document, task_list_document
from taskbell.api.undo_tokens import Step
from taskbell.application.list_undo import ListUndoStep, undo_list
from taskbell.application.notification_changes import NotificationUndoStep
from taskbell.application.serialization import Document
from taskbell.application.task_service import TaskService
from taskbell.application.undo import RecordedChanges, UndoStep
from taskbell.domain.commands import UndoChange
from taskbell.domain.exceptions import LimitExceededError, TaskError

writes = Router()

_MAX_STEPS = 100  # changes of tasks
_NOTHING: Document = {"task": None, "next": None, "notification": None, "taskList": None, "undo": None, "errors": []}


@writes.resolver(type_name="Mutation", field_name="undo")
@only_selected(writes)
def undo(**arguments: Any) -> list[Document]:
    """Take changes back, one task or notification after another, each with a payload of its own."""
    owner_id, now = current_caller(writes).id, bootstrap.now()
    try:
        args = UndoInput.model_validate(arguments.get("input"))
        tokens = [bootstrap.undo_tokens().decode(owner_id, token) for token in args.tokens]
        steps = [(valid_until, step) for valid_until, all_ in tokens for step in all_]
        if sum(isinstance(step, UndoStep) for _, step in steps) > _MAX_STEPS:
            raise LimitExceededError(f"At most {_MAX_STEPS} changes can be taken back at once.", ("tokens",))
    except (TaskError, ValidationError) as error:
        return [_NOTHING | {"errors": user_errors(error)}]

    def payload_of(valid_until: datetime, step: Step) -> Document:
        if isinstance(step, NotificationUndoStep):
            return _notification_payload(owner_id, step, valid_until)
        if isinstance(step, ListUndoStep):
            return _list_payload(owner_id, step, valid_until)
        command = UndoChange(owner_id, step.task_id, step.before, valid_until, step.version, args.mutation(now))
        return {**_NOTHING, **undoable_payload(writes, partial(TaskService.undo, command=command))}

    return [payload_of(valid_until, step) for valid_until, step in steps]


def _notification_payload(owner_id: str, step: NotificationUndoStep, valid_until: datetime) -> Document:
    """Return the `UndoPayload` of a notification; its task and whether it is read are read only if selected."""
    selected = selection_of(writes).of_field("notification")
    try:
        found = bootstrap.notification_service().undo(owner_id, step, valid_until)
        seen_until = bootstrap.profiles().get(owner_id).seen_until if selected.has("read") else None
        tasks = tasks_of([found]) if selected.has("task") else {}
    except TaskError as error:
        return _NOTHING | {"errors": user_errors(error)}
    return _NOTHING | {"notification": notification_document(found, seen_until, tasks.get(found.task_id))}


def _list_payload(owner_id: str, step: ListUndoStep, valid_until: datetime) -> Document:
    """Return the `UndoPayload` of a list."""
    try:
        found = undo_list(bootstrap.task_list_service(), owner_id, step, valid_until)
    except TaskError as error:
        return _NOTHING | {"errors": user_errors(error)}
    return _NOTHING | {"taskList": None if found.deleted else task_list_document(found)}


def undoable_payload(app: AppSyncResolver | Router, change: Callable[[TaskService], Any], *path: str) -> Document:
    """Return the `TaskPayload` of a change, with how to take it back if that is selected."""
    service = bootstrap.task_service()
    if not selection_of(app).has("undo"):
        return payload(lambda: change(service), *path)
    store, recorded = RecordedChanges.of(service.store)
    answer = payload(lambda: change(service.storing_in(store)), *path)
    return answer | {"undo": undo_token(app, recorded.steps)}


def undo_token(app: AppSyncResolver | Router, steps: Sequence[Step]) -> str | None:
    """Return the token that takes steps of the caller's back; None if there are none."""
    return bootstrap.undo_tokens().encode(current_caller(app).id, steps, bootstrap.now()) if steps else None
