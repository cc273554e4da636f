"""The stores that have to keep the contract."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from taskbell.adapters.dynamodb.cursors import Cursors
from taskbell.adapters.dynamodb.event_store import DynamoHistory
from taskbell.adapters.dynamodb.pagination import Pages
from taskbell.adapters.dynamodb.profiles import DynamoProfiles
from taskbell.adapters.dynamodb.statistics import DynamoStatistics
from taskbell.adapters.dynamodb.task_repository import DynamoTaskStore
from taskbell.application.ports import History, Profiles, TaskStore
from tests.contract.remembered import Remembered
from tests.fakes import InMemoryHistory, InMemoryProfiles, InMemoryTaskStore
from tests.support.aws import empty_table


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A DynamoDB of moto with the table `tasks`."""
    with mock_aws():
        yield empty_table()


@pytest.fixture(params=["in memory", "DynamoDB"])
def store(request: pytest.FixtureRequest) -> TaskStore:
    """A store without tasks."""
    if request.param == "in memory":
        return InMemoryTaskStore()
    client = request.getfixturevalue("dynamodb")
    return DynamoTaskStore(client, "tasks", Pages(client, "tasks", Cursors(lambda: "secret")))


@pytest.fixture(params=["in memory", "DynamoDB"])
def history(request: pytest.FixtureRequest) -> History:
    """A history without events."""
    if request.param == "in memory":
        return InMemoryHistory()
    client = request.getfixturevalue("dynamodb")
    return DynamoHistory(client, "tasks", Pages(client, "tasks", Cursors(lambda: "secret")))


@pytest.fixture(params=["in memory", "DynamoDB"])
def remembered(request: pytest.FixtureRequest) -> Remembered:
    """A history without events, and statistics without counts."""
    if request.param == "in memory":
        history = InMemoryHistory()
        return Remembered(history, history.statistics)
    client = request.getfixturevalue("dynamodb")
    pages = Pages(client, "tasks", Cursors(lambda: "secret"))
    return Remembered(DynamoHistory(client, "tasks", pages), DynamoStatistics(client, "tasks"))


@pytest.fixture(params=["in memory", "DynamoDB"])
def profiles(request: pytest.FixtureRequest) -> Profiles:
    """Profiles of nobody yet."""
    if request.param == "in memory":
        return InMemoryProfiles()
    return DynamoProfiles(request.getfixturevalue("dynamodb"), "tasks")
