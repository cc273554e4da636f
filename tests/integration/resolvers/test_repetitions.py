"""Mutations whose answers were lost, sent again under the same clientMutationId."""

from typing import Any

import pytest

from resolvers import read_tasks, write_tasks
from taskbell.domain.timestamps import format_timestamp
from tests.support.aws import Aws
from tests.support.examples import NOW
from tests.support.lambdas import ADA, appsync_event, call


def mutate(field: str, input_: Any) -> Any:
    return call(write_tasks.handler, appsync_event("Mutation", field, {"input": input_}, ADA))


@pytest.fixture
def task(aws: Aws) -> dict[str, Any]:
    """A task of Ada's."""
    made: dict[str, Any] = mutate("createTask", {"key": "essay", "title": "Write the essay"})["task"]
    return made


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("updateTask", {"title": "Another"}),
        ("setTaskStatus", {"status": "COMPLETED"}),
        ("setTaskStatus", {"status": "PENDING"}),
        ("deleteTask", {}),
        ("restoreTask", {}),
    ],
)
def test_a_change_is_made_once_and_succeeds_twice(task: dict[str, Any], field: str, change: dict[str, Any]) -> None:
    input_ = {"id": task["id"], "expectedVersion": 1, "clientMutationId": "a", **change}
    first = mutate(field, input_)
    assert first["errors"] == []
    mutate("updateTask", {"id": "essay", "labels": ["b"], "clientMutationId": "b"})
    again = mutate(field, {**input_, "id": "essay"})
    assert again["errors"] == []
    assert again["task"]["version"] >= first["task"]["version"]
    assert again["task"] == mutate(field, input_)["task"]


def test_several_changes_at_once_are_made_once_each(task: dict[str, Any]) -> None:
    inputs = [{"id": "essay", "title": f"{number}", "clientMutationId": f"{number}"} for number in range(3)]
    first = mutate("updateTasks", inputs)
    again = mutate("updateTasks", inputs)
    assert [payload["errors"] for payload in first + again] == [[]] * 6
    assert {payload["task"]["version"] for payload in again} == {4}


def test_a_creation_without_a_key_is_made_once(aws: Aws) -> None:
    first, again = (mutate("createTask", {"title": "Read", "clientMutationId": "new"}) for _ in range(2))
    assert {**first, "undo": None} == again
    assert first["task"]["key"] == "new"
    mutate("deleteTask", {"id": "new"})
    deleted = mutate("createTask", {"title": "Read", "clientMutationId": "new"})
    assert (deleted["errors"], deleted["task"]["id"]) == ([], first["task"]["id"])
    assert deleted["task"]["deletedAt"]


def test_the_same_id_for_another_change_is_refused(task: dict[str, Any]) -> None:
    mutate("updateTask", {"id": "essay", "title": "One", "clientMutationId": "a"})
    for field, change in (("updateTask", {"title": "Two"}), ("deleteTask", {})):
        (error,) = mutate(field, {"id": "essay", "clientMutationId": "a", **change})["errors"]
        assert (error["code"], error["field"]) == ("VALIDATION", ["input", "clientMutationId"])


@pytest.mark.parametrize("wrong", ["", "no/slash", "x" * 65, 1])
def test_an_id_that_is_none_is_refused(task: dict[str, Any], wrong: Any) -> None:
    (error,) = mutate("deleteTask", {"id": "essay", "clientMutationId": wrong})["errors"]
    assert (error["code"], error["field"]) == ("VALIDATION", ["input", "clientMutationId"])


def test_settings_are_changed_once_and_notifications_are_read_once(aws: Aws) -> None:
    vienna = {"timeZone": "Europe/Vienna", "clientMutationId": "a"}
    mutate("updateViewer", vienna)
    mutate("updateViewer", {"timeZone": "Asia/Tokyo"})
    assert mutate("updateViewer", vienna)["viewer"]["timeZone"] == "Asia/Tokyo"
    seen = {"until": format_timestamp(NOW), "clientMutationId": "b"}
    assert mutate("markNotificationsRead", seen) == mutate("markNotificationsRead", seen)


def test_receipts_are_not_shown(task: dict[str, Any]) -> None:
    changed = mutate("updateTask", {"id": "essay", "title": "One", "clientMutationId": "a"})["task"]
    event = appsync_event("Query", "task", {"id": "essay"}, ADA)
    assert call(read_tasks.handler, event) == changed
    assert "receipts" not in changed


def test_a_subtask_of_a_parent_that_is_named_by_its_key_is_created_once(task: dict[str, Any]) -> None:
    outline = {"title": "Outline", "parentId": "essay", "dueAt": format_timestamp(NOW), "clientMutationId": "new"}
    first, again = (mutate("createTask", outline) for _ in range(2))
    assert (first["errors"], {**first, "undo": None}) == ([], again)


def test_a_creation_that_found_its_task_created_is_repeatable_too(aws: Aws) -> None:
    essay = {"key": "essay", "title": "Essay"}
    first = mutate("createTask", {**essay, "clientMutationId": "a"})["task"]
    second = {**essay, "clientMutationId": "b"}
    assert mutate("createTask", second)["task"]["id"] == first["id"]
    mutate("deleteTask", {"id": "essay"})
    again = mutate("createTask", second)
    assert (again["errors"], again["task"]["id"]) == ([], first["id"])


@pytest.mark.parametrize("given", ["2027-01-15", "2027-01-15T18:00", "2027-01-15T18:00Z"])
def test_a_due_date_in_any_form_is_given_once_and_another_form_is_another_change(
    task: dict[str, Any], given: str
) -> None:
    change = {"id": "essay", "dueAt": given, "clientMutationId": "date"}
    first, again = (mutate("updateTask", change) for _ in range(2))
    assert (first["errors"], again["errors"]) == ([], [])
    assert again["task"] == first["task"]
    other = mutate("updateTask", change | {"dueAt": "2027-01-15T18:01"})
    assert [error["field"] for error in other["errors"]] == [["input", "clientMutationId"]]


def test_deleting_for_good_is_repeated_by_the_id_and_refused_under_another_name(task: dict[str, Any]) -> None:
    mutate("deleteTask", {"id": "essay"})
    input_ = {"id": task["id"], "clientMutationId": "purge"}
    first = mutate("purgeTask", input_)
    assert first == {"purgedTaskId": task["id"], "errors": []}
    assert mutate("purgeTask", input_) == first
    codes = [error["code"] for error in mutate("purgeTask", {"id": task["id"]})["errors"]]
    assert codes == ["NOT_FOUND"]
