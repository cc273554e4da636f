"""The queries and the start of subscriptions, as AppSync calls them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from resolvers import write_tasks
from resolvers.read_tasks import handler
from taskbell import bootstrap
from taskbell.domain.events import event_between
from taskbell.domain.queries import TaskQuery
from taskbell.domain.task import TaskStatus, with_status
from tests.support.aws import Aws
from tests.support.examples import LATER, at, example_task
from tests.support.lambdas import ADA, CONTEXT, GRACE, GraphqlError, appsync_event, call, resolved

TASK = "Task:ada:01939d1c-c01d-7b42-a757-03e5ab1990ee"
MALLORY = {"sub": "mallory", "username": "mallory", "claims": {"sub": "mallory"}, "groups": None}


def ask(field: str, identity: Any = ADA, **arguments: Any) -> Any:
    return call(handler, appsync_event("Query", field, arguments, identity))


def follow(identity: Any, **arguments: Any) -> Any:
    return call(handler, appsync_event("Subscription", "onTaskEvent", arguments, identity))


@pytest.fixture
def tasks(aws: Aws) -> Aws:
    """Three tasks of Ada's."""
    for number in range(3):
        event = {"input": {"key": f"task-{number}", "title": f"Task {number}"}}
        call(write_tasks.handler, appsync_event("Mutation", "createTask", event, ADA))
    return aws


def test_the_viewer_is_the_caller(aws: Aws) -> None:
    defaults: dict[str, object] = {"timeZone": "UTC", "defaultReminders": [], "quietHours": None}
    ada, guest = ({"id": f"Viewer:{name}", "ownerId": name, "name": name} for name in ("ada", "guest"))
    assert ask("viewer") == {**ada, "groups": ["students"], **defaults}
    assert ask("viewer", None) == {**guest, "groups": [], **defaults}


def test_a_task_is_found_by_its_owner_and_by_staff(tasks: Aws) -> None:
    assert ask("task", id="task-1")["title"] == "Task 1"
    assert ask("task", GRACE, id="task-1", ownerId="ada")["title"] == "Task 1"


@pytest.mark.parametrize("id_", ["unknown", "", "x" * 5_000, "TASK#task-1", "\ud800", "../task-1"])
def test_an_id_that_stands_for_nothing_answers_with_null(tasks: Aws, id_: str) -> None:
    assert ask("task", id=id_) is None


@pytest.mark.parametrize("identity", [MALLORY, None])
def test_anothers_task_is_as_if_it_were_not_there(tasks: Aws, identity: Any) -> None:
    assert ask("task", identity, id="task-1", ownerId="ada") is None


@pytest.mark.parametrize("field", ["tasks", "activity", "taskStats", "taskPermissions"])
@pytest.mark.parametrize("owner", ["ada", "nobody"])
def test_what_is_anothers_is_forbidden_whether_they_exist_or_not(tasks: Aws, field: str, owner: str) -> None:
    for identity in (MALLORY, None):
        with pytest.raises(GraphqlError, match=r"^FORBIDDEN: You can read only your own tasks\.$"):
            ask(field, identity, ownerId=owner)


def test_a_list_has_edges_nodes_and_where_it_stands(tasks: Aws) -> None:
    page = ask("tasks", first=2)
    assert [node["key"] for node in page["nodes"]] == ["task-2", "task-1"]
    assert [edge["node"] for edge in page["edges"]] == page["nodes"]
    assert page["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": page["edges"][0]["cursor"],
        "endCursor": page["edges"][1]["cursor"],
    }
    rest = ask("tasks", first=2, after=page["pageInfo"]["endCursor"])
    assert [node["key"] for node in rest["nodes"]] == ["task-0"]
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)


def test_null_arguments_are_as_left_out(tasks: Aws) -> None:
    assert ask("tasks", filter=None, orderBy=None, first=None, after=None, ownerId=None) == ask("tasks")
    assert ask("tasks", filter={"statuses": None}) == ask("tasks")


def test_an_empty_list_of_statuses_holds_nothing(tasks: Aws) -> None:
    assert ask("tasks", filter={"statuses": []})["nodes"] == []


def test_a_list_can_be_of_one_status_and_in_another_order(tasks: Aws) -> None:
    assert ask("tasks", filter={"statuses": ["COMPLETED"]})["nodes"] == []
    oldest_first = ask("tasks", orderBy={"field": "CREATED_AT", "direction": "ASC"})
    assert [node["key"] for node in oldest_first["nodes"]] == ["task-0", "task-1", "task-2"]


@pytest.mark.parametrize(
    ("arguments", "field", "message"),
    [
        ({"first": 0}, "first", ""),
        ({"first": 101}, "first", ""),
        ({"first": -1}, "first", ""),
        ({"after": "nonsense"}, "after", "`after` is not a cursor of this list"),
        ({"after": ""}, "after", "`after` is not a cursor of this list"),
        ({"after": "x" * 2_000}, "after", ""),
        ({"filter": {"statuses": ["DONE"]}}, "filter.statuses.0", ""),
        ({"ownerId": ""}, "ownerId", ""),
        ({"first": True}, "first", "Must be a whole number"),
        ({"first": "10"}, "first", "Must be a whole number"),
        ({"filter": {"overdue": "yes"}}, "filter.overdue", "Must be true or false"),
        ({"filter": {"dueAfter": "1700000000"}}, "filter.dueAfter", "Must be an instant"),
    ],
)
def test_an_invalid_request_is_an_error_with_its_field_and_its_reason(
    tasks: Aws, arguments: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(GraphqlError, match=f"^VALIDATION: {message}") as refusal:
        ask("tasks", **arguments)
    assert refusal.value.info == {"field": field.split(".")}


@pytest.mark.parametrize("ask_wrongly", [lambda: ask("tasks", first=0), lambda: follow(MALLORY, ownerId="ada")])
def test_a_refused_request_logs_nothing(
    tasks: Aws, ask_wrongly: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(GraphqlError):
        ask_wrongly()
    assert caplog.records == []


def test_a_cursor_of_another_list_is_refused(tasks: Aws) -> None:
    cursor = ask("tasks", first=1)["pageInfo"]["endCursor"]
    with pytest.raises(GraphqlError, match="VALIDATION"):
        ask("tasks", filter={"statuses": ["PENDING"]}, after=cursor)


def test_activity_has_the_stored_events_without_internal_fields(aws: Aws) -> None:
    before = example_task()
    after = with_status(before, TaskStatus.COMPLETED, LATER)
    for event in (event_between(None, before), event_between(before, after)):
        bootstrap.event_store().append(event)
    page = ask("activity", first=1)
    assert [(node["type"], node["taskId"], node["version"]) for node in page["nodes"]] == [
        ("STATUS_CHANGED", "Task:ada:essay", 2)
    ]
    assert "task" not in page["nodes"][0]
    rest = ask("activity", first=5, after=page["pageInfo"]["endCursor"], taskId=None)
    assert [node["type"] for node in rest["nodes"]] == ["CREATED"]
    assert ask("activity", taskId="essay")["nodes"] == page["nodes"] + rest["nodes"]


def test_the_histories_of_some_tasks_are_one_batch(aws: Aws) -> None:
    for id_ in ("one", "two"):
        bootstrap.event_store().append(event_between(None, example_task(id=id_)))
    answers = ask_aliases("activity", *({"taskId": id_, "first": 5} for id_ in ("one", "two")))
    tasks = [[node["taskId"] for node in resolved(answer)["nodes"]] for answer in answers]
    assert tasks == [["Task:ada:one"], ["Task:ada:two"]]


def test_staff_sees_anybodys_tasks_but_may_not_change_them(tasks: Aws) -> None:
    assert ask("taskPermissions") == {"update": True, "delete": True}
    assert ask("taskPermissions", GRACE, ownerId="ada") == {"update": False, "delete": False}


def test_people_follow_their_own_tasks_and_staff_follows_anybodys(aws: Aws) -> None:
    assert follow(ADA, ownerId="ada") is None
    assert follow(None, ownerId="guest") is None
    assert follow(GRACE, ownerId="ada", taskId=TASK, type=None, status="PENDING") is None


@pytest.mark.parametrize("wrong", ["essay", "TaskEvent:ada:01939d1c-c01d-7b42-a757-03e5ab1990ee:1", "Viewer:ada", ""])
def test_a_subscription_that_nothing_can_match_is_refused(aws: Aws, wrong: str) -> None:
    with pytest.raises(GraphqlError, match=r"^VALIDATION: Must be the id of a task\."):
        follow(ADA, ownerId="ada", taskId=wrong)


@pytest.mark.parametrize(("identity", "owner"), [(MALLORY, "ada"), (None, "ada"), (ADA, "guest"), (ADA, "nobody")])
def test_following_others_is_refused_whoever_they_are(aws: Aws, identity: Any, owner: str) -> None:
    with pytest.raises(GraphqlError, match=r"^FORBIDDEN: You can follow only your own tasks.$"):
        follow(identity, ownerId=owner)


def ask_aliases(field: str, *arguments: dict[str, Any]) -> Any:
    return handler([appsync_event("Query", field, each, ADA) for each in arguments], CONTEXT)


def codes(answers: Any) -> list[str]:
    return [answer["error"]["type"] if "error" in answer else "" for answer in answers]


def test_aliases_of_a_field_are_answered_as_each_alone(tasks: Aws) -> None:
    ids = ["task-0", "unknown", "task-2"]
    answers = ask_aliases("task", *({"id": id_} for id_ in ids))
    assert list(map(resolved, answers)) == [ask("task", id=id_) for id_ in ids]
    assert ask_aliases("viewer", {}, {}) == [{"data": ask("viewer")}] * 2


def test_lists_under_aliases_may_have_500_items_together(tasks: Aws) -> None:
    assert codes(ask_aliases("tasks", *[{"first": 100}] * 5)) == [""] * 5
    for lists in (
        [{"first": 100}] * 5 + [{"first": 1}],
        [{"first": None}] * 11,
        [{"first": 100}] * 6 + [{"first": -600}],
    ):
        answers = ask_aliases("tasks", *lists)
        assert codes(answers) == ["LIMIT_EXCEEDED"] * len(lists)
        assert answers[0]["error"]["message"] == "Lists of one request may have at most 500 items together."


def test_ids_under_aliases_may_be_500_together(tasks: Aws) -> None:
    ids = [f"Task:ada:{number}" for number in range(100)]
    assert codes(ask_aliases("nodes", *[{"ids": ids}] * 5)) == [""] * 5
    assert codes(ask_aliases("nodes", *[{"ids": ids}] * 5, {"ids": ids[:1]})) == ["LIMIT_EXCEEDED"] * 6


def test_the_histories_of_25_tasks_may_have_500_items_together(tasks: Aws) -> None:
    histories = [{"taskId": f"task-{number}", "first": 20} for number in range(25)]
    assert "LIMIT_EXCEEDED" not in codes(ask_aliases("activity", *histories))
    longer = ask_aliases("activity", *({**history, "first": 21} for history in histories))
    assert codes(longer) == ["LIMIT_EXCEEDED"] * 25


def test_one_alias_that_is_not_valid_takes_no_other_along(tasks: Aws) -> None:
    assert codes(ask_aliases("tasks", {"first": 1}, {"first": 0}, {"first": 2})) == ["", "VALIDATION", ""]


@pytest.mark.parametrize(
    ("filter_", "total"),
    [
        ({"includeSubtasks": True}, 3),
        ({"includeSubtasks": True, "statuses": ["PENDING", "PENDING"], "search": " "}, 2),
        ({"includeSubtasks": True, "overdue": True}, 0),
        ({"includeSubtasks": True, "overdue": True, "statuses": ["PENDING"]}, None),
        ({"includeSubtasks": True, "overdue": False}, None),
        ({"includeSubtasks": True, "search": "task"}, None),
        ({}, None),
    ],
)
def test_a_list_has_its_length_where_it_is_kept(tasks: Aws, filter_: Any, total: int | None) -> None:
    for before in (bootstrap.task_repository().page(TaskQuery("ada"), 5, None)).items:
        bootstrap.event_store().append(event_between(None, before))
        if before.key == "task-1":
            after = with_status(before, TaskStatus.COMPLETED, LATER)
            bootstrap.event_store().append(event_between(before, after))
    assert ask("tasks", filter=filter_, first=1).get("totalCount") == total


def test_a_plan_has_the_days_of_its_owners_zone_with_subtasks(aws: Aws) -> None:
    bootstrap.provide(clock=at(datetime(2027, 3, 27, 23, 30, tzinfo=UTC)))  # 00:30 of a day of 23 hours
    call(write_tasks.handler, appsync_event("Mutation", "updateViewer", {"input": {"timeZone": "Europe/Vienna"}}, ADA))
    for key, due_at, parent in (
        ("yesterday", "2027-03-27T22:59:59.999Z", None),
        ("midnight", "2027-03-28T00:00:00+01:00", None),
        ("subtask", "2027-03-28T21:59:59.999Z", "midnight"),
        ("tomorrow", "2027-03-29T00:00:00+02:00", None),
        ("next week", "2027-04-05T00:00:00+02:00", None),
    ):
        input_ = {"key": key.replace(" ", "-"), "title": key, "dueAt": due_at, "parentId": parent}
        call(write_tasks.handler, appsync_event("Mutation", "createTask", {"input": input_}, ADA))

    def due(**filter_: Any) -> list[str]:
        return [task["title"] for task in ask("tasks", GRACE, ownerId="ada", filter=filter_)["nodes"]]

    assert due(due="TODAY") == ["midnight", "subtask"]
    assert due(due="TODAY", includeSubtasks=False) == ["midnight"]
    assert due(due="UPCOMING") == ["tomorrow"]
    assert due(due="UPCOMING", days=8) == ["tomorrow", "next week"]
    assert due(due="OVERDUE") == ["yesterday", "midnight"]
    assert due(due="TODAY", parentId="midnight") == ["subtask"]
    assert due(search="sub", due="TODAY", statuses=["COMPLETED"]) == []
