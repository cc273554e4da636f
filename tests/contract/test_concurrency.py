"""Concurrent writes. moto has no locks, so this runs against the local AWS and the fake."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import boto3
import pytest
import pytest_asyncio

from local.ministack import LocalAws, boto3_arguments
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.event_store import DynamoDBEventStore
from taskbell.adapters.dynamodb.notifications import DynamoDBNotificationRepository
from taskbell.adapters.dynamodb.statistics import DynamoDBStatisticsRepository
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.ports import TaskRepository
from taskbell.application.task_changes import update_task
from taskbell.domain.commands import UpdateTask
from taskbell.domain.events import event_between
from taskbell.domain.exceptions import ConflictError
from taskbell.domain.notification import Notification
from taskbell.domain.task import Priority, Task, with_next_version
from tests.support.examples import LATER, NOW, at, clock, example_task
from tests.support.fakes import InMemoryTaskRepository
from tests.support.local_system import free_settings
from tests.support.table import create_table

AT_ONCE = 8
T = TypeVar("T")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dynamodb(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    """DynamoDB of the local AWS with the table `tasks`."""
    settings = free_settings(tmp_path_factory.mktemp("aws"))
    async with LocalAws(settings):
        client = boto3.client("dynamodb", **boto3_arguments(settings))
        await asyncio.to_thread(create_table, client, "tasks")
        yield client


@pytest.fixture(params=["in memory", "DynamoDB"])
def store(request: pytest.FixtureRequest) -> TaskRepository:
    if request.param == "in memory":
        return InMemoryTaskRepository()
    client = request.getfixturevalue("dynamodb")
    return DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)


def test_of_many_who_count_at_once_each_is_counted_once(dynamodb: Any) -> None:
    history = DynamoDBEventStore(dynamodb, "tasks", CursorCodec(lambda: "secret"), clock)
    events = [event_between(None, example_task(owner_id="busy", id=f"task-{number}")) for number in range(30)]
    _at_once([partial(history.append, event) for event in events + events])
    assert DynamoDBStatisticsRepository(dynamodb, "tasks").get("busy").counts == {"PENDING": 30}


def test_of_many_who_add_one_id_one_wins_and_the_others_see_its_task(store: TaskRepository) -> None:
    tasks = [example_task(id="contended", title=f"Task {number}") for number in range(50)]
    answers = _at_once([partial(store.add, task) for task in tasks])
    winners = [task for task, answer in zip(tasks, answers, strict=True) if answer is None]
    assert len(winners) == 1
    assert {answer for answer in answers if answer} == {store.get("ada", "contended")} == set(winners)


def test_of_many_who_replace_one_version_one_wins(store: TaskRepository) -> None:
    before = example_task(id="replaced")
    store.add(before)
    afters = [replace(with_next_version(before, LATER), title=f"Title {number}") for number in range(40)]
    won = _at_once([partial(store.replace, before, after) for after in afters])
    assert won.count(True) == 1
    assert store.get("ada", "replaced") == afters[won.index(True)]


def test_a_reminder_that_many_send_at_once_is_kept_once(dynamodb: Any) -> None:
    sent = DynamoDBNotificationRepository(dynamodb, "tasks", CursorCodec(lambda: "secret"))
    notes = [Notification("reminded", "ada", NOW, NOW, f"Title {number}", LATER) for number in range(20)]
    _at_once([partial(sent.add, note) for note in notes])
    assert sent.count_unread("ada", None, 100) == 1


def test_no_change_of_many_at_once_is_lost(store: TaskRepository) -> None:
    store.add(example_task(id="changed"))
    fields: list[dict[str, object]] = [
        {"description": "a"}, {"labels": ("b",)}, {"priority": Priority.HIGH}, {"title": "c"}, {"due_at": LATER},
    ]  # fmt: skip
    _at_once([partial(update_task, UpdateTask("ada", "changed", changes), store, at(LATER)) for changes in fields])
    task = store.get("ada", "changed")
    assert task
    assert (task.description, task.labels, task.priority, task.title, task.due_at, task.version) == (
        "a", ("b",), Priority.HIGH, "c", LATER, 6,
    )  # fmt: skip


def test_of_many_who_expect_one_version_one_wins_and_the_others_meet_a_conflict(store: TaskRepository) -> None:
    store.add(example_task(id="expected"))
    commands = [UpdateTask("ada", "expected", {"title": f"Title {number}"}, 1) for number in range(20)]
    answers = _at_once([partial(_tried, update_task, command, store, at(LATER)) for command in commands])
    assert [isinstance(answer, ConflictError) for answer in answers].count(False) == 1


def _tried(deed: Callable[..., Task], *arguments: object) -> Task | ConflictError:
    try:
        return deed(*arguments)
    except ConflictError as conflict:
        return conflict


def _at_once(deeds: list[Callable[[], T]]) -> list[T]:
    """What comes of it when all is done at the same time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [future.result() for future in [pool.submit(deed) for deed in deeds]]
