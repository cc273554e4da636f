"""The implementations that pass the contract suites."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from taskbell.adapters.dynamodb.attempts import DynamoDBAttempts
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.event_store import DynamoDBEventStore
from taskbell.adapters.dynamodb.profiles import DynamoDBProfileRepository
from taskbell.adapters.dynamodb.statistics import DynamoDBStatisticsRepository
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.ports import Attempts, EventStore, ProfileRepository, TaskRepository
from tests.contract.event_store_under_test import EventStoreUnderTest
from tests.support.aws import empty_table
from tests.support.examples import Time, clock
from tests.support.fakes import InMemoryAttempts, InMemoryProfileRepository, InMemoryTaskRepository
from tests.support.log_fakes import InMemoryEventStore, InMemoryLog
from tests.support.simulated_aws.dynamodb import SimulatedDynamoDB

# The adapters run on moto's DynamoDB and on the one that the simulation uses, which has to behave like it.
IMPLEMENTATIONS = ["in memory", "dynamodb", "simulated_dynamodb"]


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A DynamoDB of moto with the table `tasks`."""
    with mock_aws():
        yield empty_table()


@pytest.fixture
def simulated_dynamodb() -> SimulatedDynamoDB:
    """The DynamoDB of the simulation."""
    return SimulatedDynamoDB(clock)


@pytest.fixture
def time() -> Time:
    """The clock of what is under test."""
    return Time()


@pytest.fixture(params=IMPLEMENTATIONS)
def store(request: pytest.FixtureRequest) -> TaskRepository:
    """A repository without tasks."""
    if request.param == "in memory":
        return InMemoryTaskRepository()
    client = request.getfixturevalue(request.param)
    return DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)


@pytest.fixture(params=IMPLEMENTATIONS)
def history(request: pytest.FixtureRequest, time: Time) -> EventStore:
    """An event store without events."""
    if request.param == "in memory":
        return InMemoryEventStore(log=InMemoryLog(time))
    client = request.getfixturevalue(request.param)
    return DynamoDBEventStore(client, "tasks", CursorCodec(lambda: "secret"), time)


@pytest.fixture(params=IMPLEMENTATIONS)
def under_test(request: pytest.FixtureRequest) -> EventStoreUnderTest:
    """An event store without events, and statistics without counts."""
    if request.param == "in memory":
        history = InMemoryEventStore()
        return EventStoreUnderTest(history, history.statistics)
    client = request.getfixturevalue(request.param)
    events = DynamoDBEventStore(client, "tasks", CursorCodec(lambda: "secret"), clock)
    return EventStoreUnderTest(events, DynamoDBStatisticsRepository(client, "tasks"))


@pytest.fixture(params=IMPLEMENTATIONS)
def attempts(request: pytest.FixtureRequest) -> Attempts:
    """A counter that has counted nothing."""
    if request.param == "in memory":
        return InMemoryAttempts()
    return DynamoDBAttempts(request.getfixturevalue(request.param), "tasks", clock)


@pytest.fixture(params=IMPLEMENTATIONS)
def profiles(request: pytest.FixtureRequest) -> ProfileRepository:
    """A repository without profiles."""
    if request.param == "in memory":
        return InMemoryProfileRepository()
    return DynamoDBProfileRepository(request.getfixturevalue(request.param), "tasks")
