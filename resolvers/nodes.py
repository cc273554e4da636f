"""Resolvers of things by their ids, whatever they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router

from resolvers.dispatch import current_caller
from resolvers.inputs import NodeArguments, NodesArguments
from resolvers.viewer import viewer_document
from taskbell import bootstrap
from taskbell.api.global_ids import GlobalId, parse_global_id
from taskbell.api.graphql_documents import task_document
from taskbell.api.identity import Caller
from taskbell.application.ports import TaskName
from taskbell.application.serialization import Document
from taskbell.domain.task import Task

router = Router()


@router.resolver(type_name="Query", field_name="node")
def node(**arguments: Any) -> Document | None:
    """Return what has an id; None if it does not exist, is deleted, or the caller may not read it."""
    return _read([NodeArguments.model_validate(arguments).id])[0]


@router.resolver(type_name="Query", field_name="nodes")
def nodes(**arguments: Any) -> list[Document | None]:
    """Return what has each of some ids, as `node` does, with one request to the table.

    Answers are whole: AppSync does not tell what is selected of the types of an interface.
    """
    return _read(NodesArguments.model_validate(arguments).ids)


def _read(ids: Sequence[str]) -> list[Document | None]:
    caller = current_caller(router)
    parsed = [parse_global_id(id_) for id_ in ids]
    readable = [name if name and caller.can_read(name.owner_id) else None for name in parsed]
    tasks = {TaskName(name.owner_id, name.task_id) for name in readable if name and name.type == "Task"}
    found = bootstrap.things().tasks(tasks) if tasks else {}
    return [_document(name, found, caller) if name else None for name in readable]


def _document(name: GlobalId, tasks: Mapping[TaskName, Task], caller: Caller) -> Document | None:
    if name.type == "Viewer" and name.owner_id == caller.id:
        return {"__typename": name.type, **viewer_document(caller, bootstrap.profiles().get(caller.id))}
    task = tasks.get(TaskName(name.owner_id, name.task_id)) if name.type == "Task" else None
    return {"__typename": name.type, **task_document(task)} if task and not task.deleted else None
