"""`taskbell stats rebuild`."""

from dataclasses import dataclass

import pytest

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.records import DynamoDBTaskRecords
from taskbell.adapters.dynamodb.statistics import DynamoDBStatisticsRepository
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.recount import Recount, correct, recount
from taskbell.domain.task import TaskStatus, with_status
from tests.support.aws import empty_table
from tests.support.cli import Operated
from tests.support.examples import NOW, clock, example_task


@dataclass(frozen=True)
class Counted:
    """The tasks of an owner, and the statistics that are held against them."""

    records: DynamoDBTaskRecords
    statistics: DynamoDBStatisticsRepository

    def recount(self, owner_id: str = "ada") -> Recount:
        return recount(self.records, self.statistics, owner_id)


@pytest.fixture
def counted(moto: None) -> Counted:
    client = empty_table()
    store = DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)
    for number in range(130):
        task = example_task(id=f"task-{number}")
        store.add(with_status(task, TaskStatus.COMPLETED, NOW) if number % 2 else task)
    return Counted(DynamoDBTaskRecords(client, "tasks"), DynamoDBStatisticsRepository(client, "tasks"))


def test_all_tasks_are_counted_and_the_difference_is_reported(counted: Counted) -> None:
    counted.statistics.add("ada", {"PENDING": 70})
    found = counted.recount()
    assert found.counted == {"PENDING": 65, "COMPLETED": 65, "2026-11-22": 65}
    assert found.missing == {"PENDING": -5, "COMPLETED": 65, "2026-11-22": 65}


def test_corrected_statistics_do_not_differ(counted: Counted) -> None:
    correct(counted.statistics, counted.recount())
    assert counted.recount().missing == {}


def test_an_owner_without_tasks_has_no_counts(counted: Counted) -> None:
    assert counted.recount("grace").to_dict(corrected=False)["counted"] == {}


def test_statistics_that_differ_are_reported_and_corrected(operated: Operated) -> None:
    operated.store(example_task(owner_id="guest"))
    assert operated.run_json("stats", "rebuild", "--check", status=1)["difference"] == {"PENDING": 1}
    assert operated.run_json("stats", "rebuild")["corrected"] is True
    assert operated.run("stats", "rebuild", "--check").stdout == "The statistics of guest match the tasks.\n"


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_an_owner_without_tasks_and_statistics_is_status_1_and_one_line(operated: Operated, check: list[str]) -> None:
    operated.store(example_task())
    result = operated.run("stats", "rebuild", "--owner", "nobody", *check, status=1)
    assert result.stdout == ""
    assert result.stderr == "The owner 'nobody' has neither tasks nor statistics.\n"
    assert operated.run_json("stats", "rebuild", "--owner", "nobody", *check, status=1)["counted"] == {}


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_invalid_tasks_are_named_in_one_line_and_nothing_is_corrected(operated: Operated, check: list[str]) -> None:
    operated.store(example_task(owner_id="guest"))
    for sort_key in ("TASK#odd", "TASK#odd\x1b[2J"):
        operated.put({"pk": {"S": "OWNER#guest"}, "sk": {"S": sort_key}, "version": {"N": "3"}})
    result = operated.run("stats", "rebuild", *check, status=1)
    assert result.stdout == ""
    assert result.stderr == (
        "The tasks of 'guest' were not counted, because items of the table are invalid: "
        "'TASK#odd', 'TASK#odd\\x1b[2J'. `taskbell trace` shows a task as it is stored.\n"
    )
    assert operated.stage.statistics.get("guest").counts == {}


def test_invalid_statistics_are_named_in_one_line(operated: Operated) -> None:
    operated.store(example_task(owner_id="guest"))
    operated.put({"pk": {"S": "STATS#guest#3"}, "sk": {"S": "STATS"}, "PENDING": {"N": "1.5"}})
    result = operated.run("stats", "rebuild", status=1)
    assert "items of the table are invalid: 'STATS#guest#3'." in result.stderr
    assert result.stderr.count("\n") == 1
