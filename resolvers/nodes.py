"""Resolvers of things by their ids, whatever they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router

from resolvers.arguments import NodeArguments, NodesArguments
from resolvers.dispatch import current_caller
from resolvers.references import tasks_of
from resolvers.viewer import viewer_document
from taskbell import bootstrap
from taskbell.api.global_ids import GlobalId, parse_global_id
from taskbell.api.graphql_documents import event_document, notification_document, task_document, task_list_document
from taskbell.api.identity import Caller
from taskbell.application.ports import EntryName, ListName, NotificationName, TaskName, Thing, ThingName
from taskbell.application.serialization import Document
from taskbell.domain.events import HistoryEntry
from taskbell.domain.notification import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList
from taskbell.domain.timestamps import parse_timestamp

router = Router()


@router.resolver(type_name="Query", field_name="node")
def node(**arguments: Any) -> Document | None:
    """Return what has an id; None if it does not exist, is deleted, or the caller may not read it."""
    return _read([NodeArguments.model_validate(arguments).id])[0]


@router.resolver(type_name="Query", field_name="nodes")
def nodes(**arguments: Any) -> list[Document | None]:
    """Return what has each of some ids, as `node` does, with one request to the table.

    The tasks of notifications take another one.

    Answers are whole: AppSync does not tell what is selected of the types of an interface.
    """
    return _read(NodesArguments.model_validate(arguments).ids)


def _read(ids: Sequence[str]) -> list[Document | None]:
    caller = current_caller(router)
    parsed = [parse_global_id(id_) for id_ in ids]
    ours = [name if name and _may_read(caller, name) else None for name in parsed]
    names = {name: _stored_name(name) for name in ours if name and name.type != "Viewer"}
    found = bootstrap.things().read(set(names.values())) if names else {}
    needs_profile = any(name and name.type in {"Viewer", "Notification"} for name in ours)
    profile = bootstrap.profiles().get(caller.id) if needs_profile else Profile(caller.id)
    tasks = tasks_of([thing for thing in found.values() if isinstance(thing, Notification)])

    def document(name: GlobalId | None) -> Document | None:
        thing = found.get(names[name]) if name in names else None
        shown = _document(caller, profile, name, thing, tasks) if name else None
        return {"__typename": name.type, **shown} if name and shown else None

    return [document(name) for name in ours]


def _document(
    caller: Caller, profile: Profile, name: GlobalId, thing: Thing | None, tasks: Mapping[str, Task]
) -> Document | None:
    match thing:
        case Task():
            return None if thing.deleted else task_document(thing)
        case HistoryEntry():
            return event_document(thing)
        case TaskList():
            return None if thing.deleted else task_list_document(thing)
        case Notification():
            return None if thing.dismissed_at else _notification(thing, profile, tasks)
        case None:
            return viewer_document(caller, profile) if name.type == "Viewer" else None


def _notification(notification: Notification, profile: Profile, tasks: Mapping[str, Task]) -> Document:
    return notification_document(notification, profile.seen_until, tasks.get(notification.task_id))


def _may_read(caller: Caller, name: GlobalId) -> bool:
    """Return whether the caller may read it: settings and notifications are their owner's alone."""
    if name.type == "TaskListSection":  # read with its list
        return False
    return name.owner_id == caller.id or (
        name.type in {"Task", "TaskEvent", "TaskList"} and caller.can_read(name.owner_id)
    )


def _stored_name(name: GlobalId) -> ThingName:
    match name.type:
        case "TaskEvent":
            return EntryName(name.owner_id, name.task_id, int(name.place))
        case "TaskList":
            return ListName(name.owner_id, name.place)
        case "Notification":
            return NotificationName(name.owner_id, name.task_id, parse_timestamp(name.place))
        case _:
            return TaskName(name.owner_id, name.task_id)
