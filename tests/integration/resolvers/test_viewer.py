"""Profiles, notifications and statistics of the caller."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from resolvers import read_tasks, write_tasks
from taskbell import bootstrap
from taskbell.api.global_ids import notification_id
from taskbell.application.feed_position import place_of
from taskbell.domain.events import event_between
from taskbell.domain.ids import derived_task_id
from taskbell.domain.lifecycle import TimerAction, Wait, plan, reminded
from taskbell.domain.notification import Notification
from taskbell.domain.task import Schedule, TaskStatus, with_status
from taskbell.domain.timestamps import format_timestamp, truncate_to_milliseconds
from tests.support.aws import Aws
from tests.support.examples import LATER, NOW, example_task
from tests.support.lambdas import ADA, GRACE, appsync_event, call

ESSAY, BOOK = (derived_task_id(NOW, name) for name in ("essay", "book"))
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


def test_quiet_hours_stay_until_null_turns_them_off(aws: Aws) -> None:
    hours = {"from": "22:00", "to": "07:00"}
    assert mutate("updateViewer", {"quietHours": hours})["viewer"]["quietHours"] == hours
    assert mutate("updateViewer", {"timeZone": "Europe/Vienna"})["viewer"]["quietHours"] == hours
    assert ask("viewer", text="{ id quietHours { from to } }")["quietHours"] == hours
    assert mutate("updateViewer", {"quietHours": None})["viewer"]["quietHours"] is None


@pytest.mark.parametrize(
    "wrong", ["24:00", "7:00", "07:00:00", "22:60", "", "noon", "22:00Z", "22:00\n", "\uff12\uff12:00"]
)
@pytest.mark.parametrize("name", ["from", "to"])
def test_a_time_of_the_day_that_is_none_is_refused(aws: Aws, name: str, wrong: str) -> None:
    answer = mutate("updateViewer", {"quietHours": {"from": "22:00", "to": "07:00"} | {name: wrong}})
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [
        ("VALIDATION", ["input", "quietHours", name])
    ]
    assert answer["errors"][0]["message"] == "Must be a time of the day, HH:MM, such as 22:00."


def test_quiet_hours_that_are_a_whole_day_or_none_are_refused(aws: Aws) -> None:
    answer = mutate("updateViewer", {"quietHours": {"from": "22:00", "to": "22:00"}})
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("VALIDATION", ["input", "quietHours"])]


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


def test_a_notification_leads_to_its_task_as_it_is_now(aws: Aws) -> None:
    (essay, book), selected = (_remind(id_, NOW) for id_ in (ESSAY, BOOK)), "{ nodes { id task { id title } } }"
    mutate("updateTask", {"id": essay.task_id, "title": "New"})
    mutate("deleteTask", {"id": book.task_id})
    found = {node["id"]: node["task"] for node in ask("notifications", text=selected)["nodes"]}
    assert found == {_id_of(essay): {"id": f"Task:ada:{ESSAY}", "title": "New"}, _id_of(book): None}
    edges = ask("notifications", text="{ edges { node { task { title } } } }")["edges"]
    assert {"node": {"task": {"title": "New"}}} in edges
    assert ask("node", id=_id_of(essay))["task"]["title"] == "New"
    selected = "{ cursor nodes { node { id task { title } } } }"
    page = ask("changes", text=selected, since=ask("changes")["cursor"])
    assert {"title": "New"} in [each["node"]["task"] for each in page["nodes"]]


def test_single_notifications_are_read_and_dismissed_as_often_as_asked(aws: Aws) -> None:
    first, second = (_remind(id_, NOW) for id_ in (ESSAY, BOOK))
    for _ in range(2):
        answer = mutate("readNotifications", {"ids": [_id_of(first)]})
        assert ([node["read"] for node in answer["nodes"]], answer["errors"]) == ([True], [])
    assert ask("notifications", text="{ unreadCount }") == {"unreadCount": 1}
    for _ in range(2):
        answer = mutate("dismissNotifications", {"ids": [_id_of(second), _id_of(first)]})
        assert ([node["taskId"] for node in answer["nodes"]], answer["errors"]) == (
            [f"Task:ada:{BOOK}", f"Task:ada:{ESSAY}"],
            [],
        )
    assert ask("notifications", text="{ unreadCount nodes { id } }") == {"unreadCount": 0, "nodes": []}
    assert ask("node", id=_id_of(first)) is None


def test_what_was_dismissed_is_a_deletion_for_who_catches_up(aws: Aws) -> None:
    note = _remind(ESSAY, NOW)
    mutate("dismissNotifications", {"ids": [_id_of(note)]})
    cursor = bootstrap.change_feed().cursor_beside("ada", f"{place_of(datetime.now(UTC))}#x#1", {})
    changes = ask("changes", since=cursor)["nodes"]
    assert {"nodeId": _id_of(note), "version": 2, "deleted": True} in changes


@pytest.mark.parametrize("field", ["readNotifications", "dismissNotifications"])
@pytest.mark.parametrize(
    "id_", ["nothing", "", f"Task:ada:{ESSAY}", f"Notification:ada:{ESSAY}:2020-01-01T00:00:00.000Z"]
)
def test_an_id_of_no_notification_is_not_found_and_the_others_are_changed(aws: Aws, field: str, id_: str) -> None:
    note = _remind(ESSAY, NOW)
    answer = mutate(field, {"ids": [id_, _id_of(note)]})
    assert [node["id"] for node in answer["nodes"]] == [_id_of(note)]
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("NOT_FOUND", ["input", "ids", "0"])]
    assert mutate(field, {"ids": [_id_of(note)]}, GRACE)["errors"][0]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("ids", [[], ["x"] * 26, None])
def test_ids_that_are_none_or_too_many_are_refused(aws: Aws, ids: Any) -> None:
    ids = [f"x{number}" for number in range(26)] if ids and len(ids) == 26 else ids
    (error,) = mutate("readNotifications", {"ids": ids})["errors"]
    assert (error["code"], error["field"][:2]) == ("VALIDATION", ["input", "ids"])


def test_a_snoozed_notification_is_dismissed_and_its_task_reminded_of_again_once(aws: Aws) -> None:
    note = _remind(ESSAY, truncate_to_milliseconds(datetime.now(UTC)))
    until = truncate_to_milliseconds(datetime.now(UTC)) + timedelta(hours=1)
    snooze = {"id": _id_of(note), "until": format_timestamp(until), "clientMutationId": "a"}
    answers = [mutate("snoozeNotification", snooze) for _ in range(2)]
    assert answers[0] | {"undo": None} == answers[1]
    assert (answers[0]["task"]["remindAt"], answers[0]["errors"]) == ([format_timestamp(until)], [])
    assert ask("notifications", text="{ nodes { id } }") == {"nodes": []}
    task = bootstrap.task_repository().get("ada", ESSAY)
    assert task
    assert plan(task, NOW) == Wait(task.due_at or NOW, TimerAction.MARK_OVERDUE)
    assert plan(replace(task, overdue=True), NOW) == Wait(until, TimerAction.REMIND)


def test_what_cannot_be_snoozed_is_refused_and_stays(aws: Aws) -> None:
    note = _remind(ESSAY, NOW)

    def refused(who: Any = ADA, **changed: Any) -> tuple[str, list[str]]:
        snooze = {"id": _id_of(note), "until": "2999-01-01T00:00:00Z", **changed}
        (error,) = mutate("snoozeNotification", snooze, who)["errors"]
        return error["code"], error["field"]

    assert refused(until="2020-01-01T00:00:00Z") == ("VALIDATION", ["input", "until"])
    assert refused(id="nothing") == ("NOT_FOUND", ["input", "id"])
    assert refused(GRACE) == ("NOT_FOUND", ["input", "id"])
    mutate("updateTask", {"id": ESSAY, "remindAt": [f"2999-01-0{day}T00:00:00Z" for day in range(2, 10)]})
    assert mutate("updateTask", {"id": ESSAY, "remindAt": [f"2999-02-1{n}T00:00:00Z" for n in range(10)]})["task"]
    assert refused() == ("LIMIT_EXCEEDED", ["input", "until"])
    mutate("setTaskStatus", {"id": ESSAY, "status": "COMPLETED"})
    assert refused() == ("VALIDATION", ["input", "id"])
    mutate("deleteTask", {"id": ESSAY})
    assert refused() == ("NOT_FOUND", ["input", "id"])
    assert len(ask("notifications", text="{ nodes { id } }")["nodes"]) == 1


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


def _id_of(note: Notification) -> str:
    return notification_id(note.owner_id, note.task_id, format_timestamp(note.at))


def _remind(task_id: str, sent_at: datetime) -> Notification:
    due, set_at = sent_at + timedelta(minutes=1), sent_at - timedelta(minutes=1)
    task = example_task(id=task_id, due_at=due, remind_before=(1,), schedule=Schedule(1, since=set_at))
    bootstrap.task_repository().add(task)
    sent = reminded(task, sent_at, sent_at)
    assert sent
    bootstrap.notifications().add(sent[1])
    return sent[1]
