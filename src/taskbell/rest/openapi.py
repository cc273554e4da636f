"""The OpenAPI 3.1 document, generated from the models of requests and responses."""

from collections.abc import Mapping
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field
from pydantic.json_schema import models_json_schema

from taskbell.api.field_types import TaskId
from taskbell.rest.requests import Deletion, Input, ListOfTasks, NewTask, OneTask, Status, StatusChange, TaskToProcess

Document = dict[str, Any]
_REF = "#/components/schemas/{model}"


class Task(BaseModel):
    """A task."""

    task_id: TaskId
    title: str
    description: str | None
    status: Status
    created_at: AwareDatetime
    version: int = Field(description="Grows with every stored change; what `expected_version` refers to.")


class ChangedStatus(Task):
    """A task whose status was changed."""

    next: Task | None = Field(None, description="The next occurrence of a completed task that repeats; else left out.")


class TaskPage(BaseModel):
    """A page of a list of tasks, newest first."""

    tasks: list[Task]
    next: str | None = Field(description="Pass it as `after` to get the next page; null on the last page.")


class ChangedTask(Task):
    """A task that has changed."""

    id: TaskId = Field(description="Its id, which does not depend on the client's choice.")


class TaskChanges(BaseModel):
    """What has changed, in no particular order; each task once, in its newest state."""

    tasks: list[ChangedTask]
    deleted: list[TaskId] = Field(description="The ids of tasks that are deleted.")
    cursor: str = Field(description="Pass it as `since` to go on.")
    has_more: bool
    full_sync_required: bool = Field(description="Forget what you have, and go on with `cursor`.")


class Fault(BaseModel):
    """An error."""

    field: list[str] = Field(description="Path in the input; empty for all of it.")
    message: str = Field(description="For users.")
    code: str = Field(description="For programs: VALIDATION, NOT_FOUND, CONFLICT, ...")


class Problem(BaseModel):
    """The errors of a request."""

    errors: list[Fault]


class Conflict(Problem):
    """The errors of a request, and the stored task (left out if it is deleted)."""

    task: Task | None = None


_MODELS = (NewTask, TaskToProcess, StatusChange, Task, ChangedStatus, TaskPage, TaskChanges, Problem, Conflict)
_ID = {
    "name": "task_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
}
_ERRORS = {
    "400": ("The body is not JSON", "Problem"),
    "401": ("Not authenticated", "Refusal"),
    "404": ("The task does not exist, or the caller may not access it", "Problem"),
    "408": ("The request did not arrive in time", "Refusal"),
    "409": ("Another task has this id, or the task is not at the expected version", "Conflict"),
    "413": ("The body is larger than 6 MB", "Refusal"),
    "422": ("The input is not valid; there is an error for each problem", "Problem"),
    "429": ("Too many requests", "Refusal"),
    "431": ("The headers and the query are longer than 10,240 bytes", "Refusal"),
    "500": ("An unexpected error", "Problem"),
    "503": ("A required service did not respond; try again", "Problem"),
}
_ALWAYS = ("401", "408", "413", "422", "429", "431", "500", "503")


def openapi_document(*, guests: bool) -> Document:
    """Return the document; where guests are allowed, authentication is optional."""
    _, schemas = models_json_schema([(model, "validation") for model in _MODELS], ref_template=_REF)
    # The response of API Gateway itself, before the function is called.
    gateway_error = {
        "type": "object",
        "properties": {"message": {"type": "string"}},
        "description": "An error of API Gateway itself.",
    }
    bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A token of the user pool."}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Taskbell",
            "version": "1.0.0",
            "description": "Tasks of students over HTTP. The GraphQL API has the same tasks, with all their fields.",
        },
        "servers": [{"url": "/"}],
        "security": [{"cognito": []}, *([{}] if guests else [])],
        "paths": _paths(),
        "components": {
            "schemas": {**schemas["$defs"], "Refusal": gateway_error},
            "securitySchemes": {"cognito": bearer},
        },
    }


def _paths() -> Document:
    return {
        "/task": {"post": _create()},
        "/tasks": {"get": _list(), "post": _start()},
        "/task/{task_id}": {"get": _show(), "put": _change(), "delete": _delete()},
    }


def _create() -> Document:
    created = _response("201", "Created", "Task")
    return _operation("createTask", "Create a task", created, "400 409") | _body("NewTask")


def _list() -> Document:
    page = _response("200", "A page of the list; with `since`, what has changed", "TaskPage")
    schemas = [{"$ref": _REF.format(model=model)} for model in ("TaskPage", "TaskChanges")]
    page["200"]["content"]["application/json"]["schema"] = {"oneOf": schemas}
    return _operation("listTasks", "List tasks, newest first", page) | {"parameters": _query(ListOfTasks)}


def _start() -> Document:
    accepted = _response("202", "Stored; the pipeline continues", "Task")
    return _operation("startTask", "Create a task for the pipeline", accepted, "400 409") | _body("TaskToProcess")


def _show() -> Document:
    found = _response("200", "The task", "Task")
    return _operation("showTask", "Show a task", found, "404") | {"parameters": [_ID, *_query(OneTask)]}


def _change() -> Document:
    changed = _response("200", "The stored task", "ChangedStatus")
    operation = _operation("changeStatus", "Change a task's status", changed, "400 404 409")
    return operation | _body("StatusChange") | {"parameters": [_ID]}


def _delete() -> Document:
    deleted = _response("204", "Deleted")
    return _operation("deleteTask", "Delete a task", deleted, "404 409") | {"parameters": [_ID, *_query(Deletion)]}


def _operation(name: str, summary: str, success: Document, errors: str = "") -> Document:
    responses: Document = {}
    for status in sorted({*errors.split(), *_ALWAYS}):
        responses |= _response(status, *_ERRORS[status])
    return {"operationId": name, "summary": summary, "tags": ["tasks"], "responses": {**success, **responses}}


def _response(status: str, description: str, model: str | None = None) -> Document:
    return {status: {"description": description} | (_content(model) if model else {})}


def _body(model: str) -> Document:
    return {"requestBody": {"required": True} | _content(model)}


def _content(model: str) -> Document:
    return {"content": {"application/json": {"schema": {"$ref": _REF.format(model=model)}}}}


def _query(model: type[Input]) -> list[Document]:
    """Return the fields of a model as query parameters, which are left out instead of null."""
    schema = model.model_json_schema()
    return [_parameter(name, field, schema.get("$defs", {})) for name, field in schema["properties"].items()]


def _parameter(name: str, field: Mapping[str, Any], definitions: Mapping[str, Any]) -> Document:
    variant = next((choice for choice in field.get("anyOf", ()) if choice.get("type") != "null"), field)
    reference = variant.get("$ref")
    schema = definitions[reference.rpartition("/")[2]] if reference else variant
    kept = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    return {"name": name, "in": "query", "required": False, "description": field["description"], "schema": kept}
