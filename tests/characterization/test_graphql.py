"""Responses to AppSync for each resolved field, and what each mutation stores."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from tests.characterization import subjects
from tests.characterization.golden import agree
from tests.characterization.stage import Item, MotoStage, id_of, stored

ADA = {"sub": "ada", "username": "ada", "claims": {"sub": "ada"}, "groups": ["students"]}
GRACE = {"sub": "grace", "username": "grace", "claims": {"sub": "grace"}, "groups": ["staff"]}
LINUS = {"sub": "linus", "username": "linus", "claims": {"sub": "linus"}, "groups": ["admins"]}
GUEST = None
MACHINE = {"userArn": "arn:aws:sts::123456789012:assumed-role/pipeline/x", "accountId": "123456789012"}

EVERYTHING = {
    "key": "new",
    "title": "  Read chapter 4  ",
    "description": "All of it.",
    "priority": "URGENT",
    "labels": ["school", "school", "reading"],
    "dueAt": "2090-05-01T18:00:00.123456+02:00",
    "timeZone": "Europe/Vienna",
    "remindBefore": [60, 1440],
    "recurrence": {"freq": "WEEKLY", "interval": 2, "byDay": ["MO"], "until": "2091-01-01T00:00:00Z"},
}
OTHER_DETAILS = {
    "title": "Another title",
    "description": "More",
    "priority": "HIGH",
    "labels": ["a"],
    "dueAt": "2090-05-01T18:00:00Z",
    "timeZone": "Asia/Tokyo",
    "remindBefore": [5],
    "recurrence": {"rrule": "FREQ=MONTHLY;BYMONTHDAY=31"},
}
CLEARED = dict.fromkeys(("description", "priority", "labels", "dueAt", "timeZone", "remindBefore", "recurrence"))
ALL_WRONG: Item = {
    "key": "no/slash",
    "title": " ",
    "description": "\x00",
    "priority": "GREAT",
    "labels": ["x" * 51],
    "dueAt": "tomorrow",
    "timeZone": "Mars/Base",
    "remindBefore": [-1, "1", 43_201],
    "recurrence": {"freq": "DAILY", "interval": 0, "byDay": ["MO"], "byMonthDay": [32]},
    "parentId": "",
    "more": 1,
}
TOO_MUCH = {
    "title": "x" * 201,
    "description": "x" * 10_001,
    "labels": [str(number) for number in range(21)],
    "remindBefore": list(range(11)),
    "dueAt": "9000-01-01T00:00:00Z",
}
RECURS = {"rrule": "FREQ=DAILY"}

HISTORY, WEEK = "TaskList:ada:3", "TaskListSection:ada:3"

# Queries by field; each case says with what, and who asks if that is not Ada.
NOTIFIED = f"Notification:ada:{id_of('report')}:2020-03-03T08:00:00.000Z"
QUERIES: dict[str, list[tuple[Item, Any]]] = {
    "viewer": [({}, ADA), ({}, LINUS), ({}, GUEST), ({}, MACHINE)],
    "node": [
        ({"id": f"Task:ada:{id_of('report')}"}, ADA),
        ({"id": f"Task:ada:{id_of('report')}"}, GUEST),
        ({"id": "Viewer:ada"}, ADA),
        ({"id": "report"}, ADA),
        ({"id": HISTORY}, ADA),
        ({"id": HISTORY}, GUEST),
        ({"id": "TaskList:ada:77"}, ADA),
        ({"id": f"{WEEK}:1"}, ADA),
    ],
    "nodes": [({"ids": [f"Task:ada:{id_of('report')}", "Viewer:linus", f"Task:ada:{id_of('report')}"]}, GRACE)],
    "task": [
        ({"id": "report"}, ADA),
        ({"id": "project-a"}, ADA),
        ({"id": "weekly", "ownerId": "ada"}, GRACE),
        ({"id": "errand"}, GUEST),
        ({"id": "errand", "ownerId": "guest"}, ADA),
        ({"id": "missing"}, ADA),
        ({"id": "deleted"}, ADA),
        ({"id": "no/slash"}, ADA),
        ({"id": "essay"}, MACHINE),
    ],
    "tasks": [
        ({}, ADA),
        ({"first": 2}, ADA),
        ({"first": 2, "filter": {"statuses": ["PENDING", "IN_PROGRESS"]}}, ADA),
        ({"orderBy": {"field": "DUE_AT", "direction": "ASC"}}, ADA),
        ({"orderBy": {"field": "DUE_AT", "direction": "DESC"}, "filter": {"statuses": ["PENDING"]}}, ADA),
        ({"filter": {"parentId": "project"}}, ADA),
        ({"filter": {"priority": "HIGH", "labelsAny": ["School"], "search": "ub", "overdue": False}}, ADA),
        ({"filter": {"labelsAny": ["home", "SCHOOL"], "labelsAll": []}}, ADA),
        ({"filter": {"search": " \t", "hasDueDate": False}, "first": 2}, ADA),
        ({"filter": {"search": "projECTA"}, "orderBy": {"field": "TITLE", "direction": "ASC"}}, ADA),
        ({"filter": {"search": "x" * 201}}, ADA),
        ({"filter": {"due": "OVERDUE"}}, ADA),
        ({"filter": {"due": "TODAY"}}, ADA),
        ({"filter": {"due": "UPCOMING", "days": 366, "statuses": ["PENDING"]}}, ADA),
        ({"filter": {"due": "TODAY", "days": 1, "overdue": True, "dueAfter": "2020-01-01T00:00:00Z"}}, ADA),
        ({"filter": {"includeSubtasks": True}, "orderBy": {"field": "PRIORITY", "direction": "DESC"}, "first": 3}, ADA),
        ({"filter": {"dueAfter": "2020-01-01T00:00:00Z", "dueBefore": "2021-01-01T00:00:00Z"}}, ADA),
        ({"filter": {"statuses": []}}, ADA),
        ({"ownerId": "ada", "first": 1}, GRACE),
        ({"ownerId": "ada"}, GUEST),
        ({"first": 0}, ADA),
        ({"first": 101}, ADA),
        ({"after": "nonsense"}, ADA),
        ({"filter": {"labelsAny": [""]}}, ADA),
        ({"filter": {"parentId": "project"}, "orderBy": {"field": "DUE_AT", "direction": "ASC"}}, ADA),
        ({"filter": {"listId": HISTORY}}, ADA),
        ({"filter": {"sectionId": f"{WEEK}:1"}, "orderBy": {"field": "RANK", "direction": "ASC"}}, GRACE),
        ({"filter": {"listId": HISTORY, "sectionId": "TaskListSection:ada:4:1"}}, ADA),
        ({"filter": {"listId": HISTORY}}, GUEST),
        ({"filter": {"inList": False, "statuses": ["PENDING"]}, "first": 1}, ADA),
        ({"filter": {"sectionId": "1"}}, ADA),
        ({"filter": {"sectionId": f"{WEEK}:1"}}, GUEST),
        ({"filter": {"listId": "3"}}, ADA),
    ],
    "labels": [({}, ADA), ({"ownerId": "ada"}, GRACE), ({"ownerId": "ada"}, GUEST)],
    "taskLists": [
        ({}, ADA),
        ({"includeArchived": True, "ownerId": "ada"}, GRACE),
        ({"ownerId": "ada"}, GUEST),
        ({"includeArchived": 1}, ADA),
    ],
    "trash": [
        ({}, ADA),
        ({"first": 1}, ADA),
        ({"after": "nonsense"}, ADA),
        ({}, GUEST),
        ({"first": 0}, ADA),
    ],
    "activity": [
        ({}, ADA),
        ({"taskId": "report", "first": 1}, ADA),
        ({"ownerId": "ada", "taskId": "essay"}, GRACE),
        ({"ownerId": "ada"}, GUEST),
        ({"first": "many"}, ADA),
        ({"after": "nonsense"}, ADA),
        ({"taskId": "no/slash"}, ADA),
    ],
    "changes": [
        ({"first": 3}, ADA),
        ({"ownerId": "ada", "first": 1}, GRACE),
        ({"ownerId": "ada"}, GUEST),
        ({"since": "nonsense"}, ADA),
        ({"first": 0}, ADA),
    ],
    "notifications": [({}, ADA), ({"first": 1}, ADA), ({}, GUEST), ({"first": 0}, ADA), ({"after": "nonsense"}, ADA)],
    "calendarFeed": [({}, ADA), ({}, GUEST), ({}, MACHINE)],
    "exportData": [
        ({}, ADA),
        ({"format": "CSV", "first": 2}, ADA),
        ({"format": "XML"}, ADA),
        ({"after": "nonsense"}, ADA),
        ({}, MACHINE),
    ],
    "taskImport": [({"importId": "missing"}, ADA), ({"importId": "no/slash"}, ADA), ({}, ADA)],
    "taskStats": [({}, ADA), ({"ownerId": "ada"}, GRACE), ({"ownerId": "ada"}, GUEST), ({"ownerId": ""}, ADA)],
    "taskPermissions": [({}, ADA), ({"ownerId": "ada"}, GRACE), ({"ownerId": "ada"}, GUEST)],
}

# Subscribed calendars by field; nothing is fetched, for no address is public.
CALENDARS: dict[str, list[tuple[Any, Any]]] = {
    "subscribedCalendars": [({}, ADA), ({}, GUEST), ({}, MACHINE)],
    "subscribeCalendar": [
        ({"url": "http://school.example/a.ics", "name": "History"}, ADA),
        ({"url": "webcal://192.0.2.1/a.ics", "name": "History"}, ADA),
        ({"url": "https://169.254.169.254/latest/meta-data", "name": "History"}, GUEST),
        ({"url": " ", "name": "", "more": 1}, ADA),
    ],
    "refreshCalendar": [({"calendarId": "missing"}, ADA), ({}, ADA)],
    "unsubscribeCalendar": [({"calendarId": "missing", "tasks": "KEEP"}, ADA), ({"tasks": "SOME"}, ADA)],
}

# Finding students; no more than one at once, for their ids are random.
STUDENTS: list[tuple[Item, Any]] = [
    ({"search": "Bo"}, GRACE),
    ({"search": "zoe"}, LINUS),
    ({"search": "x" * 101}, GRACE),
    ({"first": 0}, GRACE),
    ({"after": "bm90aGluZw"}, GRACE),
    ({}, ADA),
    ({}, GUEST),
]

# Mutations by field; what `input` is, and who asks.
MUTATIONS: dict[str, list[tuple[Any, Any]]] = {
    "createTask": [
        ({"title": "In a list", "listId": HISTORY, "sectionId": f"{WEEK}:2"}, ADA),
        ({"title": "x", "sectionId": f"{WEEK}:9"}, ADA),
        ({"title": "x", "listId": HISTORY, "sectionId": "TaskListSection:ada:4:1"}, ADA),
        ({"title": "x", "listId": HISTORY, "parentId": "project"}, ADA),
        ({"title": "x", "listId": HISTORY}, GUEST),
        (EVERYTHING, ADA),
        ({"key": "new", "title": "Only a title"}, GUEST),
        ({"title": "Without a key", "dueAt": "2090-05-01T18:00:00Z"}, ADA),
        ({"title": "A day", "dueAt": "2090-03-26", "timeZone": "Europe/Vienna", "remindBefore": [60]}, ADA),
        ({"title": "A local time", "dueAt": "2090-03-26T02:30", "timeZone": "Europe/Vienna"}, ADA),
        ({"title": "Late already", "dueAt": "2020-01-01T00:00:00+01:00"}, ADA),
        ({"title": "x", "dueAt": "tomorrow"}, ADA),
        ({"title": "x", "dueAt": "1.1.2090"}, ADA),
        ({"title": "Nothing", "description": None, "labels": None, "remindBefore": None, "timeZone": None}, GUEST),
        ({"key": "new", "title": "A subtask", "parentId": "project"}, ADA),
        ({"key": "essay", "title": "Write the essay", "timeZone": "UTC"}, ADA),
        ({"key": "essay", "title": "Something else"}, ADA),
        ({"key": "deleted", "title": "Something else"}, ADA),
        ({"title": "x", "parentId": "missing"}, ADA),
        ({"title": "x", "parentId": "project-a"}, ADA),
        ({"title": "x", "recurrence": RECURS}, ADA),
        (
            {
                "title": "x",
                "dueAt": "2090-05-01T18:00:00Z",
                "recurrence": {"freq": "DAILY"} | {"until": "2090-01-01T00:00:00Z"},
            },
            ADA,
        ),
        ({}, ADA),
        (None, ADA),
        (ALL_WRONG, ADA),
        (TOO_MUCH, ADA),
        ({"title": "x"}, MACHINE),
    ],
    "updateTask": [
        ({"id": "failed", "sectionId": f"{WEEK}:2"}, ADA),
        ({"id": "failed", "sectionId": None}, ADA),
        ({"id": "failed", "listId": None}, ADA),
        ({"id": "failed", "listId": "TaskList:ada:4"}, ADA),
        ({"id": "failed", "parentId": "project"}, ADA),
        ({"id": "report", "listId": "TaskList:guest:3"}, ADA),
        ({"id": "report", **OTHER_DETAILS, "expectedVersion": 4}, ADA),
        ({"id": "report", **CLEARED}, ADA),
        ({"id": "essay"}, ADA),
        ({"id": "essay", "title": "Another"}, GRACE),
        ({"id": "essay", "title": None}, ADA),
        ({"id": "missing", "title": "x"}, ADA),
        ({"id": "deleted", "title": "x"}, ADA),
        ({"id": "report", "title": "x", "expectedVersion": 2}, ADA),
        ({"id": "report", "title": "x", "expectedVersion": 9}, ADA),
        ({"id": "report", "title": "x", "expectedVersion": 0}, ADA),
        ({"id": "essay", "recurrence": RECURS}, ADA),
        ({"id": "report", "dueAt": "2091-01-01"}, ADA),
        ({"id": "report", "dueAt": "2001-01-01T12:00"}, ADA),
        ({"id": "report", "dueAt": "12:00"}, ADA),
        ({"id": "essay", "parentId": "project"}, ADA),
        ({"id": "project-a", "parentId": None}, ADA),
        ({"id": "project", "parentId": "essay"}, ADA),
        ({"id": "essay", "parentId": "missing"}, ADA),
        ({"id": "weekly", "dueAt": None}, ADA),
        ({"id": "weekly", "dueAt": "2092-01-01T00:00:00Z"}, ADA),
        (ALL_WRONG, ADA),
    ],
    "updateTasks": [
        ([{"id": "essay", "title": "One"}, {"id": "missing", "title": "Two"}, {"id": "report", "title": ""}], ADA),
        ([], ADA),
        ([{"id": "essay", "title": "x"}] * 26, ADA),
        ("x", ADA),
    ],
    "createTasks": [([{"key": "first", "title": "One", "status": "COMPLETED"}, {"title": ""}], ADA)],
    "setTaskStatuses": [([{"id": "essay", "status": "COMPLETED"}, {"id": "missing", "status": "PENDING"}], ADA)],
    "deleteTasks": [([{"id": "essay"}, {"id": "missing"}], ADA)],
    "restoreTasks": [([{"id": "deleted"}, {"id": "essay"}], ADA)],
    "setTaskStatus": [
        ({"id": "essay", "status": "IN_PROGRESS", "expectedVersion": 1}, ADA),
        ({"id": "report", "status": "COMPLETED"}, ADA),
        ({"id": "weekly", "status": "COMPLETED"}, ADA),
        ({"id": "monthly", "status": "COMPLETED"}, ADA),
        ({"id": "overdue", "status": "COMPLETED"}, ADA),
        ({"id": "project-a", "status": "COMPLETED"}, ADA),
        ({"id": "late", "status": "PENDING"}, ADA),
        ({"id": "weekly", "status": "PENDING"}, ADA),
        ({"id": "essay", "status": "PENDING"}, ADA),
        ({"id": "missing", "status": "PENDING"}, ADA),
        ({"id": "report", "status": "PENDING", "expectedVersion": 1}, ADA),
        ({"id": "essay", "status": "DONE"}, ADA),
        ({}, ADA),
    ],
    "skipOccurrence": [
        ({"id": "weekly"}, ADA),
        ({"id": "weekly"}, ADA),
        ({"id": "essay"}, ADA),
        ({"id": "missing"}, ADA),
        ({"id": "monthly", "expectedVersion": 99}, ADA),
        ({}, ADA),
    ],
    "deleteTask": [
        ({"id": "essay", "expectedVersion": 1}, ADA),
        ({"id": "project"}, ADA),
        ({"id": "project-b"}, ADA),
        ({"id": "deleted"}, ADA),
        ({"id": "missing"}, ADA),
        ({"id": "report", "expectedVersion": 1}, ADA),
        ({"id": ""}, ADA),
    ],
    "restoreTask": [
        ({"id": "deleted", "expectedVersion": 2}, ADA),
        ({"id": "old-project"}, ADA),
        ({"id": "old-project-a"}, ADA),
        ({"id": "expired"}, ADA),
        ({"id": "essay"}, ADA),
        ({"id": "missing"}, ADA),
        ({"id": "deleted", "expectedVersion": 1}, ADA),
        ({"id": None}, ADA),
    ],
    "renameLabel": [
        ({"name": "Uni", "newName": "university"}, ADA),
        ({"name": "none", "newName": "other"}, ADA),
        ({"name": " ", "newName": ""}, ADA),
    ],
    "deleteLabel": [({"name": "uni"}, ADA), ({}, ADA)],
    "createTaskList": [
        ({"name": " Chemistry ", "color": "#AABBCC", "sections": [{"name": "Lab"}]}, ADA),
        ({"name": "First", "rank": "a0"}, GUEST),
        ({"name": "", "color": "blue", "rank": "!", "sections": [{"id": "0", "name": "\u0000"}]}, ADA),
        ({"name": "x", "sections": [{"id": f"{WEEK}:1", "name": "Not there"}]}, ADA),
        ({}, ADA),
    ],
    "updateTaskList": [
        ({"id": HISTORY, "name": "World history", "color": None, "archived": True, "rank": "a1"}, ADA),
        ({"id": HISTORY, "sections": [{"id": f"{WEEK}:2", "name": "Week two"}, {"name": "Week 3"}]}, ADA),
        ({"id": HISTORY, "sections": []}, ADA),
        ({"id": HISTORY, "name": "Late", "expectedVersion": 2}, ADA),
        ({"id": HISTORY}, ADA),
        ({"id": HISTORY, "name": "Not mine"}, GUEST),
        ({"id": "TaskList:ada:77", "name": "x"}, ADA),
        ({"id": HISTORY, "name": None, "rank": None, "archived": None, "sections": None}, ADA),
        ({"id": "3"}, ADA),
    ],
    "deleteTaskList": [
        ({"id": HISTORY, "tasks": "KEEP"}, ADA),
        ({"id": HISTORY, "tasks": "KEEP", "moveToListId": "TaskList:ada:4"}, ADA),
        ({"id": HISTORY, "tasks": "DELETE"}, ADA),
        ({"id": HISTORY, "tasks": "DELETE", "moveToListId": "TaskList:ada:4"}, ADA),
        ({"id": HISTORY, "tasks": "KEEP", "moveToListId": HISTORY}, ADA),
        ({"id": HISTORY, "tasks": "KEEP", "moveToListId": "TaskList:guest:4"}, ADA),
        ({"id": HISTORY, "tasks": "KEEP"}, GUEST),
        ({"id": HISTORY}, ADA),
    ],
    "undo": [({"tokens": ["nonsense"]}, ADA), ({"tokens": []}, ADA)],
    "purgeTask": [
        ({"id": "deleted", "expectedVersion": 1}, ADA),
        ({"id": "deleted", "expectedVersion": 2}, ADA),
        ({"id": "deleted"}, ADA),
        ({"id": "old-project"}, ADA),
        ({"id": "essay"}, ADA),
        ({"id": "missing"}, ADA),
        ({"id": None}, ADA),
    ],
    "purgeTasks": [([{"id": "deleted"}, {"id": "essay"}], ADA)],
    "emptyTrash": [({}, ADA), (None, ADA), ({"all": True}, ADA)],
    "updateViewer": [
        ({"timeZone": "Asia/Tokyo", "defaultReminders": [10]}, ADA),
        ({"timeZone": None, "defaultReminders": None}, ADA),
        ({"defaultReminders": [30]}, LINUS),
        ({}, ADA),
        ({"timeZone": "Mars/Base", "defaultReminders": [-1], "name": "x"}, ADA),
        ({"quietHours": {"from": "22:00", "to": "07:00"}}, ADA),
        ({"quietHours": {"from": "22", "to": "24:00"}}, ADA),
        ({"quietHours": None}, ADA),
    ],
    "renewCalendarFeed": [
        ({}, GUEST),
        ({}, ADA),
        ({"clientMutationId": "no/slash"}, ADA),
        ({"more": 1}, ADA),
        ({}, MACHINE),
    ],
    "disableCalendarFeed": [({}, ADA), ({"clientMutationId": 1}, ADA)],
    "importTasks": [
        ({"importId": "old", "part": 0, "format": "JSON", "content": '{"title": "Read", "id": "17"}\n{}\nx'}, ADA),
        ({"importId": "old", "part": 1, "format": "CSV", "content": "Content,labels\nRead,a"}, ADA),
        ({"importId": "no/slash", "part": -1, "format": "XML", "content": 1}, ADA),
    ],
    "markNotificationsRead": [
        ({"until": "2020-03-04T08:00:01Z"}, ADA),
        ({"until": "2020-03-01T00:00:00Z"}, ADA),
        ({"until": "2090-01-01T00:00:00Z"}, LINUS),
        ({"until": "yesterday"}, ADA),
        ({}, ADA),
    ],
    "readNotifications": [({"ids": [NOTIFIED, "nothing"]}, ADA), ({"ids": []}, ADA), ({}, ADA)],
    "dismissNotifications": [({"ids": [NOTIFIED, "nothing"]}, ADA), ({"ids": [NOTIFIED]}, LINUS), ({}, ADA)],
    "snoozeNotification": [
        ({"id": NOTIFIED, "until": "2090-01-01T00:00:00Z"}, ADA),
        ({"id": NOTIFIED, "until": "2000-01-01T00:00:00Z"}, ADA),
        ({"id": "nothing", "until": "2090-01-01T00:00:00Z"}, ADA),
        ({"id": "nothing"}, ADA),
    ],
}


@pytest.mark.parametrize("field", QUERIES)
def test_the_response_to_a_query_is_unchanged(stage: MotoStage, field: str) -> None:
    seen = [_request(stage, "Query", field, arguments, who) for arguments, who in QUERIES[field]]
    agree(f"graphql/query_{field}.json", seen)


@pytest.mark.parametrize("field", MUTATIONS)
def test_the_response_to_a_mutation_and_its_effects_are_unchanged(stage: MotoStage, field: str) -> None:
    agree(f"graphql/mutation_{field}.json", [_changed(stage, field, given, who) for given, who in MUTATIONS[field]])


def test_cursors_of_a_list_are_unchanged(stage: MotoStage) -> None:
    pages: list[Any] = []
    after = None
    while not pages or pages[-1]["answer"]["pageInfo"]["hasNextPage"]:
        pages.append(_request(stage, "Query", "tasks", {"first": 3, "after": after}, ADA))
        after = pages[-1]["answer"]["pageInfo"]["endCursor"]
    shown = [
        {"ids": [node["id"] for node in page["answer"]["nodes"]], "pageInfo": page["answer"]["pageInfo"]}
        for page in pages
    ]
    other_list = _request(stage, "Query", "tasks", {"after": after, "filter": {"overdue": True}}, ADA)
    agree("graphql/cursors.json", {"pages": shown, "another list": other_list})


@pytest.fixture
def noon() -> Iterator[None]:
    """Today at noon, which is the same day in the time zones of all tasks."""
    subjects.forget_wiring()
    at = datetime.now(UTC).replace(hour=12)
    subjects.provide(clock=lambda: at)
    yield
    subjects.forget_wiring()


@pytest.mark.usefixtures("noon")
def test_counting_todays_completions_is_unchanged(stage: MotoStage) -> None:
    before = stage.items()
    for task_id in ("essay", "report"):
        _request(stage, "Mutation", "setTaskStatus", {"input": {"id": task_id, "status": "COMPLETED"}}, ADA)
    stage.follow(before)
    stats = _request(stage, "Query", "taskStats", {}, ADA)
    subjects.forget_wiring()
    agree("graphql/completed_today.json", stats)


def test_batched_histories_are_unchanged(stage: MotoStage) -> None:
    batch = [_event("Query", "activity", {"taskId": id_, "first": 2}, ADA) for id_ in ("report", "missing")]
    agree("graphql/histories.json", stage.call("readTasks", batch))


def test_batched_subtasks_are_unchanged(stage: MotoStage) -> None:
    sources = [{"id": f"Task:{owner}:{id_of(task)}"} for owner, task in (("ada", "project"), ("grace", "project"))]
    batch = [_event("Task", "subtasks", {}, ADA) | {"source": source} for source in sources]
    agree("graphql/task_subtasks.json", stage.call("readTasks", batch))


def test_authorization_of_a_subscription_is_unchanged(stage: MotoStage) -> None:
    cases = [({"ownerId": "ada"}, ADA), ({"ownerId": "ada"}, GRACE), ({"ownerId": "ada"}, GUEST), ({}, ADA)]
    seen = [_request(stage, "Subscription", "onTaskEvent", arguments, who) for arguments, who in cases]
    agree("graphql/subscription_onTaskEvent.json", seen)
    seen = [_request(stage, "Subscription", "onNotification", arguments, who) for arguments, who in cases]
    agree("graphql/subscription_onNotification.json", seen)


def test_listing_and_redriving_dead_letters_are_unchanged(stage: MotoStage) -> None:
    def ask(type_name: str, field: str, arguments: Item, who: Any = LINUS) -> Any:
        return _request(stage, type_name, field, arguments, who, function="manageDeadLetters")

    run = {"ownerId": "ada", "taskId": id_of("report"), "scheduleVersion": 1}
    execution = f"{stage.machine.replace(':stateMachine:', ':execution:')}:report-1"
    id_ = stage.send("dead", {"type": "CREATED"}, cause="KeyError: 'task'")
    stage.send("dead", {"execution": execution, "input": run, "error": "E", "cause": '{"errorMessage": "gone"}'}, "b")
    stage.send("unforwarded", "no JSON")
    seen = [
        ask("Query", "deadLetters", {}),
        ask("Query", "deadLetters", {"first": 1}),
        ask("Query", "deadLetters", {"first": 0}),
        ask("Query", "deadLetters", {}, ADA),
        ask("Query", "deadLetters", {}, GUEST),
        ask("Mutation", "redriveDeadLetters", {"input": {"ids": [id_, "missing"]}}),
        ask("Mutation", "redriveDeadLetters", {"input": {"all": True}}),
        ask("Mutation", "redriveDeadLetters", {"input": {}}),
        ask("Mutation", "redriveDeadLetters", {"input": {"all": True, "ids": ["x"]}}),
        ask("Mutation", "redriveDeadLetters", {"input": {"all": "yes", "ids": []}}),
        ask("Mutation", "redriveDeadLetters", {"input": {"all": True}}, ADA),
    ]
    agree("graphql/dead_letters.json", {"answers": seen, "executions": stage.executions()})


def test_resending_a_dead_event_is_unchanged(stage: MotoStage) -> None:
    stage.store(stored("essay"))
    body = {"type": "CREATED", "at": "2020-03-09T10:00:00.000Z", "task": stored("essay"), "changes": []}
    stage.send("dead", body | {"ownerId": "ada", "taskId": id_of("essay")}, cause="OSError: gone")
    redrive = {"input": {"all": True}}
    answer = _request(stage, "Mutation", "redriveDeadLetters", redrive, LINUS, function="manageDeadLetters")
    (message,) = stage.receive("events")
    attributes = {name: message["Attributes"][name] for name in ("MessageGroupId", "MessageDeduplicationId")}
    agree(
        "graphql/redriven_event.json", {"answer": answer, "queued": attributes | {"body": json.loads(message["Body"])}}
    )


def test_messages_of_internal_errors_are_unchanged(stage: MotoStage) -> None:
    stage.set(deletedTaskRetentionDays="many")
    subjects.forget_wiring()
    wrong_setting = _request(stage, "Mutation", "deleteTask", {"input": {"id": "essay"}}, ADA)
    stage.store({"pk": "OWNER#ada", "sk": "TASK#odd", "version": 3})
    fault = _request(stage, "Query", "task", {"id": "odd"}, ADA)
    subjects.forget_wiring()
    agree("graphql/faults.json", {"wrong setting": wrong_setting, "unreadable item": fault})


@pytest.mark.parametrize("field", CALENDARS)
def test_the_response_about_a_subscribed_calendar_is_unchanged(stage: MotoStage, field: str) -> None:
    type_name = "Query" if field == "subscribedCalendars" else "Mutation"
    answers = []
    for given, who in CALENDARS[field]:
        arguments = {} if type_name == "Query" else {"input": given}
        answers.append(_request(stage, type_name, field, arguments, who, function="followCalendars"))
    agree(f"graphql/calendars_{field}.json", answers)


def test_batched_counts_of_lists_are_unchanged(stage: MotoStage) -> None:
    sources = [{"id": HISTORY}, {"id": "TaskList:ada:4"}, {"id": "TaskList:guest:3"}, {}]
    batch = [_event("TaskList", "counts", {}, ADA) | {"source": source} for source in sources]
    agree("graphql/task_list_counts.json", stage.call("readTasks", batch))


def test_what_staff_finds_of_students_is_unchanged(stage: MotoStage) -> None:
    answers = [
        _request(stage, "Query", "students", arguments, who, function="findStudents") for arguments, who in STUDENTS
    ]
    for answer in answers:
        for node in answer.get("answer", {}).get("nodes", ()):
            assert node["id"] == f"Student:{node['ownerId']}"
            node |= {"id": "Student:<sub>", "ownerId": "<sub>"}
    agree("graphql/students.json", answers)


def test_every_resolved_field_is_covered() -> None:
    template = yaml.safe_load(subjects.SERVERLESS.read_text(encoding="utf-8").replace("!GetAtt", "").replace("!", ""))
    resolved = {name for name, how in template["appSync"]["resolvers"].items() if how["dataSource"] != "nothing"}
    covered = {f"Query.{name}" for name in QUERIES} | {f"Mutation.{name}" for name in MUTATIONS}
    covered |= {f"Query.{name}" if name == "subscribedCalendars" else f"Mutation.{name}" for name in CALENDARS}
    covered |= {
        "TaskList.counts",
        "Query.students",
        "Task.subtasks",
        "Subscription.onTaskEvent",
        "Subscription.onNotification",
        "Query.deadLetters",
        "Query.pipeline",
        "Query.taskTrace",
        "Mutation.redriveDeadLetters",
    }
    assert resolved == covered


def _changed(stage: MotoStage, field: str, given: Any, who: Any) -> Any:
    """The answer, and what the mutation and all that follows from it have left in the table."""
    stage.reset()
    before = stage.items()
    answer = _request(stage, "Mutation", field, {"input": given}, who)
    stage.follow(before)
    return answer | {"written": _steady(stage.changes(before), before)}


def _steady(written: Mapping[str, Item | None], before: Mapping[tuple[str, str], Item]) -> dict[str, Any]:
    """What was written, without what hangs on the random part of ids: places in the log, and which shard counts.

    Of counts there is what was added to them all.
    """
    steady: dict[str, Any] = {}
    for key, item in written.items():
        if item and key.startswith("STATS#"):
            owner = key.rpartition("#")[0]
            earlier = before.get((item["pk"], item["sk"]), {})
            added = {name: count - earlier.get(name, 0) for name, count in item.items() if name not in {"pk", "sk"}}
            counts = Counter(steady.get(owner, {}))
            counts.update(added)
            steady[owner] = {name: count for name, count in counts.items() if count}
        elif item and key.startswith("LOG#") and "timeKey" in item:
            stored_at, _, version = item["timeKey"].split("#")
            steady[key] = item | {"timeKey": f"{stored_at}#<end of the id>#{version}"}
        else:
            steady[key] = item
    return steady


def _request(
    stage: MotoStage, type_name: str, field: str, arguments: Item, who: Any, *, function: str | None = None
) -> Item:
    name = function or ("writeTasks" if type_name == "Mutation" else "readTasks")
    answer = stage.call(name, _event(type_name, field, arguments, who))
    shown = {"error": answer["error"]} if "error" in answer else {"answer": answer["data"]}
    for payload in _payloads(shown.get("answer")):
        payload["undo"] = payload["undo"] and "<token>"  # it tells the time of the run
    if field == "changes" and shown.get("answer"):
        shown["answer"] |= {"cursor": "<cursor>"}  # it tells the time of the run
    return {"field": f"{type_name}.{field}", "by": who and who.get("sub"), "arguments": _short(arguments), **shown}


def _payloads(answer: Any) -> list[Item]:
    """The payloads of an answer that say how to take a change back."""
    answers = answer if isinstance(answer, list) else [answer]
    return [each for each in answers if isinstance(each, dict) and "undo" in each]


def _short(value: Any) -> Any:
    """Arguments as golden files show them: long texts and lists cut."""
    match value:
        case str() if len(value) > 80:
            return f"{value[:20]} ... ({len(value)} characters)"
        case list() if len(value) > 10:
            return [*map(_short, value[:1]), f"... ({len(value)})"]
        case list():
            return [_short(part) for part in value]
        case dict():
            return {name: _short(part) for name, part in value.items()}
    return value


def _event(type_name: str, field: str, arguments: Item, who: Any) -> Item:
    """The event of a direct Lambda resolver, with all fields selected by a fragment."""
    info = {"fieldName": field, "parentTypeName": type_name, "variables": {}, "selectionSetList": []}
    return {
        "arguments": {name: value for name, value in arguments.items() if value is not None or name == "input"},
        "identity": who,
        "source": None,
        "request": {"headers": {}, "domainName": None},
        "prev": None,
        "info": info | {"selectionSetGraphQL": "{ ...All }"},
        "stash": {},
    }
