"""Resolvers of lists of tasks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from aws_lambda_powertools.utilities.data_classes import AppSyncResolverEvent
from pydantic import ValidationError

from resolvers.arguments import TaskListsArguments
from resolvers.dispatch import current_caller, readable_owner
from resolvers.identity import caller_of
from resolvers.list_inputs import CreateTaskListInput, DeleteTaskListInput, UpdateTaskListInput
from resolvers.responses import is_unfinished, user_errors
from resolvers.selection import only_selected, selection_of
from resolvers.undo import undo_token
from taskbell import bootstrap
from taskbell.api.global_ids import GlobalId, list_id, parse_global_id, task_id
from taskbell.api.graphql_documents import task_list_document
from taskbell.api.undo_tokens import Step
from taskbell.application.list_undo import RecordedLists
from taskbell.application.serialization import Document
from taskbell.application.task_lists import TaskListService
from taskbell.application.undo import RecordedChanges
from taskbell.domain.exceptions import ListConflictError, TaskError
from taskbell.domain.statistics import Statistics
from taskbell.domain.task import TaskStatus
from taskbell.domain.task_list import TaskList

reads = Router()
writes = Router()


@reads.resolver(type_name="Query", field_name="taskLists")
@only_selected(reads)
def task_lists(**arguments: Any) -> list[Document]:
    """Return the lists of an owner, in their order."""
    args = TaskListsArguments.model_validate(arguments)
    found = bootstrap.task_lists().all(readable_owner(reads, args.owner_id))
    return [task_list_document(each) for each in found if args.include_archived or each.archived_at is None]


@reads.batch_resolver(type_name="TaskList", field_name="counts")
def counts(event: Sequence[AppSyncResolverEvent]) -> list[Document | None]:
    """Return the counts of each list, with one request for each owner; None for one that the caller may not read."""
    named = [_readable(each) for each in event]
    owners = {name.owner_id for name in named if name}
    statistics = {owner_id: bootstrap.statistics().get(owner_id) for owner_id in owners}
    return [_counts(name, statistics[name.owner_id]) if name else None for name in named]


@writes.resolver(type_name="Mutation", field_name="createTaskList")
@only_selected(writes)
def create_task_list(**arguments: Any) -> Document:
    """Create a list."""

    def create(service: TaskListService) -> TaskList:
        command = CreateTaskListInput.model_validate(arguments.get("input"))
        return service.create(command.command(current_caller(writes).id, bootstrap.now()))

    return _payload(create)


@writes.resolver(type_name="Mutation", field_name="updateTaskList")
@only_selected(writes)
def update_task_list(**arguments: Any) -> Document:
    """Change a list."""

    def update(service: TaskListService) -> TaskList:
        command = UpdateTaskListInput.model_validate(arguments.get("input"))
        return service.update(command.command(current_caller(writes).id, bootstrap.now()))

    return _payload(update)


@writes.resolver(type_name="Mutation", field_name="deleteTaskList")
@only_selected(writes)
def delete_task_list(**arguments: Any) -> Document:
    """Delete a list, and change its tasks as the input says, as many as one request may change."""
    owner_id, service = current_caller(writes).id, bootstrap.task_list_service()
    store, recorded = RecordedChanges.of(service.tasks)
    lists, recorded_lists = RecordedLists.of(service.lists)
    try:
        command = DeleteTaskListInput.model_validate(arguments.get("input")).command(owner_id, bootstrap.now())
        done = replace(service, tasks=store, lists=lists).delete(command)
    except (TaskError, ValidationError) as error:
        failed: Document = {"deletedListId": None, "changedTaskIds": [], "undo": None}
        return {**failed, "hasMore": is_unfinished(error), "errors": user_errors(error)}
    steps: list[Step] = [*recorded_lists.steps, *recorded.steps]
    return {
        "deletedListId": list_id(owner_id, done.task_list.id) if done.task_list.deleted else None,
        "changedTaskIds": [task_id(owner_id, id_) for id_ in done.changed_ids],
        "hasMore": done.has_more,
        "undo": undo_token(writes, steps) if selection_of(writes).has("undo") else None,
        "errors": [],
    }


def _payload(change: Callable[[TaskListService], TaskList]) -> Document:
    service = bootstrap.task_list_service()
    lists, recorded = RecordedLists.of(service.lists)
    try:
        changed = change(replace(service, lists=lists))
    except ListConflictError as error:
        return {"taskList": task_list_document(error.task_list), "undo": None, "errors": user_errors(error)}
    except (TaskError, ValidationError) as error:
        return {"taskList": None, "undo": None, "errors": user_errors(error)}
    undo = undo_token(writes, recorded.steps) if selection_of(writes).has("undo") else None
    return {"taskList": task_list_document(changed), "undo": undo, "errors": []}


def _readable(event: AppSyncResolverEvent) -> GlobalId | None:
    source: dict[str, Any] = event.source or {}
    parsed = parse_global_id(source.get("id", ""))
    return parsed if parsed and caller_of(event.get("identity")).can_read(parsed.owner_id) else None


def _counts(name: GlobalId, statistics: Statistics) -> Document:
    pending, in_progress, completed = (statistics.count_in_list(name.place, status) for status in TaskStatus)
    return {"pending": pending, "inProgress": in_progress, "completed": completed}
