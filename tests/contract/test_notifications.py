"""Notifications: at most one for each reminder of a task, as it was sent first."""

from dataclasses import replace
from typing import Any

import pytest

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.notifications import DynamoDBNotificationRepository
from taskbell.adapters.dynamodb.pagination import Paginator
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.domain.notification import Notification
from taskbell.domain.queries import NotificationQuery
from taskbell.domain.task import with_next_version
from tests.support.examples import LATER, NOW, clock, example_task


@pytest.fixture(params=["dynamodb", "simulated_dynamodb"])
def client(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_a_reminder_that_is_sent_again_is_kept_as_it_was_sent_first(client: Any) -> None:
    pages = Paginator(client, "tasks", CursorCodec(lambda: "secret"))
    tasks, notifications = (
        DynamoDBTaskRepository(client, "tasks", pages.cursors, clock),
        DynamoDBNotificationRepository(client, "tasks", pages),
    )
    task = example_task()
    tasks.add(task)
    first = Notification("essay", "ada", NOW, NOW, task.title, LATER, task.created_at)
    for note in (first, replace(first, sent_at=LATER)):
        following = with_next_version(task, LATER)
        assert tasks.replace(task, following, note)
        task = following
    assert notifications.page(NotificationQuery("ada"), 10, None).items == (first,)
