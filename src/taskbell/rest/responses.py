"""What callers are told: tasks in the JSON of the first task services, and errors, once for the whole API."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import ValidationError

from taskbell.api.error_messages import told
from taskbell.domain.exceptions import Conflict, TaskError
from taskbell.domain.queries import Page
from taskbell.domain.task import Task
from taskbell.domain.timestamps import instant_text
from taskbell.rest.requests import Status

Json = dict[str, Any]
Answer = Response[str]

_STATUSES = {
    "NOT_FOUND": HTTPStatus.NOT_FOUND,
    "CONFLICT": HTTPStatus.CONFLICT,
    "UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
}
_NAMES = {"id": "task_id"}


def task_json(task: Task) -> Json:
    """A task as the seeds show it, and the version that `expected_version` refers to."""
    return {
        "task_id": task.id,
        "title": task.title,
        "description": task.description,
        "status": Status[task.status.name].value,
        "created_at": instant_text(task.created_at),
        "version": task.version,
    }


def page_json(page: Page[Task]) -> Json:
    """A page of a list; `next` is null on the last one."""
    return {
        "tasks": [task_json(task) for task in page.items],
        "next": page.cursors[-1] if page.has_next else None,
    }


def answer(status: HTTPStatus, body: Json, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(status_code=status, content_type="application/json", body=text, headers={**kept})


def problem(
    status: HTTPStatus,
    code: str,
    message: str,
    field: list[str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """A refusal for one reason."""
    return answer(status, {"errors": [{"field": field or [], "message": message, "code": code}]}, headers)


def invalid(error: ValidationError) -> Answer:
    """The answer to input that is not valid: 422 with each fault, or 400 for what is no JSON at all."""
    faults = error.errors(include_url=False, include_input=False)
    if faults[0]["type"] == "json_invalid":
        return problem(HTTPStatus.BAD_REQUEST, "MALFORMED", "The body is not JSON.")
    errors = [
        {"field": [str(step) for step in fault["loc"]], "message": told(fault), "code": "VALIDATION"}
        for fault in faults
    ]
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"errors": errors})


def refused(refusal: TaskError, names: Mapping[str, str] = _NAMES) -> Answer:
    """The answer to what the use cases refuse; `names` are this API's names of fields, where they are others.

    A conflict shows the task as it is now, if there is one.
    """
    field = [names.get(step, step) for step in refusal.field or ()]
    error: Json = {"field": field, "message": refusal.message, "code": refusal.code}
    body: Json = {"errors": [error]}
    if isinstance(refusal, Conflict) and refusal.task:
        body["task"] = task_json(refusal.task)
    status = _STATUSES.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return answer(status, body, {"Retry-After": "1"} if status is HTTPStatus.SERVICE_UNAVAILABLE else None)
