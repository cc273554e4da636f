"""A key is stored before its task. What was interrupted between the two is mended by the repetition."""

from datetime import timedelta
from typing import Any

import pytest

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.task_keys import TaskKeys
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.task_changes import create_task
from taskbell.domain.commands import CreateTask
from taskbell.domain.ids import new_task_id
from tests.support.examples import NOW, clock

COMMAND = CreateTask("ada", "Write the essay", key="homework")
KEPT, NEW, ANOTHER = (new_task_id(NOW, number) for number in (1, 2, 3))


@pytest.fixture(params=["dynamodb", "simulated_dynamodb"])
def client(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture
def store(client: Any) -> DynamoDBTaskRepository:
    return DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)


@pytest.fixture
def keys(client: Any) -> TaskKeys:
    return TaskKeys(client, "tasks")


def test_a_creation_that_was_interrupted_goes_on_under_its_first_id(
    store: DynamoDBTaskRepository, keys: TaskKeys
) -> None:
    keys.claim("ada", "homework", KEPT)
    created = create_task(COMMAND, store, NOW + timedelta(seconds=59), NEW)
    assert (created.id, store.get("ada", KEPT), store.get("ada", NEW)) == (KEPT, created, None)
    assert create_task(COMMAND, store, NOW + timedelta(minutes=2), ANOTHER) == created


def test_a_key_whose_task_is_long_gone_gets_another_task(store: DynamoDBTaskRepository, keys: TaskKeys) -> None:
    keys.claim("ada", "homework", KEPT)
    created = create_task(COMMAND, store, NOW + timedelta(minutes=2), NEW)
    assert (created.id, store.id_for_key("ada", "homework"), store.get("ada", KEPT)) == (NEW, NEW, None)


def test_an_old_task_keeps_its_key(store: DynamoDBTaskRepository) -> None:
    created = create_task(COMMAND, store, NOW, KEPT)
    assert create_task(COMMAND, store, NOW + timedelta(days=99), NEW) == created
    assert store.id_for_key("ada", "homework") == KEPT


def test_of_two_that_replace_the_id_of_a_key_one_does(keys: TaskKeys) -> None:
    keys.claim("ada", "homework", KEPT)
    assert keys.claim("ada", "homework", NEW, instead_of=KEPT) == NEW
    assert keys.claim("ada", "homework", ANOTHER, instead_of=KEPT) == NEW
