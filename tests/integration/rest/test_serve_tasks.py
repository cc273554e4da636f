"""The HTTP API, as API Gateway calls its function."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from taskbell import bootstrap
from taskbell.domain.commands import CreateTask
from taskbell.domain.recurrence import Frequency, Recurrence
from tests.support.aws import Aws, set_settings
from tests.support.http_api import ADA, GRACE, Ask, answered, request

SEEDS = {"task_id", "title", "description", "status", "created_at"}


def test_a_task_is_made_for_the_caller_and_can_be_found(ask: Ask) -> None:
    made = ask("POST", "/task", {"title": "  Read  ", "description": "Chapter 4"})
    assert (made.status, set(made.body)) == (201, SEEDS | {"version"})
    assert (made.body["title"], made.body["description"], made.body["status"]) == ("Read", "Chapter 4", "Pending")
    assert made.headers["Location"] == f"/task/{made.body['task_id']}"
    found = ask("GET", made.headers["Location"])
    assert (found.status, found.body) == (200, made.body)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, ["title"]),
        ({"title": "   "}, ["title"]),
        ({"title": None}, ["title"]),
        ({"title": 5}, ["title"]),
        ({"title": "x" * 201}, ["title"]),
        ({"title": "x", "description": "x" * 10_001}, ["description"]),
        ({"title": "x", "task_id": "no/slash"}, ["task_id"]),
        ({"title": "x", "task_id": "x" * 65}, ["task_id"]),
        ({"title": "x", "task_id": "trailing\n"}, ["task_id"]),
        ({"title": "x", "owner_id": "grace"}, ["owner_id"]),
        ([], []),
        ("5", []),
    ],
)
def test_what_is_not_valid_is_refused_with_its_field_and_nothing_is_written(
    ask: Ask, aws: Aws, wrong: Any, field: list[str]
) -> None:
    response = ask("POST", "/task", wrong)
    assert response.status == 422
    assert [(error["field"], error["code"]) for error in response.body["errors"]] == [(field, "VALIDATION")]
    assert aws.items("") == []


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "5", "true"])
def test_a_body_that_is_no_object_is_an_error(ask: Ask, body: str) -> None:
    response = ask("POST", "/task", body)
    assert response.body["errors"] == [{"field": [], "message": "Must be an object.", "code": "VALIDATION"}]


def test_every_error_of_an_input_is_reported_at_once(ask: Ask) -> None:
    assert len(ask("POST", "/task", {"title": "", "task_id": "?", "more": 1}).body["errors"]) == 3


@pytest.mark.parametrize("body", ["", "{", '{"title": "\\ud800"}', "[" * 100_000, '{"title": NaN', "\x00"])
def test_what_is_no_json_is_a_bad_request(ask: Ask, body: str) -> None:
    response = ask("POST", "/task", body)
    assert (response.status, response.body["errors"][0]["code"]) == (400, "MALFORMED")


def test_a_body_is_read_whatever_type_it_is_sent_as(aws: Aws) -> None:
    event = request("POST", "/tasks", base64.b64encode(b'{"taskID": "task-173"}').decode())
    assert answered(event | {"isBase64Encoded": True}).body["title"] == "task-173"


def test_bytes_that_are_no_text_are_a_bad_request(aws: Aws) -> None:
    event = request("POST", "/task", base64.b64encode(b'{"title": "\xff"}').decode())
    assert answered(event | {"isBase64Encoded": True}).status == 400


def test_a_task_for_the_pipeline_is_accepted_and_repeating_it_changes_nothing(ask: Ask, aws: Aws) -> None:
    first = ask("POST", "/tasks", {"taskID": "task-173"})
    assert (first.status, first.body["task_id"], first.body["title"]) == (202, "task-173", "task-173")
    again = ask("POST", "/tasks", {"taskID": "task-173"})
    assert (again.status, again.body) == (202, first.body)
    assert len(aws.items("TASK#")) == 1


def test_an_id_that_stands_for_another_task_is_a_conflict_under_the_name_that_was_sent(ask: Ask) -> None:
    first = ask("POST", "/tasks", {"taskID": "task-173", "title": "One"})
    response = ask("POST", "/tasks", {"taskID": "task-173", "title": "Another"})
    assert (response.status, response.body["task"]) == (409, first.body)
    assert [(error["field"], error["code"]) for error in response.body["errors"]] == [(["taskID"], "CONFLICT")]
    response = ask("POST", "/task", {"task_id": "task-173", "title": "Another"})
    assert [(error["field"], error["code"]) for error in response.body["errors"]] == [(["task_id"], "CONFLICT")]


@pytest.mark.parametrize("body", [{}, {"taskID": "a b"}, {"task_id": "a"}, {"taskID": 173}])
def test_a_task_for_the_pipeline_needs_a_valid_id(ask: Ask, body: Any) -> None:
    assert ask("POST", "/tasks", body).status == 422


def test_a_list_is_newest_first_filtered_and_paged(ask: Ask) -> None:
    for number in range(3):
        ask("POST", "/tasks", {"taskID": f"task-{number}"})
    ask("PUT", "/task/task-1", {"status": "In Progress"})
    first = ask("GET", "/tasks", first="2")
    rest = ask("GET", "/tasks", first="2", after=first.body["next"])
    ids = [task["task_id"] for page in (first, rest) for task in page.body["tasks"]]
    assert sorted(ids) == ["task-0", "task-1", "task-2"]
    assert rest.body["next"] is None
    (busy,) = ask("GET", "/tasks", status="In Progress").body["tasks"]
    assert (busy["task_id"], busy["status"]) == ("task-1", "In Progress")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "PENDING"}, "status"),
        ({"status": "Pending,Completed"}, "status"),
        ({"first": "0"}, "first"),
        ({"first": "101"}, "first"),
        ({"first": "many"}, "first"),
        ({"after": "nonsense"}, "after"),
        ({"after": ""}, "after"),
        ({"after": "x" * 1_001}, "after"),
        ({"page": "2"}, "page"),
        ({"first": ["1", "1"]}, "first"),
    ],
)
def test_a_query_is_checked_as_a_body_is(ask: Ask, query: Any, field: str) -> None:
    response = ask("GET", "/tasks", **query)
    assert (response.status, response.body["errors"][0]["field"]) == (422, [field])


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (("POST", "/task", {"title": "x"}), "bogus"),
        (("POST", "/tasks", {"taskID": "other"}), "first"),
        (("PUT", "/task/essay", {"status": "Completed"}), "owner_id"),
        (("PUT", "/task/essay", {"status": "Completed"}), "expected_version"),
        (("PUT", "/task/essay", {"status": "Completed", "expected_version": 1}), "expected_version"),
        (("GET", "/task/essay", None), "expected_version"),
        (("DELETE", "/task/essay", None), "owner_id"),
    ],
)
def test_what_does_not_belong_into_the_query_is_refused_and_nothing_is_written(
    ask: Ask, change: tuple[str, str, Any], name: str
) -> None:
    before = ask("POST", "/tasks", {"taskID": "essay"}).body
    response = ask(*change, **{name: "1"})
    assert (response.status, [error["field"] for error in response.body["errors"]]) == (422, [[name]])
    assert ask("GET", "/tasks").body["tasks"] == [before]


def test_a_cursor_is_good_for_its_own_list_only(ask: Ask) -> None:
    for number in range(2):
        ask("POST", "/tasks", {"taskID": f"task-{number}"})
    cursor = ask("GET", "/tasks", first="1").body["next"]
    assert ask("GET", "/tasks", first="1", status="Pending", after=cursor).status == 422
    assert ask("GET", "/tasks", None, GRACE, after=cursor).status == 422


def test_a_status_is_changed(ask: Ask) -> None:
    ask("POST", "/tasks", {"taskID": "essay"})
    for status in ("In Progress", "Completed", "Pending"):
        response = ask("PUT", "/task/essay", {"status": status})
        assert (response.status, response.body["status"]) == (200, status)


def test_the_answer_has_the_next_occurrence_of_a_task_that_repeats(ask: Ask) -> None:
    due_at = datetime(2090, 1, 15, 18, tzinfo=UTC)
    daily = CreateTask("ada", "Water the plants", key="plants", due_at=due_at, recurrence=Recurrence(Frequency.DAILY))
    bootstrap.task_service().create(daily)
    done = ask("PUT", "/task/plants", {"status": "Completed"})
    following = done.body["next"]
    assert (done.status, following["title"], following["status"]) == (200, "Water the plants", "Pending")
    assert ask("GET", f"/task/{following['task_id']}").body == following
    assert ask("PUT", "/task/plants", {"status": "Completed"}).body == done.body
    again = ask("PUT", "/task/plants", {"status": "Pending"})
    assert (again.status, "next" in again.body) == (200, False)
    assert ask("GET", f"/task/{following['task_id']}").status == 404


@pytest.mark.parametrize("body", [{}, {"status": "Done"}, {"status": None}, {"status": "Pending", "title": "x"}])
def test_only_a_status_that_there_is_can_be_set(ask: Ask, body: Any) -> None:
    ask("POST", "/tasks", {"taskID": "essay"})
    assert ask("PUT", "/task/essay", body).status == 422


@pytest.mark.parametrize("version", [True, "1", 1.5, 0, -1, 10**30, [1]])
def test_a_version_is_a_whole_number_and_nothing_that_looks_like_one(ask: Ask, version: Any) -> None:
    ask("POST", "/tasks", {"taskID": "essay"})
    response = ask("PUT", "/task/essay", {"status": "Completed", "expected_version": version})
    assert (response.status, response.body["errors"][0]["field"]) == (422, ["expected_version"])
    assert ask("GET", "/task/essay").body["version"] == 1


def test_one_point_zero_is_the_version_1(ask: Ask) -> None:
    ask("POST", "/tasks", {"taskID": "essay"})
    assert ask("PUT", "/task/essay", '{"status": "Completed", "expected_version": 1.0}').status == 200


@pytest.mark.parametrize("version", ["true", "1.0", " 1", "+1", "1_0", "0", "9" * 5_000, ""])
def test_a_version_in_a_query_is_written_in_digits(ask: Ask, version: str) -> None:
    ask("POST", "/tasks", {"taskID": "essay"})
    assert ask("DELETE", "/task/essay", expected_version=version).status == 422


def test_a_change_of_an_outdated_version_is_a_conflict_that_shows_the_task(ask: Ask) -> None:
    ask("POST", "/tasks", {"taskID": "essay"})
    changed = ask("PUT", "/task/essay", {"status": "In Progress", "expected_version": 1})
    response = ask("PUT", "/task/essay", {"status": "Completed", "expected_version": 1})
    assert (response.status, response.body["task"]) == (409, changed.body)
    assert response.body["errors"][0]["field"] == ["expected_version"]
    assert ask("DELETE", "/task/essay", expected_version="1").status == 409
    assert ask("DELETE", "/task/essay", expected_version="2").status == 204


def test_a_deleted_task_is_gone_and_its_id_is_not_free(ask: Ask) -> None:
    ask("POST", "/tasks", {"taskID": "essay"})
    response = ask("DELETE", "/task/essay")
    assert (response.status, response.body) == (204, None)
    assert [ask(method, "/task/essay").status for method in ("GET", "DELETE")] == [404, 404]
    assert ask("GET", "/tasks").body["tasks"] == []
    response = ask("POST", "/tasks", {"taskID": "essay"})
    assert (response.status, "task" in response.body) == (409, False)


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {"status": "Completed"}), ("DELETE", None)])
def test_a_missing_task_an_impossible_one_and_anothers_are_one_answer(ask: Ask, method: str, body: Any) -> None:
    ask("POST", "/tasks", {"taskID": "graces"}, GRACE)
    impossible = ("x" * 65, "im possible", "\U0001f600", 'a"b', "a\nb", "\ufffd", "a?b", "a%b", "a\x00")
    response = [ask(method, f"/task/{task_id}", body) for task_id in ("missing", "graces", *impossible)]
    assert [answer.status for answer in response] == [404] * len(response)
    assert all(answer.body == response[0].body for answer in response)
    assert response[0].body["errors"][0]["field"] == ["task_id"]


def test_staff_reads_a_students_tasks_and_nobody_else_does(ask: Ask) -> None:
    ask("POST", "/tasks", {"taskID": "adas"})
    ask("POST", "/tasks", {"taskID": "graces"}, GRACE)
    assert ask("GET", "/task/adas", None, GRACE, owner_id="ada").status == 200
    assert [task["task_id"] for task in ask("GET", "/tasks", None, GRACE, owner_id="ada").body["tasks"]] == ["adas"]
    assert ask("GET", "/task/graces", None, ADA, owner_id="grace").status == 404
    assert ask("GET", "/tasks", None, ADA, owner_id="grace").body == {"tasks": [], "next": None}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/task", "POST"),
        ("DELETE", "/tasks", "GET, POST"),
        ("PATCH", "/task/essay", "DELETE, GET, PUT"),
        ("POST", "/task/essay", "DELETE, GET, PUT"),
    ],
)
def test_another_method_gets_the_allowed_ones(ask: Ask, method: str, path: str, allowed: str) -> None:
    response = ask(method, path)
    assert (response.status, response.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize("path", ["/", "/nothing", "/task/a/b", "/task/", "/tasks/"])
def test_other_paths_are_not_there(ask: Ask, path: str) -> None:
    response = ask("GET", path)
    assert (response.status, response.body["errors"][0]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/task"),
        ("GET", "/tasks"),
        ("POST", "/tasks"),
        ("GET", "/task/a"),
        ("PUT", "/task/a"),
        ("DELETE", "/task/a"),
    ],
)
@pytest.mark.parametrize("claims", [None, {}, {"username": "no subject"}])
def test_nobody_gets_in_without_a_proved_subject(ask: Ask, method: str, path: str, claims: Any) -> None:
    response = ask(method, path, "not even JSON", claims)
    assert (response.status, response.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_without_a_token_it_is_the_guest_where_the_stage_allows_one(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUEST", "allowed")
    ask("POST", "/tasks", {"taskID": "guests"}, None)
    assert ask("GET", "/task/guests", None, None).status == 200
    assert ask("GET", "/task/guests").status == 404
    assert ask("GET", "/task/guests", None, {"username": "no subject"}).status == 401


def test_a_deletion_waits_until_the_operators_have_put_their_setting_right(ask: Ask) -> None:
    set_settings('{"deletedTaskRetentionDays": 0}')
    ask("POST", "/tasks", {"taskID": "essay"})
    response = ask("DELETE", "/task/essay")
    (error,) = response.body["errors"]
    assert (response.status, error["code"], error["field"]) == (503, "UNAVAILABLE", [])
    assert error["message"].startswith("A setting of the service is invalid.")
    assert ask("GET", "/task/essay").body["version"] == 1
    set_settings('{"deletedTaskRetentionDays": 1}')
    assert ask("DELETE", "/task/essay").status == 204


def test_an_internal_error_reveals_only_the_request_id(ask: Ask, aws: Aws) -> None:
    aws.dynamodb.delete_table(TableName="tasks")
    response = ask("GET", "/tasks")
    message = "Something went wrong on our side. Request the-request."
    assert (response.status, response.body) == (
        500,
        {"errors": [{"field": [], "message": message, "code": "INTERNAL"}]},
    )


def test_a_stage_that_hides_its_description_has_none(ask: Ask) -> None:
    assert [ask("GET", path).status for path in ("/openapi.json", "/docs", "/docs/start.js")] == [404, 404, 404]
