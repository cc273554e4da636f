"""The stores that have to keep the contract."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from adapters.cursors import Cursors
from adapters.dynamodb import DynamoTaskStore
from tasks.ports import TaskStore
from tests.fakes import InMemoryTaskStore
from tests.table import create_table


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A DynamoDB of moto with the table `tasks`."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-central-1")
        create_table(client, "tasks")
        yield client


@pytest.fixture(params=["in memory", "DynamoDB"])
def store(request: pytest.FixtureRequest) -> TaskStore:
    """A store without tasks."""
    if request.param == "in memory":
        return InMemoryTaskStore()
    return DynamoTaskStore(request.getfixturevalue("dynamodb"), "tasks", Cursors(lambda: "secret"))
