"""Profiles, notifications and statistics of the caller."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from resolvers import read_tasks, write_tasks
from taskbell import bootstrap
from taskbell.domain.events import event_between
from taskbell.domain.lifecycle import reminded
from taskbell.domain.notification import Notification
from taskbell.domain.task import Schedule, TaskStatus, with_status
from taskbell.domain.timestamps import format_timestamp, truncate_to_milliseconds
from tests.support.aws import Aws
from tests.support.examples import LATER, NOW, example_task
from tests.support.lambdas import ADA, GRACE, appsync_event, call

SETTINGS = ["id", "timeZone", "defaultReminders"]


def ask(field: str, *selected: str, identity: Any = ADA, text: str = "", **arguments: Any) -> Any:
    event = appsync_event("Query", field, arguments, identity)
    text = text or (f"{{ {' '.join(selected)} }}" if selected else "")
    event["info"] |= {"selectionSetList": list(selected), "selectionSetGraphQL": text}
    return call(read_tasks.handler, event)


def mutate(field: str, input_: dict[str, Any], identity: Any = ADA) -> Any:
    return call(write_tasks.handler, appsync_event("Mutation", field, {"input": input_}, identity))


def test_settings_are_kept_for_who_set_them(aws: Aws) -> None:
    answer = mutate("updateViewer", {"timeZone": "Europe/Vienna", "defaultReminders": [60, 5, 60]})
    assert answer["errors"] == []
    assert ask("viewer", text="{ ...Everything }") == answer["viewer"]
    assert answer["viewer"]["defaultReminders"] == [60, 5]
    assert ask("viewer", *SETTINGS, identity=GRACE)["timeZone"] == "UTC"


@pytest.mark.parametrize("text", ["{ id zone: timeZone }", "{ ...Settings }"])
def test_settings_are_returned_under_any_alias(aws: Aws, text: str) -> None:
    mutate("updateViewer", {"timeZone": "Europe/Vienna"})
    assert ask("viewer", "id", "zone", text=text)["timeZone"] == "Europe/Vienna"  # an alias hides the field's name


def test_unread_notifications_are_counted_under_any_alias(aws: Aws) -> None:
    _remind("essay", NOW)
    assert ask("notifications", "bell", text="{ bell: unreadCount }")["unreadCount"] == 1
    assert "unreadCount" not in ask("notifications", "nodes")


def test_what_is_left_out_stays_and_null_brings_back_the_default(aws: Aws) -> None:
    mutate("updateViewer", {"timeZone": "Europe/Vienna", "defaultReminders": [5]})
    assert mutate("updateViewer", {"defaultReminders": None})["viewer"]["timeZone"] == "Europe/Vienna"
    assert mutate("updateViewer", {"timeZone": None})["viewer"]["timeZone"] == "UTC"


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../../etc/passwd", "Europe", "localtime", "x" * 65, "\0"])
def test_a_zone_that_is_none_is_refused(aws: Aws, zone: str) -> None:
    answer = mutate("updateViewer", {"timeZone": zone})
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("VALIDATION", ["input", "timeZone"])]
    assert answer["viewer"] is None


def test_a_task_takes_what_its_owner_has_set_unless_it_says_otherwise(aws: Aws) -> None:
    mutate("updateViewer", {"timeZone": "Europe/Vienna", "defaultReminders": [60]})
    due = format_timestamp(LATER)
    null = mutate("createTask", {"title": "n", "dueAt": due, "timeZone": None, "remindBefore": None})["task"]
    assert (null["timeZone"], null["remindBefore"]) == ("Europe/Vienna", [60])
    inputs: list[dict[str, Any]] = [
        {"title": "a", "dueAt": due},
        {"title": "b", "dueAt": due, "remindBefore": [], "timeZone": "UTC"},
        {"title": "c"},
    ]
    made = [mutate("createTask", one)["task"] for one in inputs]
    assert [task["timeZone"] for task in made] == ["Europe/Vienna", "UTC", "Europe/Vienna"]
    assert [task["remindBefore"] for task in made] == [[60], [], []]


def test_notifications_are_newest_first_and_unread_until_they_are_marked(aws: Aws) -> None:
    sent = [_remind(f"task-{number}", NOW + timedelta(minutes=number)) for number in range(3)]
    nodes = "{ unreadCount nodes { taskId read } }"
    page = ask("notifications", text=nodes, first=2)
    assert [node["taskId"] for node in page["nodes"]] == ["Task:ada:task-2", "Task:ada:task-1"]
    assert (page["unreadCount"], page["nodes"][0]["read"]) == (3, False)
    marked = mutate("markNotificationsRead", {"until": format_timestamp(sent[1].sent_at)})
    assert marked == {"readUntil": format_timestamp(sent[1].sent_at), "errors": []}
    page = ask("notifications", text=nodes)
    assert [node["read"] for node in page["nodes"]] == [False, True, True]
    assert page["unreadCount"] == 1


def test_nobody_can_have_read_what_is_yet_to_come(aws: Aws) -> None:
    marked = mutate("markNotificationsRead", {"until": "2999-01-01T00:00:00Z"})
    assert marked["readUntil"] < format_timestamp(datetime.now(UTC) + timedelta(minutes=1))


def test_marking_less_than_before_leaves_what_was_read(aws: Aws) -> None:
    mutate("markNotificationsRead", {"until": format_timestamp(LATER)})
    assert mutate("markNotificationsRead", {"until": format_timestamp(NOW)})["readUntil"] == format_timestamp(LATER)


def test_nobody_sees_anothers_notifications(aws: Aws) -> None:
    _remind("essay", NOW)
    everything = "{ ...Everything }"
    assert ask("notifications", text=everything, identity=GRACE) == {
        "edges": [],
        "nodes": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
        "unreadCount": 0,
    }


def test_the_numbers_are_those_of_the_events(aws: Aws) -> None:
    now = truncate_to_milliseconds(datetime.now(UTC))
    for number in range(3):
        task = example_task(id=f"task-{number}")
        bootstrap.event_store().append(event_between(None, task))
        if number:
            bootstrap.event_store().append(event_between(task, with_status(task, TaskStatus.COMPLETED, now)))
    numbers = {"pending": 1, "inProgress": 0, "completed": 2, "overdue": 0, "completedThisWeek": 2, "streakDays": 1}
    assert ask("taskStats") == numbers
    assert ask("taskStats", identity=GRACE, ownerId="ada") == numbers


def _remind(task_id: str, sent_at: datetime) -> Notification:
    due, set_at = sent_at + timedelta(minutes=1), sent_at - timedelta(minutes=1)
    task = example_task(id=task_id, due_at=due, remind_before=(1,), schedule=Schedule(1, since=set_at))
    bootstrap.task_repository().add(task)
    sent = reminded(task, sent_at, sent_at)
    assert sent
    bootstrap.notifications().add(sent[1])
    return sent[1]
