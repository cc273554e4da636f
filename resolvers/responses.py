"""Responses of the GraphQL API: tasks, lists and errors in the format of the schema."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from taskbell.api.error_messages import message_for
from taskbell.api.graphql_documents import task_document
from taskbell.application.serialization import Document
from taskbell.domain.exceptions import ConflictError, ListConflictError, TaskError, UnavailableError
from taskbell.domain.occurrences import Occurrences
from taskbell.domain.queries import Page
from taskbell.domain.task import Task

T = TypeVar("T")


class ForbiddenError(Exception):
    """The caller may not do this; the message says what."""


def payload(change: Callable[[], Task | Occurrences], *path: str) -> Document:
    """Return a `TaskPayload` with the task that `change` returns, or the errors that it raises.

    `path` follows `input` in the paths of errors, if the input is one of a list.
    """
    try:
        changed = change()
        task, next_ = (changed.task, changed.next) if isinstance(changed, Occurrences) else (changed, None)
        next_document = task_document(next_) if next_ else None
        return {"task": task_document(task), "next": next_document, "undo": None, "errors": []}
    except (TaskError, ValidationError) as error:
        stored = error.task if isinstance(error, ConflictError) else None
        shown = task_document(stored) if stored else None
        return {"task": shown, "next": None, "undo": None, "errors": user_errors(error, *path)}


def user_errors(error: TaskError | ValidationError, *path: str) -> list[Document]:
    """Return the `UserError`s of an exception."""
    if isinstance(error, ValidationError):
        return [_invalid(detail, path) for detail in error.errors(include_url=False)]
    stored = error.task if isinstance(error, ConflictError) else None
    field = ["input", *path, *map(to_camel, error.field)] if error.field else None
    version = stored.version if stored else None
    if isinstance(error, ListConflictError):
        version = error.task_list.version
    return [{"code": error.code, "message": error.message, "field": field, "currentVersion": version}]


def is_unfinished(error: TaskError | ValidationError) -> bool:
    """Return whether a change of many tasks that failed is to be repeated: some of them may be changed."""
    return isinstance(error, UnavailableError)


def connection(page: Page[T], after: str | None, node_of: Callable[[T], Document]) -> Document:
    """Return a connection, such as `TaskConnection`."""
    nodes = [node_of(item) for item in page.items]
    return {
        "edges": [{"cursor": cursor, "node": node} for cursor, node in zip(page.cursors, nodes, strict=True)],
        "nodes": nodes,
        "pageInfo": {
            "hasNextPage": page.has_next,
            "hasPreviousPage": after is not None,
            "startCursor": page.cursors[0] if page.cursors else None,
            "endCursor": page.end_cursor,
        },
    }


def error_answer(type_: str, message: str, **info: object) -> Document:
    """Return a function's answer that AppSync raises as a GraphQL error (infrastructure/call_function.js).

    Args:
        type_: The code: VALIDATION, FORBIDDEN, NOT_FOUND, LIMIT_EXCEEDED, UNAVAILABLE or INTERNAL.
        message: What a person may read.
        info: What a program may read: `field`, the path of the argument, where the error is of one.
    """
    return {"error": {"type": type_, "message": message, "info": {"field": None, **info}}}


def refusal(error: ForbiddenError | TaskError | ValidationError) -> Document:
    """Return the answer for a field whose type has no errors of its own; of several errors the first."""
    if isinstance(error, ForbiddenError):
        return error_answer("FORBIDDEN", str(error))
    if isinstance(error, TaskError):
        field = list(map(to_camel, error.field)) if error.field else None
        return error_answer(error.code, error.message, field=field)
    first = _invalid(error.errors(include_url=False)[0], ())
    return error_answer(first["code"], first["message"], field=first["field"][1:])


def _invalid(detail: Any, path: tuple[str, ...]) -> Document:
    field = ["input", *path, *map(str, detail["loc"])]
    return {"code": "VALIDATION", "message": message_for(detail), "field": field, "currentVersion": None}
