"""Export and import through the API: what goes out comes in."""

import json
from typing import Any

import pytest

from resolvers import read_tasks, write_tasks
from taskbell.adapters.dynamodb.items import task_item
from taskbell.adapters.dynamodb.log_items import event_item, notification_item
from taskbell.domain.events import event_between
from taskbell.domain.ids import derived_task_id
from taskbell.domain.notification import Notification
from taskbell.domain.task import Task
from tests.support.aws import Aws
from tests.support.examples import LATER, NOW, example_task
from tests.support.lambdas import ADA, GRACE, GraphqlError, appsync_event, call


def ask(field: str, identity: Any = ADA, **arguments: Any) -> Any:
    return call(read_tasks.handler, appsync_event("Query", field, arguments, identity))


def take(identity: Any = ADA, **input_: Any) -> Any:
    answer = call(write_tasks.handler, appsync_event("Mutation", "importTasks", {"input": input_}, identity))
    assert answer["errors"] == []
    return answer["part"]


def pages(identity: Any = ADA, **arguments: Any) -> list[Any]:
    found = [ask("exportData", identity, **arguments)]
    while found[-1]["hasMore"]:
        found.append(ask("exportData", identity, **arguments, after=found[-1]["cursor"]))
    return found


def store(aws: Aws, title: str, **fields: Any) -> Task:
    task = example_task(id=derived_task_id(NOW, title), title=title, **fields)
    aws.dynamodb.put_item(TableName="tasks", Item=task_item(task))
    aws.dynamodb.put_item(TableName="tasks", Item=event_item(event_between(None, task), NOW))
    return task


@pytest.fixture
def family(aws: Aws) -> list[Task]:
    essay = store(aws, "Essay", labels=("school",), due_at=LATER)
    note = Notification(essay.id, "ada", LATER, LATER, "Essay", LATER)
    aws.dynamodb.put_item(TableName="tasks", Item=notification_item(note))
    return [
        essay,
        *(store(aws, f"Chapter {number}", parent_id=essay.id) for number in range(3)),
        store(aws, "Dropped", deleted_at=NOW),
        store(aws, "Grace's", owner_id="grace"),
    ]


def titles(identity: Any) -> list[str]:
    query = {"filter": {"includeSubtasks": True}}
    return sorted(node["title"] for node in ask("tasks", identity, **query)["nodes"])


@pytest.mark.parametrize("first", [1, 2, 100])
def test_an_export_has_all_that_is_its_owners_and_parents_first(aws: Aws, family: list[Task], first: int) -> None:
    found = pages(first=first)
    things = [json.loads(line) for page in found for line in page["content"].splitlines()]
    assert [page["exported"] for page in found][-1] == len(things)
    assert [thing["__typename"] for thing in things] == [
        *["Task"] * 5, "Notification", *["TaskEvent"] * 5, "Settings",
    ]  # fmt: skip
    assert {thing.get("ownerId", "ada") for thing in things} == {"ada"}
    assert [bool(thing.get("parentId")) for thing in things[:5]] == [False, False, True, True, True]


@pytest.mark.parametrize("first", [1, 100])
def test_the_pages_of_csv_are_one_file(aws: Aws, family: list[Task], first: int) -> None:
    content = "".join(page["content"] for page in pages(format="CSV", first=first))
    assert content.count("parentId") == 1
    part = take(GRACE, importId="csv", part=0, format="CSV", content=content)
    assert (part["created"], part["skipped"], part["failed"]) == (4, 1, 0)
    assert titles(GRACE) == ["Chapter 0", "Chapter 1", "Chapter 2", "Essay", "Grace's"]


@pytest.mark.parametrize("first", [1, 3, 100])
def test_another_owner_gets_tasks_of_their_own_and_the_same_owner_none(
    aws: Aws, family: list[Task], first: int
) -> None:
    for number, page in enumerate(pages(first=first)):
        for identity in (GRACE, GRACE, ADA):
            part = take(identity, importId="copy", part=number, format="JSON", content=page["content"])
            assert part["failed"] == 0
    assert titles(GRACE) == ["Chapter 0", "Chapter 1", "Chapter 2", "Essay", "Grace's"]
    assert titles(ADA) == ["Chapter 0", "Chapter 1", "Chapter 2", "Essay"]
    (essay,) = [node for node in ask("tasks", GRACE)["nodes"] if node["title"] == "Essay"]
    assert (essay["labels"], essay["ownerId"]) == (["school"], "grace")
    copied = ask("taskImport", GRACE, importId="copy")
    assert (copied["created"], copied["failed"], copied["partsDone"]) == (4, 0, list(range(len(pages(first=first)))))
    assert ask("taskImport", ADA, importId="copy")["created"] == 0
    assert ask("taskImport", importId="unknown") is None


def test_errors_of_rows_are_in_the_progress(aws: Aws) -> None:
    take(importId="a", part=3, format="JSON", content='{"title": "Read"}\n{"title": ""}')
    take(importId="a", part=11, format="JSON", content="{}")
    found = ask("taskImport", importId="a")
    assert (found["partsDone"], found["created"], found["failed"]) == ([3, 11], 1, 2)
    assert [(error["part"], error["row"]) for error in found["rowErrors"]] == [(3, 2), (11, 1)]


def test_a_cursor_is_of_one_owner_and_format(aws: Aws, family: list[Task]) -> None:
    cursor = ask("exportData", first=1)["cursor"]
    for identity, format_ in ((GRACE, "JSON"), (ADA, "CSV")):
        with pytest.raises(GraphqlError, match="VALIDATION"):
            ask("exportData", identity, format=format_, after=cursor)


def test_a_column_has_a_field_that_there_is(aws: Aws) -> None:
    columns = [{"column": "a", "field": "title"}, {"column": "b", "field": "colour"}]
    input_ = {"importId": "a", "part": 0, "format": "CSV", "content": "a,b\nx,y", "columns": columns}
    answer = call(write_tasks.handler, appsync_event("Mutation", "importTasks", {"input": input_}, ADA))
    assert [error["field"] for error in answer["errors"]] == [["input", "columns", "1", "field"]]
