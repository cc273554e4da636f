"""Responses of the HTTP API on each route, and what it stores."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from tests.characterization import subjects
from tests.characterization.golden import agree
from tests.characterization.stage import Item, MotoStage
from tests.support.http_api import bearer

ADA = {"sub": "ada", "cognito:username": "ada", "cognito:groups": "[students]"}
GRACE = {"sub": "grace", "username": "grace", "cognito:groups": "[students staff]"}
NOBODY = None

# Requests by route: the path or the query, the body, and who asks.
CASES: dict[str, list[tuple[str, Any, Any]]] = {
    "POST /task": [
        ("/task", {"title": " Read ", "description": "Chapter 4", "task_id": "new"}, ADA),
        ("/task", {"title": "Without an id"}, ADA),
        ("/task", {"title": "Write the essay", "task_id": "essay"}, ADA),
        ("/task", {"title": "Another", "task_id": "essay"}, ADA),
        ("/task", {"title": "Another", "task_id": "deleted"}, ADA),
        ("/task", {"title": "", "description": 5, "task_id": "no/slash", "more": 1}, ADA),
        ("/task", {"title": "x" * 201}, ADA),
        ("/task", {}, ADA),
        ("/task", [], ADA),
        ("/task", "{", ADA),
        ("/task", None, ADA),
        ("/task?more=1", {"title": "x"}, ADA),
        ("/task", {"title": "x"}, NOBODY),
    ],
    "GET /tasks": [
        ("/tasks", None, ADA),
        ("/tasks?status=In+Progress", None, ADA),
        ("/tasks?first=2", None, ADA),
        ("/tasks?owner_id=ada&first=1", None, GRACE),
        ("/tasks?owner_id=guest", None, ADA),
        ("/tasks?status=Done&first=0&after=x&more=1", None, ADA),
        ("/tasks?first=many", None, ADA),
        ("/tasks?after=nonsense", None, ADA),
        ("/tasks?first=1&first=2", None, ADA),
        ("/tasks?search=proj&order_by=TITLE&direction=ASC", None, ADA),
        ("/tasks?search=&label=SCHOOL&has_due_date=true", None, ADA),
        ("/tasks?due=UPCOMING&days=366", None, ADA),
        ("/tasks?due=OVERDUE&order_by=PRIORITY", None, ADA),
        ("/tasks?due=TODAY&days=2", None, ADA),
        ("/tasks?due=TODAY&has_due_date=false", None, ADA),
        ("/tasks?order_by=COLOUR&direction=UP&has_due_date=1&label=", None, ADA),
        ("/tasks?since=&search=x", None, ADA),
        ("/tasks", None, NOBODY),
    ],
    "POST /tasks": [
        ("/tasks", {"taskID": "task-173"}, ADA),
        ("/tasks", {"taskID": "new", "title": "With a title"}, ADA),
        ("/tasks", {"taskID": "essay"}, ADA),
        ("/tasks", {"task_id": "x"}, ADA),
        ("/tasks", {"taskID": "a b", "title": " "}, ADA),
        ("/tasks", "nonsense", ADA),
        ("/tasks", {"taskID": "x"}, NOBODY),
    ],
    "GET /task/{task_id}": [
        ("/task/report", None, ADA),
        ("/task/report?owner_id=ada", None, GRACE),
        ("/task/errand?owner_id=guest", None, ADA),
        ("/task/missing", None, ADA),
        ("/task/deleted", None, ADA),
        ("/task/no space", None, ADA),
        ("/task/report?more=1", None, ADA),
        ("/task/report", None, NOBODY),
    ],
    "PUT /task/{task_id}": [
        ("/task/essay", {"status": "In Progress", "expected_version": 1}, ADA),
        ("/task/report", {"status": "Completed"}, ADA),
        ("/task/essay", {"status": "Pending"}, ADA),
        ("/task/report", {"status": "Pending", "expected_version": 1}, ADA),
        ("/task/report", {"status": "Pending", "expected_version": 9}, ADA),
        ("/task/missing", {"status": "Pending"}, ADA),
        ("/task/essay", {"status": "PENDING", "expected_version": "1"}, ADA),
        ("/task/essay", {}, ADA),
        ("/task/essay", "{", ADA),
        ("/task/essay", {"status": "Completed"}, GRACE),
        ("/task/essay", {"status": "Completed"}, NOBODY),
    ],
    "DELETE /task/{task_id}": [
        ("/task/essay", None, ADA),
        ("/task/report?expected_version=4", None, ADA),
        ("/task/report?expected_version=1", None, ADA),
        ("/task/report?expected_version=x", None, ADA),
        ("/task/deleted", None, ADA),
        ("/task/missing", None, ADA),
        ("/task/essay", None, GRACE),
        ("/task/essay", None, NOBODY),
    ],
    "PATCH *": [("/task", {}, ADA), ("/tasks", {}, ADA), ("/task/essay", {}, ADA), ("/", {}, ADA)],
    "GET *": [("/", None, ADA), ("/openapi.json", None, ADA), ("/docs", None, ADA), ("/docs/start.js", None, ADA)],
}


@pytest.mark.parametrize("route", CASES)
def test_the_response_of_a_route_and_its_effects_are_unchanged(stage: MotoStage, route: str) -> None:
    method = route.partition(" ")[0]
    name = route.replace("/", "_").replace(" ", "").replace("*", "_else").replace("{", "").replace("}", "")
    agree(f"rest/{name}.json", [_asked(stage, method, *case) for case in CASES[route]])


def test_next_pages_of_a_list_are_unchanged(stage: MotoStage) -> None:
    first = _asked(stage, "GET", "/tasks?first=6", None, ADA)
    after = {"first": 6, "after": first["body"]["next"]}
    agree("rest/next.json", [first, _asked(stage, "GET", f"/tasks?{urlencode(after)}", None, ADA)])


def test_decoding_a_base64_body_is_unchanged(stage: MotoStage) -> None:
    texts = (b'{"taskID": "new"}', b'{"taskID": "\xff"}')
    encoded = [{"body": base64.b64encode(text).decode(), "isBase64Encoded": True} for text in texts]
    agree(
        "rest/base64.json", [_told(stage.call("serveRest", _event("POST", "/tasks", ADA) | body)) for body in encoded]
    )


def test_guests_and_the_description_are_let_in_where_a_stage_does(
    stage: MotoStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ("/openapi.json", "/docs", "/docs/start.js", "/docs/other.js")
    monkeypatch.setenv("API_PAGE", "shown")
    shown = [_asked(stage, "GET", path, None, NOBODY) for path in paths]
    monkeypatch.setenv("GUEST", "allowed")
    description = _asked(stage, "GET", "/openapi.json", None, NOBODY)["body"]
    task = _asked(stage, "GET", "/task/errand", None, NOBODY)
    agree("rest/shown.json", {"without guests": shown, "security with guests": description["security"], "task": task})


def test_messages_of_internal_errors_are_unchanged(stage: MotoStage) -> None:
    stage.set(deletedTaskRetentionDays="many")
    subjects.forget_wiring()
    wrong_setting = _asked(stage, "DELETE", "/task/essay", None, ADA, keep=True)
    stage.store({"pk": "OWNER#ada", "sk": "TASK#odd", "version": 3})
    fault = _asked(stage, "GET", "/task/odd", None, ADA, keep=True)
    subjects.forget_wiring()
    agree("rest/faults.json", {"wrong setting": wrong_setting, "unreadable item": fault})


def test_every_route_of_the_template_is_covered() -> None:
    template = yaml.safe_load(subjects.SERVERLESS.read_text(encoding="utf-8").replace("!", ""))
    events = template["functions"]["serveRest"]["events"]
    routes = {f"{route['method']} {route['path']}" for route in (event["httpApi"] for event in events) if route != "*"}
    assert routes == {route for route in CASES if "*" not in route}


def _asked(stage: MotoStage, method: str, path: str, body: Any, who: Any, *, keep: bool = False) -> Item:
    """A request to the API as it was at the beginning, unless that is kept."""
    if not keep:
        stage.reset()
    before = stage.items()
    text = body if isinstance(body, str) else json.dumps(body)
    event = _event(method, path, who) | ({} if body is None else {"body": text})
    answer = stage.call("serveRest", event)
    request = f"{method} {path} {'' if body is None else text if len(text) < 200 else f'{text[:20]}...'}".strip()
    return {"request": request, "by": who and who["sub"], **_told(answer), "written": stage.changes(before)}


def _told(answer: Item) -> Item:
    body = answer.get("body") or ""
    headers = {name: value for name, value in answer["headers"].items() if name.lower() != "content-length"}
    is_json = "json" in str(headers.get("content-type", headers.get("Content-Type")))
    return {"status": answer["statusCode"], "headers": headers, "body": json.loads(body) if is_json and body else body}


def _event(method: str, path: str, who: Any) -> Item:
    """An event of API Gateway's payload version 2.0."""
    http = {"method": method, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "tests"}
    where, _, query = path.partition("?")
    context: Item = {"http": http | {"path": where}, "stage": "$default", "requestId": "1"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": where,
        "rawQueryString": query,
        "headers": {"content-type": "application/json"} | ({"authorization": bearer(who)} if who else {}),
        "requestContext": context | ({"authorizer": {"jwt": {"claims": who, "scopes": None}}} if who else {}),
        "isBase64Encoded": False,
    }
