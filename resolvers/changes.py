"""Resolver of what has changed since a client last asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router

from resolvers.arguments import ChangesArguments
from resolvers.dispatch import current_caller, readable_owner
from resolvers.references import tasks_of
from resolvers.selection import Selection, selection_of
from taskbell import bootstrap
from taskbell.api.global_ids import list_id, notification_id, task_id
from taskbell.api.graphql_documents import notification_document, task_document, task_list_document
from taskbell.api.identity import Caller
from taskbell.application.serialization import Document
from taskbell.domain.changes import Change, ChangeKind
from taskbell.domain.notification import Notification
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList

router = Router()


@router.resolver(type_name="Query", field_name="changes")
def changes(**arguments: Any) -> Document:
    """Return a page of an owner's changes. Notifications are their owner's alone: others do not get them."""
    args = ChangesArguments.model_validate(arguments)
    owner_id, caller = readable_owner(router, args.owner_id), current_caller(router)
    selected = _selected_of_nodes(selection_of(router))
    page = bootstrap.change_feed().since(owner_id, args.since, args.limit)
    own = owner_id == caller.id
    shown = [change for change in page.changes if own or change.kind is not ChangeKind.NOTIFICATION]
    return {
        "nodes": _documents(shown, caller, selected),
        "cursor": page.cursor,
        "hasMore": page.has_more,
        "fullSyncRequired": page.full_sync_required,
    }


def _selected_of_nodes(selection: Selection) -> Selection:
    """Return what is selected of the node of each change; of an interface, AppSync needs the name of the type too."""
    for name in ("nodes", "node"):
        if selection.fields is not None:
            selection = selection.fields.get(name, Selection({}))
    return selection if selection.fields is None else replace(selection, fields={**selection.fields, **_TYPE_NAME})


def _documents(shown: Sequence[Change], caller: Caller, selected: Selection) -> list[Document]:
    notified = [change.node for change in shown if isinstance(change.node, Notification)]
    seen_until = bootstrap.profiles().get(caller.id).seen_until if notified else None
    tasks = tasks_of(notified) if selected.has("task") else {}

    def document(change: Change) -> Document:
        match change.node:
            case Task():
                node = {"__typename": "Task", **task_document(change.node)}
            case TaskList():
                node = {"__typename": "TaskList", **task_list_document(change.node)}
            case Notification():
                node = {"__typename": "Notification", **_notification(change.node, seen_until, tasks)}
            case None:
                return {"nodeId": _id_of(change), "version": change.version, "deleted": True}
        return {"nodeId": node["id"], "version": change.version, "deleted": False, "node": selected.of(node)}

    return [document(change) for change in shown]


def _notification(notification: Notification, seen_until: datetime | None, tasks: Mapping[str, Task]) -> Document:
    return notification_document(notification, seen_until, tasks.get(notification.task_id))


def _id_of(change: Change) -> str:
    """Return the global id of what a change is of."""
    if change.kind is ChangeKind.TASK:
        return task_id(change.owner_id, change.id)
    if change.kind is ChangeKind.LIST:
        return list_id(change.owner_id, change.id)
    task, at = change.id.split(":", 1)
    return notification_id(change.owner_id, task, at)


_TYPE_NAME = {"__typename": Selection({})}
