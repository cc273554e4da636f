"""Resolvers of the trash, and of deleting for good."""

from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import ValidationError

from resolvers.arguments import NotificationsArguments
from resolvers.dispatch import current_caller
from resolvers.inputs import EmptyTrashInput, ManyArguments, PurgeTaskInput
from resolvers.references import own_task_id
from resolvers.responses import connection, is_unfinished, user_errors
from resolvers.selection import only_selected
from taskbell import bootstrap
from taskbell.api.global_ids import task_id
from taskbell.api.graphql_documents import task_document
from taskbell.application.serialization import Document
from taskbell.domain.exceptions import TaskError
from taskbell.domain.trash import TrashQuery

reads = Router()
writes = Router()


@reads.resolver(type_name="Query", field_name="trash")
@only_selected(reads)
def trash(**arguments: Any) -> Document:
    """Return the caller's deleted tasks that can be restored."""
    args = NotificationsArguments.model_validate(arguments)
    query = TrashQuery(current_caller(reads).id, bootstrap.now())
    return connection(bootstrap.task_repository().page(query, args.limit, args.after), args.after, task_document)


@writes.resolver(type_name="Mutation", field_name="purgeTask")
@only_selected(writes)
def purge_task(**arguments: Any) -> Document:
    """Delete a deleted task for good."""
    return _purged(arguments.get("input"))


@writes.resolver(type_name="Mutation", field_name="purgeTasks")
@only_selected(writes)
def purge_tasks(**arguments: Any) -> list[Document]:
    """Delete deleted tasks for good, one after another, each with a payload of its own."""
    inputs = ManyArguments.model_validate(arguments).inputs
    return [_purged(input_, str(index)) for index, input_ in enumerate(inputs)]


@writes.resolver(type_name="Mutation", field_name="emptyTrash")
@only_selected(writes)
def empty_trash(**arguments: Any) -> Document:
    """Delete the tasks of the trash for good, as many as one request may."""
    owner_id = current_caller(writes).id
    try:
        args = EmptyTrashInput.model_validate(arguments.get("input") or {})
        emptied = bootstrap.task_service().empty_trash(owner_id, args.mutation(bootstrap.now()))
    except (TaskError, ValidationError) as error:
        return {"purgedTaskIds": [], "hasMore": is_unfinished(error), "errors": user_errors(error)}
    ids = [task_id(owner_id, id_) for id_ in emptied.ids]
    return {"purgedTaskIds": ids, "hasMore": emptied.has_more, "errors": []}


def _purged(input_: object, *path: str) -> Document:
    """Return the payload of deleting one of the caller's tasks for good."""
    owner_id = current_caller(writes).id
    try:
        args = PurgeTaskInput.model_validate(input_)
        command = args.command(owner_id, own_task_id(owner_id, args.id), bootstrap.now())
        purged = bootstrap.task_service().purge(command)
    except (TaskError, ValidationError) as error:
        return {"purgedTaskId": None, "errors": user_errors(error, *path)}
    return {"purgedTaskId": task_id(owner_id, purged.id), "errors": []}
