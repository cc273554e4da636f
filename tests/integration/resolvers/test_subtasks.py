"""`Task.subtasks`, as AppSync asks for it: all tasks of an answer in one batch."""

from typing import Any

import pytest

from resolvers import read_tasks, subtasks, write_tasks
from tests.support.aws import Aws
from tests.support.lambdas import ADA, CONTEXT, GRACE, appsync_event, call

MALLORY = {"sub": "mallory", "username": "mallory", "claims": {"sub": "mallory"}, "groups": None}


def create(key: str, **fields: Any) -> str:
    event = appsync_event("Mutation", "createTask", {"input": {"key": key, "title": key.title(), **fields}}, ADA)
    return str(call(write_tasks.handler, event)["task"]["id"])


@pytest.fixture
def essay(aws: Aws) -> str:
    """A task of Ada's with two subtasks."""
    id_ = create("essay")
    create("outline", parentId="essay")
    create("draft", parentId="essay")
    return id_


def of_tasks(*ids: str, identity: Any = ADA, selection: str = "") -> Any:
    events = [appsync_event("Task", "subtasks", {}, identity) | {"source": {"id": id_}} for id_ in ids]
    for event in events:
        event["info"]["selectionSetGraphQL"] = selection
    return read_tasks.handler(events, CONTEXT)


def titles(answer: Any) -> list[str] | None:
    return answer["data"] and [task["title"] for task in answer["data"]]


def test_each_task_has_its_subtasks_in_the_order_of_their_creation(essay: str) -> None:
    other = create("talk")
    answers = of_tasks(essay, other, essay)
    assert list(map(titles, answers)) == [["Outline", "Draft"], [], ["Outline", "Draft"]]


def test_only_what_is_selected_is_answered(essay: str) -> None:
    (answer,) = of_tasks(essay, selection="{ title }")
    assert answer == {"data": [{"title": "Outline"}, {"title": "Draft"}]}


def test_a_task_that_the_caller_may_not_read_has_none(essay: str) -> None:
    assert of_tasks(essay, "essay", "", identity=MALLORY) == [{"data": None}] * 3
    assert titles(of_tasks(essay, identity=GRACE)[0]) == ["Outline", "Draft"]


def test_more_than_one_request_may_have_are_refused(essay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subtasks, "MAX_SUBTASKS", 1)
    assert [answer["error"]["type"] for answer in of_tasks(essay, essay)] == ["LIMIT_EXCEEDED"] * 2


def test_a_list_keeps_the_ids_of_its_tasks_for_them(essay: str) -> None:
    event = appsync_event("Query", "tasks", {}, ADA)
    event["info"]["selectionSetGraphQL"] = "{ nodes { title subtasks { title } } }"
    assert call(read_tasks.handler, event) == {"nodes": [{"title": "Essay", "id": essay}]}
