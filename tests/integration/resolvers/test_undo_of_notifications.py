"""Taking back what was done with notifications, through the API."""

from datetime import timedelta
from typing import Any

import pytest

from resolvers import read_tasks
from taskbell import bootstrap
from taskbell.api.global_ids import notification_id
from taskbell.domain.notification import Notification
from taskbell.domain.timestamps import format_timestamp
from tests.integration.resolvers.test_undo import mutate
from tests.support.aws import Aws
from tests.support.examples import LATER, NOW, example_task
from tests.support.lambdas import ADA, GRACE, appsync_event, call

TASK_ID = "019b84bf-0e00-7000-8000-000000000000"
AT = format_timestamp(NOW)
ID = notification_id("ada", TASK_ID, AT)
OTHER = notification_id("ada", TASK_ID, format_timestamp(LATER))


@pytest.fixture(autouse=True)
def notes(aws: Aws) -> None:
    """Two notifications of a task."""
    bootstrap.task_repository().add(example_task(id=TASK_ID))
    for at in (NOW, LATER):
        bootstrap.notifications().add(Notification(TASK_ID, "ada", at, at, "Essay"))


def listed() -> dict[str, bool]:
    """The notifications of the list, and whether they are read."""
    answer = call(read_tasks.handler, appsync_event("Query", "notifications", {}, ADA))
    return {node["id"]: node["read"] for node in answer["nodes"]}


def undone(token: str | None, identity: Any = ADA) -> list[Any]:
    answers: list[Any] = mutate("undo", {"tokens": [token]}, identity)
    return answers


def codes(answers: list[Any]) -> list[list[str]]:
    return [[error["code"] for error in answer["errors"]] for answer in answers]


def test_what_was_read_is_unread_again_and_what_was_dismissed_is_in_the_list(aws: Aws) -> None:
    read = mutate("readNotifications", {"ids": [ID, OTHER]})["undo"]
    (first, second) = undone(read)
    assert {first["notification"]["id"], second["notification"]["id"]} == {ID, OTHER}
    assert listed() == {ID: False, OTHER: False}
    dismissed = mutate("dismissNotifications", {"ids": [ID]})["undo"]
    assert listed() == {OTHER: False}
    (answer,) = undone(dismissed)
    assert (answer["notification"]["task"]["title"], answer["task"], answer["errors"]) == ("Write the essay", None, [])
    assert listed() == {ID: False, OTHER: False}


def test_only_what_the_change_has_changed_is_taken_back() -> None:
    mutate("readNotifications", {"ids": [ID]})
    token = mutate("readNotifications", {"ids": [ID, OTHER, notification_id("ada", TASK_ID[:-1] + "9", AT)]})["undo"]
    assert len(undone(token)) == 1
    assert listed() == {ID: True, OTHER: False}
    assert mutate("readNotifications", {"ids": [ID]})["undo"] is None


def test_taking_back_again_has_no_second_effect() -> None:
    token = mutate("dismissNotifications", {"ids": [ID]})["undo"]
    (first,), (second,) = undone(token), undone(token)
    assert first == second


def test_what_was_changed_since_stays_as_it_is() -> None:
    read = mutate("readNotifications", {"ids": [ID]})["undo"]
    mutate("dismissNotifications", {"ids": [ID]})
    assert codes(undone(read)) == [["CONFLICT"]]
    assert listed() == {OTHER: False}


def test_a_notification_that_has_left_the_table_is_not_found(aws: Aws) -> None:
    token = mutate("readNotifications", {"ids": [ID]})["undo"]
    for item in aws.items("NOTE#"):
        aws.dynamodb.delete_item(TableName="tasks", Key={"pk": item["pk"], "sk": item["sk"]})
    assert codes(undone(token)) == [["NOT_FOUND"]]


def test_snoozing_is_taken_back_in_the_task_and_in_the_list() -> None:
    until = format_timestamp(bootstrap.now() + timedelta(hours=1))
    snoozed = mutate("snoozeNotification", {"id": ID, "until": until})
    assert snoozed["task"]["remindAt"] == [until]
    note, task = undone(snoozed["undo"])
    assert (note["notification"]["id"], task["task"]["remindAt"], codes([note, task])) == (ID, [], [[], []])
    assert listed() == {ID: False, OTHER: False}
    (again,) = undone(task["undo"])
    assert again["task"]["remindAt"] == [until]


def test_it_is_too_late_after_ten_minutes() -> None:
    now = bootstrap.now()
    token = mutate("dismissNotifications", {"ids": [ID]})["undo"]
    bootstrap.provide(clock=lambda: now + timedelta(minutes=11))
    (answer,) = undone(token)
    assert codes([answer]) == [["VALIDATION"]]
    assert answer["errors"][0]["field"] == ["input", "tokens"]


def test_anothers_token_is_none() -> None:
    token = mutate("dismissNotifications", {"ids": [ID]})["undo"]
    assert codes(undone(token, GRACE)) == [["VALIDATION"]]


def test_the_key_is_not_read_unless_undo_is_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURSOR_SECRET")
    assert mutate("readNotifications", {"ids": [ID]}, selection="{ errors { code } }") == {"errors": []}
    until = format_timestamp(bootstrap.now() + timedelta(hours=1))
    answer = mutate("snoozeNotification", {"id": ID, "until": until}, selection="{ errors { code } }")
    assert answer == {"errors": []}
