"""The resolver of a task's subtasks, for all tasks of an answer at once."""

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from aws_lambda_powertools.utilities.data_classes import AppSyncResolverEvent

from resolvers.identity import caller_of
from resolvers.selection import selection_of_event
from taskbell import bootstrap
from taskbell.api.global_ids import parse_global_id
from taskbell.api.graphql_documents import task_document
from taskbell.application.ports import TaskName
from taskbell.application.serialization import Document

router = Router()

MAX_SUBTASKS = 500


@router.batch_resolver(type_name="Task", field_name="subtasks")
def subtasks(event: Sequence[AppSyncResolverEvent]) -> list[list[Document] | None]:
    """Return the subtasks of each task; None for a task that the caller may not read."""
    names = [_readable(each) for each in event]
    found = bootstrap.task_repository().subtasks_of({name for name in names if name}, MAX_SUBTASKS)
    return [
        [selection_of_event(each).of(task_document(task)) for task in found[name]] if name else None
        for each, name in zip(event, names, strict=True)
    ]


def _readable(event: AppSyncResolverEvent) -> TaskName | None:
    source: dict[str, Any] = event.source or {}
    parsed = parse_global_id(source.get("id", ""))
    if parsed is None or not caller_of(event.get("identity")).can_read(parsed.owner_id):
        return None
    return TaskName(parsed.owner_id, parsed.task_id)
