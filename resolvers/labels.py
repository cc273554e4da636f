"""Resolvers of labels as such."""

from dataclasses import replace
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import ValidationError

from resolvers.arguments import OwnerArguments
from resolvers.dispatch import current_caller, readable_owner
from resolvers.inputs import DeleteLabelInput, RenameLabelInput
from resolvers.responses import is_unfinished, user_errors
from resolvers.selection import only_selected, selection_of
from resolvers.undo import undo_token
from taskbell import bootstrap
from taskbell.api.global_ids import task_id
from taskbell.application.serialization import Document
from taskbell.application.undo import RecordedChanges
from taskbell.domain.exceptions import TaskError
from taskbell.domain.labels import count_labels

reads = Router()
writes = Router()


@reads.resolver(type_name="Query", field_name="labels")
@only_selected(reads)
def labels(**arguments: Any) -> list[Document]:
    """Return the labels of an owner's tasks, with the number of tasks."""
    owner_id = readable_owner(reads, OwnerArguments.model_validate(arguments).owner_id)
    counts = count_labels(labels for _, labels in bootstrap.labels().of_tasks(owner_id))
    return [{"name": name, "count": count} for name, count in counts]


@writes.resolver(type_name="Mutation", field_name="renameLabel")
@only_selected(writes)
def rename_label(**arguments: Any) -> Document:
    """Rename a label in the caller's tasks, as many as one request may change."""
    return _renamed(RenameLabelInput, arguments.get("input"))


@writes.resolver(type_name="Mutation", field_name="deleteLabel")
@only_selected(writes)
def delete_label(**arguments: Any) -> Document:
    """Remove a label from the caller's tasks, as many as one request may change."""
    return _renamed(DeleteLabelInput, arguments.get("input"))


def _renamed(model: type[RenameLabelInput | DeleteLabelInput], input_: object) -> Document:
    owner_id = current_caller(writes).id
    try:
        command = model.model_validate(input_).command(owner_id, bootstrap.now())
        service = bootstrap.label_service()
        store, recorded = RecordedChanges.of(service.tasks)
        done = replace(service, tasks=store).rename(command)
    except (TaskError, ValidationError) as error:
        return {"changedTaskIds": [], "hasMore": is_unfinished(error), "undo": None, "errors": user_errors(error)}
    ids = [task_id(owner_id, id_) for id_ in done.ids]
    undo = undo_token(writes, recorded.steps) if selection_of(writes).has("undo") else None
    return {"changedTaskIds": ids, "hasMore": done.has_more, "undo": undo, "errors": []}
