"""Taking changes back through the API."""

from typing import Any

import pytest

from resolvers.write_tasks import handler
from tests.support.aws import Aws
from tests.support.lambdas import ADA, GRACE, appsync_event, call


def mutate(field: str, input_: Any, identity: Any = ADA, selection: str = "") -> Any:
    event = appsync_event("Mutation", field, {"input": input_}, identity)
    event["info"]["selectionSetGraphQL"] = selection
    return call(handler, event)


@pytest.fixture
def task(aws: Aws) -> Any:
    return mutate("createTask", {"key": "essay", "title": "Essay", "labels": ["uni"]})["task"]


def test_many_changes_are_taken_back_at_once_and_made_again(task: Any) -> None:
    made = mutate("createTasks", [{"key": "a", "title": "A"}, {"key": "b", "title": "B"}])
    changed = mutate("updateTasks", [{"id": "essay", "title": "X"}, {"id": "a", "title": "Y"}])
    undone = mutate("undo", {"tokens": [payload["undo"] for payload in changed]})
    assert [(each["task"]["title"], each["errors"]) for each in undone] == [("Essay", []), ("A", [])]
    redone = mutate("undo", {"tokens": [payload["undo"] for payload in undone]})
    assert [each["task"]["title"] for each in redone] == ["X", "Y"]
    (gone,) = mutate("undo", {"tokens": [made[1]["undo"]]})
    assert gone["task"]["deletedAt"]


def test_one_that_cannot_be_taken_back_takes_no_other_along(task: Any) -> None:
    first = mutate("updateTask", {"id": "essay", "title": "X"})["undo"]
    other = mutate("createTask", {"title": "Other"})["undo"]
    mutate("updateTask", {"id": "essay", "title": "Y"})
    refused, undone = mutate("undo", {"tokens": [first, other]})
    assert [error["code"] for error in refused["errors"]] == ["CONFLICT"]
    assert (refused["task"]["title"], undone["errors"]) == ("Y", [])


def test_a_renamed_label_is_taken_back_with_one_token(task: Any) -> None:
    mutate("createTask", {"key": "talk", "title": "Talk", "labels": ["Uni", "university"]})
    renamed = mutate("renameLabel", {"name": "uni", "newName": "university"})
    undone = mutate("undo", {"tokens": [renamed["undo"]]})
    assert {each["task"]["key"]: each["task"]["labels"] for each in undone} == {
        "essay": ["uni"],
        "talk": ["Uni", "university"],
    }


def test_what_changed_nothing_has_no_undo(task: Any) -> None:
    assert mutate("updateTask", {"id": "essay", "title": "Essay"})["undo"] is None
    assert mutate("renameLabel", {"name": "none", "newName": "other"})["undo"] is None


def test_the_key_is_not_read_unless_undo_is_selected(task: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURSOR_SECRET")
    answer = mutate("updateTask", {"id": "essay", "title": "X"}, selection="{ task { title } }")
    assert answer == {"task": {"title": "X"}}


@pytest.mark.parametrize(
    ("tokens", "field"),
    [
        ([], ["input", "tokens"]), ([""], ["input", "tokens"]), (["nonsense"], ["input", "tokens"]),
        (["x"] * 26, ["input", "tokens"]), (["x" * 100_001], ["input", "tokens", "0"]),
    ],
)  # fmt: skip
def test_what_is_no_token_is_refused(aws: Aws, tokens: list[str], field: list[str]) -> None:
    (refused,) = mutate("undo", {"tokens": tokens})
    assert (refused["errors"][0]["code"], refused["errors"][0]["field"]) == ("VALIDATION", field)


def test_anothers_token_is_none(task: Any) -> None:
    token = mutate("updateTask", {"id": "essay", "title": "X"})["undo"]
    (refused,) = mutate("undo", {"tokens": [token]}, GRACE)
    assert refused["errors"] == mutate("undo", {"tokens": ["nonsense"]}, GRACE)[0]["errors"]


def test_taking_back_is_repeated_under_its_id(task: Any) -> None:
    token = mutate("updateTask", {"id": "essay", "title": "X"})["undo"]
    input_ = {"tokens": [token], "clientMutationId": "undo"}
    first = mutate("undo", input_)
    assert mutate("undo", input_) == [{**first[0], "undo": None}]
