"""Counting from scratch."""

from dataclasses import dataclass
from typing import Any

import pytest

from adapters.cursors import Cursors
from adapters.dynamodb import DynamoTaskStore
from adapters.pages import Pages
from adapters.statistics import DynamoStatistics
from operate.recounting import correct, recount
from tasks.task import TaskStatus, with_status
from tests.examples import NOW, example_task
from tests.support.aws import empty_table
from tests.support.operated import Operated


@dataclass
class FakeStage:
    """As much of a stage as a recount needs."""

    dynamodb: Any
    name: str = "test"

    def client(self, _service: str) -> Any:
        return self.dynamodb

    def output(self, _name: str) -> str:
        return "tasks"


@pytest.fixture
def stage(moto: None) -> FakeStage:
    client = empty_table()
    store = DynamoTaskStore(client, "tasks", Pages(client, "tasks", Cursors(lambda: "secret")))
    for number in range(130):
        task = example_task(id=f"task-{number}")
        store.add(with_status(task, TaskStatus.COMPLETED, NOW) if number % 2 else task)
    return FakeStage(client)


def test_all_tasks_are_counted_and_the_difference_is_told(stage: Any) -> None:
    DynamoStatistics(stage.dynamodb, "tasks").add("ada", {"PENDING": 70})
    found = recount(stage, "ada")
    assert found.counted == {"PENDING": 65, "COMPLETED": 65, "2026-11-22": 65}
    assert found.missing == {"PENDING": -5, "COMPLETED": 65, "2026-11-22": 65}


def test_what_was_corrected_differs_no_more(stage: Any) -> None:
    correct(stage, recount(stage, "ada"))
    assert recount(stage, "ada").missing == {}


def test_who_has_no_tasks_has_no_counts(stage: Any) -> None:
    assert recount(stage, "grace").document(corrected=False)["counted"] == {}


def test_statistics_that_differ_are_told_and_corrected(operated: Operated) -> None:
    operated.store(example_task(owner_id="guest"))
    assert operated.tells("stats", "rebuild", "--check", status=1)["difference"] == {"PENDING": 1}
    assert operated.tells("stats", "rebuild")["corrected"] is True
    assert operated.run("stats", "rebuild", "--check").stdout == "The statistics of guest are those of the tasks.\n"


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_an_owner_of_whom_there_is_nothing_is_status_1_and_one_line(operated: Operated, check: list[str]) -> None:
    operated.store(example_task())
    result = operated.run("stats", "rebuild", "--owner", "nobody", *check, status=1)
    assert result.stdout == ""
    assert result.stderr == "There is nothing of the owner 'nobody': no task that counts, no statistics.\n"
    assert operated.tells("stats", "rebuild", "--owner", "nobody", *check, status=1)["counted"] == {}
