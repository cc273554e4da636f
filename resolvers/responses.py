"""What callers are told: tasks and lists in the contract's form, and errors translated, once for the whole API."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from taskbell.api.error_messages import told
from taskbell.api.identity import Caller
from taskbell.application.serialization import Document, public_event, public_task
from taskbell.domain.events import TaskEvent
from taskbell.domain.exceptions import Conflict, TaskError
from taskbell.domain.queries import Page
from taskbell.domain.task import Task

T = TypeVar("T")


class RequestRefused(Exception):
    """A request that makes no sense or is not allowed, as a GraphQL error: `CODE: why`."""


def payload(change: Callable[[], Task], who: Caller, *place: str) -> Document:
    """A `TaskPayload`: the task that `change` answers with, or why it was refused.

    `place` stands behind `input` in the paths of errors, where the input is one of many.
    """
    try:
        return {"task": task_node(change(), who), "errors": []}
    except (TaskError, ValidationError) as refusal:
        stored = refusal.task if isinstance(refusal, Conflict) else None
        return {"task": task_node(stored, who) if stored else None, "errors": refusals(refusal, *place)}


def task_node(task: Task, who: Caller) -> Document:
    """A `Task`, as that caller sees it."""
    own = task.owner_id == who.id
    return public_task(task) | {"viewerCan": {"update": own, "delete": own}}


def event_node(event: TaskEvent, who: Caller) -> Document:
    """A `TaskEvent`, as that caller sees it."""
    return public_event(event) | {"task": task_node(event.task, who)}


def refusals(refusal: TaskError | ValidationError, *place: str) -> list[Document]:
    """The `UserError`s that say why."""
    if isinstance(refusal, ValidationError):
        return [_invalid(error, place) for error in refusal.errors(include_url=False)]
    stored = refusal.task if isinstance(refusal, Conflict) else None
    field = ["input", *place, *map(to_camel, refusal.field)] if refusal.field else None
    version = stored.version if stored else None
    return [{"code": refusal.code, "message": refusal.message, "field": field, "currentVersion": version}]


def connection(page: Page[T], after: str | None, node_of: Callable[[T], Document]) -> Document:
    """A connection: `TaskConnection` and its like."""
    nodes = [node_of(item) for item in page.items]
    return {
        "edges": [{"cursor": cursor, "node": node} for cursor, node in zip(page.cursors, nodes, strict=True)],
        "nodes": nodes,
        "pageInfo": {
            "hasNextPage": page.has_next,
            "hasPreviousPage": after is not None,
            "startCursor": page.cursors[0] if page.cursors else None,
            "endCursor": page.cursors[-1] if page.cursors else None,
        },
    }


def refusal_of(error: ValidationError | TaskError) -> RequestRefused:
    """The GraphQL error for a query, which has no place for errors of its own."""
    if isinstance(error, TaskError):
        return RequestRefused(f"{error.code}: {error.message}")
    first = _invalid(error.errors(include_url=False)[0], ())
    return RequestRefused(f"VALIDATION: {'.'.join(first['field'][1:])}: {first['message']}")


def _invalid(error: Any, place: tuple[str, ...]) -> Document:
    field = ["input", *place, *map(str, error["loc"])]
    return {"code": "VALIDATION", "message": told(error), "field": field, "currentVersion": None}
