"""Responses: tasks in the JSON format of the legacy services (docs/reference/rest-api.md), and errors."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import ValidationError

from taskbell.api.error_messages import message_for
from taskbell.domain.changes import ChangePage
from taskbell.domain.exceptions import ConflictError, TaskError
from taskbell.domain.occurrences import Occurrences
from taskbell.domain.queries import Page
from taskbell.domain.task import Task
from taskbell.domain.timestamps import format_timestamp
from taskbell.rest.requests import Status

Json = dict[str, Any]
HttpResponse = Response[str]

_STATUSES = {
    "NOT_FOUND": HTTPStatus.NOT_FOUND,
    "CONFLICT": HTTPStatus.CONFLICT,
    "UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
}
_NAMES = {"id": "task_id", "key": "task_id"}


def task_name(task: Task) -> str:
    """Return what this API calls a task: its key, or its id if it has none."""
    return task.key or task.id


def task_json(task: Task) -> Json:
    """Return a task as the legacy services did, with its version for `expected_version`."""
    return {
        "task_id": task_name(task),
        "title": task.title,
        "description": task.description,
        "status": Status[task.status.name].value,
        "created_at": format_timestamp(task.created_at),
        "version": task.version,
    }


def occurrences_json(changed: Occurrences) -> Json:
    """Return a task, and its next occurrence if it repeats and was completed."""
    return task_json(changed.task) | ({"next": task_json(changed.next)} if changed.next else {})


def page_json(page: Page[Task]) -> Json:
    """Return a page of a list; `next` is null on the last page."""
    return {
        "tasks": [task_json(task) for task in page.items],
        "next": page.end_cursor if page.has_next else None,
    }


def changes_json(page: ChangePage) -> Json:
    """Return what has changed: the live tasks, each with its id besides its name, and the ids of the deleted ones."""
    tasks = [change.node for change in page.changes if isinstance(change.node, Task)]
    return {
        "tasks": [{"id": task.id, **task_json(task)} for task in tasks],
        "deleted": [change.id for change in page.changes if change.deleted],
        "cursor": page.cursor,
        "has_more": page.has_more,
        "full_sync_required": page.full_sync_required,
    }


def json_response(status: HTTPStatus, body: Json, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return a response with a JSON body, which is not cached."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    all_headers = {"Cache-Control": "no-store", **(headers or {})}
    return Response(status_code=status, content_type="application/json", body=content, headers={**all_headers})


def error_response(
    status: HTTPStatus,
    code: str,
    message: str,
    field: list[str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return a response with one error."""
    return json_response(status, {"errors": [{"field": field or [], "message": message, "code": code}]}, headers)


def validation_error_response(error: ValidationError) -> HttpResponse:
    """Return 422 with every validation error, or 400 for invalid JSON."""
    details = error.errors(include_url=False, include_input=False)
    if details[0]["type"] == "json_invalid":
        return error_response(HTTPStatus.BAD_REQUEST, "MALFORMED", "The body is not JSON.")
    errors = [
        {"field": [str(step) for step in detail["loc"]], "message": message_for(detail), "code": "VALIDATION"}
        for detail in details
    ]
    return json_response(HTTPStatus.UNPROCESSABLE_ENTITY, {"errors": errors})


def task_error_response(error: TaskError, names: Mapping[str, str] = _NAMES) -> HttpResponse:
    """Return the response to an error of a use case.

    Args:
        error: The error. The response to a conflict has the stored task, unless it is deleted.
        names: Names of fields that differ in this API.
    """
    field = [names.get(step, step) for step in error.field or ()]
    body: Json = {"errors": [{"field": field, "message": error.message, "code": error.code}]}
    if isinstance(error, ConflictError) and error.task:
        body["task"] = task_json(error.task)
    status = _STATUSES.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return json_response(status, body, {"Retry-After": "1"} if status is HTTPStatus.SERVICE_UNAVAILABLE else None)
