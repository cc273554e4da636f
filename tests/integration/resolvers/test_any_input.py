"""Any JSON as an argument is resolved or rejected, and never an internal error."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    build_schema,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers import (
    find_students,
    follow_calendars,
    manage_dead_letters,
    observe_pipeline,
    read_tasks,
    write_tasks,
)
from tests.support.aws import Aws
from tests.support.lambdas import ADA, CONTEXT, GRACE, LINUS, appsync_event

CONTRACT = (Path(__file__).parents[3] / "schema.graphql").read_text()
SCHEMA = build_schema(f"scalar AWSDate scalar AWSDateTime {CONTRACT}", assume_valid_sdl=True)
QUERIES = (
    *("node", "nodes", "viewer", "task", "tasks", "trash", "labels", "taskLists", "activity"),
    *("notifications", "taskStats", "taskPermissions"),
    *("calendarFeed", "exportData", "taskImport", "subscribedCalendars", "students"),
)
DEAD_LETTERS = {"deadLetters", "redriveDeadLetters"}
MUTATIONS = (
    *("createTask", "updateTask", "setTaskStatus", "deleteTask", "restoreTask", "updateTasks"),
    *("createTasks", "setTaskStatuses", "deleteTasks", "restoreTasks", "purgeTask", "purgeTasks", "emptyTrash"),
    *("renameLabel", "deleteLabel", "undo", "createTaskList", "updateTaskList", "deleteTaskList"),
    *("renewCalendarFeed", "disableCalendarFeed", "importTasks"),
    *("subscribeCalendar", "refreshCalendar", "unsubscribeCalendar"),
    *("updateViewer", "markNotificationsRead", "readNotifications", "dismissNotifications", "snoozeNotification"),
)
FIELDS = [("Query", name) for name in QUERIES] + [("Mutation", name) for name in MUTATIONS]
FIELDS += [
    ("Subscription", "onTaskEvent"),
    ("Subscription", "onNotification"),
    ("Query", "deadLetters"),
    ("Mutation", "redriveDeadLetters"),
]

TASK = "Task:ada:01939d1c-c01d-7b42-a757-03e5ab1990ee"
INSTANTS = [
    "2027-01-15T18:00:00+01:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "8999-12-31T23:59:59Z",
    "1970-01-01T00:00:00Z", "2026-03-29T02:30:00+01:00", "2027-01-15", "1700000000", "2027-13-45T99:99:99Z",
]  # fmt: skip
TEXTS = ["", "essay", "task-1", "Europe/Vienna", "Pacific/Apia", "ada", "a\x00b", "\ud800", "\uffff", "x" * 11_000]
NUMBERS = [0, 1, 2, -1, 60, 43_200, 10**30, 2**63, 1.0, 0.5, float("nan"), float("inf"), True, False]

anything = st.recursive(
    st.none() | st.sampled_from(NUMBERS) | st.sampled_from(TEXTS + INSTANTS) | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(TEXTS) | st.text(), inner, max_size=3),
    max_leaves=6,
)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "AWSDate": st.sampled_from(INSTANTS),
    "AWSDateTime": st.sampled_from(INSTANTS),
    "Boolean": st.booleans(),
    "ID": st.sampled_from(
        ["essay", "task-1", "ada", "Viewer:ada", "TaskList:ada:1", TASK, f"{TASK}:1"[4:], f"TaskEvent{TASK[4:]}:1"]
    )
    | st.sampled_from(TEXTS),
    "Int": st.integers(-1, 400),
    "String": st.sampled_from(TEXTS + INSTANTS),
}


def like(type_: Any) -> st.SearchStrategy[Any]:
    """Values of a type of the contract, with something else here and there."""
    match type_:
        case GraphQLNonNull():
            return like(type_.of_type)
        case GraphQLList():
            meant: st.SearchStrategy[Any] = st.lists(like(type_.of_type), max_size=4)
        case GraphQLEnumType():
            meant = st.sampled_from(list(type_.values))
        case GraphQLInputObjectType():
            meant = given_some(type_.fields)
        case _:
            meant = SCALARS[type_.name]
    return st.integers(0, 9).flatmap(lambda chance: anything if chance == 0 else meant)


def given_some(fields: dict[str, GraphQLInputField] | dict[str, GraphQLArgument]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with what is required and some of the rest."""
    required = {name: like(field.type) for name, field in fields.items() if isinstance(field.type, GraphQLNonNull)}
    rest = {name: like(field.type) for name, field in fields.items() if name not in required}
    return st.fixed_dictionaries(required, optional=rest)


def requests(kind: str, name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Events for a field, by somebody of the three who can come."""
    arguments = given_some(SCHEMA.type_map[kind].fields[name].args)  # type: ignore[attr-defined]
    who = st.sampled_from([ADA, GRACE, LINUS, None])
    return st.builds(appsync_event, st.just(kind), st.just(name), arguments | st.just({}), who)


def handler_of(kind: str, name: str) -> Callable[[Any, Any], Any]:
    if "Calendar" in name and "Feed" not in name:
        return follow_calendars.handler
    if name == "students":
        return find_students.handler
    if name in DEAD_LETTERS:
        return manage_dead_letters.handler
    if name in {"pipeline", "taskTrace"}:
        return observe_pipeline.handler
    return write_tasks.handler if kind == "Mutation" else read_tasks.handler


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
@given(event=st.sampled_from(FIELDS).flatmap(lambda field: requests(*field)))
def test_no_argument_whatever_it_is_ends_in_a_fault(aws: Aws, user_pool: dict[str, str], event: dict[str, Any]) -> None:
    handler = handler_of(event["info"]["parentTypeName"], event["info"]["fieldName"])
    answer = handler(event, CONTEXT)
    if "error" in answer:
        assert answer["error"]["type"] in {"VALIDATION", "LIMIT_EXCEEDED", "FORBIDDEN"}
    json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()
