"""Things by their ids, whatever they are."""

from typing import Any

import pytest

from resolvers import read_tasks, write_tasks
from taskbell import bootstrap
from taskbell.domain.events import event_between
from taskbell.domain.notification import Notification
from taskbell.domain.timestamps import format_timestamp
from tests.support.aws import Aws
from tests.support.examples import LATER, NOW, uuid_of
from tests.support.lambdas import ADA, GRACE, GraphqlError, appsync_event, call

MALLORY = {"sub": "mallory", "username": "mallory", "claims": {"sub": "mallory"}, "groups": None}
NOWHERE = "01939d1c-c01d-7b42-a757-03e5ab1990ee"


def mutate(field: str, input_: dict[str, Any]) -> Any:
    return call(write_tasks.handler, appsync_event("Mutation", field, {"input": input_}, ADA))


def ask(field: str, identity: Any = ADA, **arguments: Any) -> Any:
    return call(read_tasks.handler, appsync_event("Query", field, arguments, identity))


@pytest.fixture
def task(aws: Aws) -> dict[str, Any]:
    """A task of Ada's."""
    made: dict[str, Any] = mutate("createTask", {"key": "essay", "title": "Write the essay"})["task"]
    return made


def test_a_task_is_fetched_again_by_its_id(task: dict[str, Any]) -> None:
    assert ask("node", id=task["id"]) == {"__typename": "Task", **task}
    assert ask("node", GRACE, id=task["id"]) == {"__typename": "Task", **task}
    assert ask("task", GRACE, id=task["id"]) == task


def test_the_caller_is_fetched_again_by_their_id(aws: Aws) -> None:
    mutate("updateViewer", {"timeZone": "Europe/Vienna"})
    viewer = ask("node", id="Viewer:ada")
    assert (viewer["__typename"], viewer["ownerId"], viewer["timeZone"]) == ("Viewer", "ada", "Europe/Vienna")
    assert ask("node", GRACE, id="Viewer:ada") is None


def test_what_is_missing_deleted_anothers_or_no_id_is_null(task: dict[str, Any]) -> None:
    missing = [f"Task:ada:{NOWHERE}", f"Task:bob:{NOWHERE}", f"TaskEvent:ada:{NOWHERE}:1", "essay", ""]
    assert ask("nodes", ids=missing) == [None] * len(missing)
    assert ask("nodes", MALLORY, ids=[task["id"]]) == [None]
    mutate("deleteTask", {"id": task["id"]})
    assert ask("node", id=task["id"]) is None


def test_some_nodes_come_in_the_order_of_their_ids_also_twice(task: dict[str, Any]) -> None:
    other = mutate("createTask", {"title": "Another"})["task"]
    found = ask("nodes", ids=[other["id"], "Viewer:ada", task["id"], other["id"]])
    assert [node["id"] for node in found] == [other["id"], "Viewer:ada", task["id"], other["id"]]
    assert ask("nodes", ids=[]) == []


def test_more_than_100_nodes_are_refused(aws: Aws) -> None:
    with pytest.raises(GraphqlError, match=r"^VALIDATION: Must have at most 100 entries"):
        ask("nodes", ids=["Viewer:ada"] * 101)


def test_a_task_is_named_by_its_key_too_wherever_its_owner_names_one(task: dict[str, Any]) -> None:
    assert ask("task", id="essay") == task
    assert ask("task", GRACE, id="essay", ownerId="ada") == task
    assert ask("task", GRACE, id="essay") is None
    child = mutate("createTask", {"title": "Outline", "parentId": "essay"})["task"]
    assert child["parentId"] == task["id"]
    for parent in ("essay", task["id"]):
        assert [node["id"] for node in ask("tasks", filter={"parentId": parent})["nodes"]] == [child["id"]]
    assert mutate("setTaskStatus", {"id": "essay", "status": "COMPLETED"})["task"]["id"] == task["id"]
    assert mutate("deleteTask", {"id": task["id"]})["errors"] == []
    assert mutate("restoreTask", {"id": "essay"})["task"]["id"] == task["id"]


def test_staff_reads_what_an_id_names_without_knowing_whose_it_is(task: dict[str, Any]) -> None:
    child = mutate("createTask", {"title": "Outline", "parentId": "essay"})["task"]
    assert [node["id"] for node in ask("tasks", GRACE, filter={"parentId": task["id"]})["nodes"]] == [child["id"]]
    assert ask("activity", GRACE, taskId=task["id"])["nodes"] == []
    with pytest.raises(GraphqlError, match=r"^FORBIDDEN: "):
        ask("activity", MALLORY, taskId=task["id"])


def test_an_id_of_another_owner_names_nothing_of_the_one_that_is_given(task: dict[str, Any]) -> None:
    assert ask("task", GRACE, id=task["id"], ownerId="bob") is None
    assert ask("activity", GRACE, taskId=task["id"], ownerId="bob")["nodes"] == []
    assert ask("tasks", GRACE, filter={"parentId": task["id"]}, ownerId="bob")["nodes"] == []


@pytest.mark.parametrize("field", ["updateTask", "setTaskStatus", "deleteTask", "restoreTask"])
def test_anothers_task_cannot_be_changed_by_its_id(task: dict[str, Any], field: str) -> None:
    input_ = {
        "id": task["id"].replace("Task:ada:", "Task:bob:"),
        **({"status": "COMPLETED"} if field == "setTaskStatus" else {}),
    }
    (error,) = mutate(field, input_)["errors"]
    assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "id"])


def test_a_parent_of_another_owner_is_none(task: dict[str, Any]) -> None:
    (error,) = mutate("createTask", {"title": "x", "parentId": f"Task:bob:{NOWHERE}"})["errors"]
    assert (error["code"], error["field"]) == ("VALIDATION", ["input", "parentId"])


def test_a_change_in_the_past_and_a_notification_are_fetched_again(task: dict[str, Any]) -> None:
    stored = bootstrap.task_repository().get("ada", uuid_of(task["id"]))
    assert stored
    bootstrap.event_store().append(event_between(None, stored))
    (event,) = ask("activity")["nodes"]
    assert ask("node", GRACE, id=event["id"]) == {"__typename": "TaskEvent", **event}
    note = Notification(stored.id, "ada", at=NOW, sent_at=NOW, title="Essay", due_at=LATER)
    bootstrap.notifications().add(note)
    (notification,) = ask("notifications")["nodes"]
    assert ask("node", id=notification["id"]) == {"__typename": "Notification", **notification}
    mutate("markNotificationsRead", {"until": format_timestamp(LATER)})
    assert ask("node", id=notification["id"])["read"]
    assert ask("node", GRACE, id=notification["id"]) is None
    assert [node["__typename"] for node in ask("nodes", ids=[event["id"], notification["id"], task["id"]])] == [
        "TaskEvent",
        "Notification",
        "Task",
    ]
