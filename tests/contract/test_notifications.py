"""What every `NotificationRepository` does: at most one for each reminder of a task, as it was sent first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.event_store import DynamoDBEventStore
from taskbell.adapters.dynamodb.notifications import DynamoDBNotificationRepository
from taskbell.application.ports import NotificationName, NotificationRepository
from taskbell.domain.events import event_between, hard_delete_event
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.notification import Notification
from taskbell.domain.queries import NotificationQuery
from taskbell.domain.task import Schedule, with_next_version
from tests.contract.conftest import IMPLEMENTATIONS
from tests.support.examples import LATER, NOW, clock, example_task
from tests.support.log_fakes import InMemoryNotificationRepository


def name_of(note: Notification) -> NotificationName:
    return NotificationName(note.owner_id, note.task_id, note.at)


MINUTE = timedelta(minutes=1)
ADA = NotificationQuery("ada")


@pytest.fixture(params=IMPLEMENTATIONS)
def notifications(request: pytest.FixtureRequest) -> NotificationRepository:
    if request.param == "in memory":
        return InMemoryNotificationRepository()
    client = request.getfixturevalue(request.param)
    return DynamoDBNotificationRepository(client, "tasks", CursorCodec(lambda: "secret"))


@pytest.fixture
def send(notifications: NotificationRepository) -> Callable[..., Notification]:
    def send_one(minutes: int, late: int = 0, owner_id: str = "ada") -> Notification:
        at = NOW + minutes * MINUTE
        note = Notification("essay", owner_id, at, at + late * MINUTE, "Essay", LATER, NOW + timedelta(days=90))
        notifications.add(note)
        return note

    return send_one


def test_a_reminder_that_is_sent_again_is_kept_as_it_was_sent_first(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    first = send(0)
    notifications.add(replace(first, sent_at=LATER, title="Another"))
    assert notifications.page(ADA, 10, None).items == (first,)


def test_notifications_are_listed_in_the_order_in_which_they_were_sent(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    late, early, last = send(1, late=5), send(2), send(9)
    send(3, owner_id="grace")
    assert notifications.page(ADA, 10, None).items == (last, late, early)


def test_pages_of_notifications_join_without_gap(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    sent = [send(minutes) for minutes in range(7)]
    pages = [notifications.page(ADA, 3, None)]
    while pages[-1].has_next:
        pages.append(notifications.page(ADA, 3, pages[-1].cursors[-1]))
    assert [note for page in pages for note in page.items] == sent[::-1]


def test_unread_notifications_are_those_sent_since_whenever_they_were_due(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    send(1, late=5)
    seen = send(2)
    send(9)
    assert notifications.count_unread("ada", seen.sent_at, 10) == 2
    assert notifications.count_unread("ada", None, 10) == 3
    assert notifications.count_unread("ada", None, 2) == 2


def test_a_notification_is_read_once_and_no_longer_counted(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    first, second = send(1), send(2)
    read = replace(first, read_at=LATER, version=2)
    assert notifications.mark_read(name_of(first), LATER) == read
    assert notifications.mark_read(name_of(first), LATER + MINUTE) == read
    assert notifications.page(ADA, 10, None).items == (second, read)
    assert notifications.count_unread("ada", None, 1) == 1
    assert notifications.count_unread("ada", first.sent_at, 10) == 1
    assert notifications.count_unread("ada", second.sent_at, 10) == 0


def test_a_dismissed_notification_is_in_no_list_and_stays_as_it_is(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    first, second = send(1), send(2)
    dismissed = replace(first, dismissed_at=LATER, version=2)
    assert notifications.dismiss(name_of(first), LATER) == dismissed
    assert notifications.dismiss(name_of(first), LATER + MINUTE) == dismissed
    assert notifications.mark_read(name_of(first), LATER + MINUTE) == dismissed
    assert notifications.page(ADA, 10, None).items == (second,)
    assert notifications.count_unread("ada", None, 10) == 1
    notifications.add(first)
    assert notifications.page(ADA, 10, None).items == (second,)


def test_no_notification_is_marked_that_there_is_not(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    name = name_of(send(1))
    for other in (replace(name, owner_id="grace"), replace(name, task_id="other"), replace(name, at=LATER)):
        assert notifications.mark_read(other, LATER) is None
        assert notifications.dismiss(other, LATER) is None
    assert notifications.count_unread("grace", None, 10) == 0


def test_a_cursor_of_anothers_notifications_is_refused(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    send(1)
    cursor = notifications.page(ADA, 1, None).cursors[0]
    with pytest.raises(InvalidInputError):
        notifications.page(NotificationQuery("grace"), 1, cursor)


@pytest.mark.parametrize("client", IMPLEMENTATIONS[1:])
def test_the_notifications_of_a_task_leave_the_table_with_it(request: pytest.FixtureRequest, client: str) -> None:
    dynamodb, codec = request.getfixturevalue(client), CursorCodec(lambda: "secret")
    notifications = DynamoDBNotificationRepository(dynamodb, "tasks", codec)
    history = DynamoDBEventStore(dynamodb, "tasks", codec, clock)
    task = example_task(schedule=Schedule(version=1, since=NOW))
    for minutes in (1, 2):
        reminded = with_next_version(replace(task, schedule=Schedule(1, NOW, NOW + minutes * MINUTE)), LATER)
        history.append(event_between(task, reminded))
        notifications.add(Notification("essay", "ada", NOW + minutes * MINUTE, LATER, "Secret", None, LATER))
        task = reminded
    notifications.add(other := Notification("other", "ada", NOW + MINUTE, LATER, "Other", None, LATER))
    for _ in range(2):
        history.purge(hard_delete_event(task, LATER))
    assert notifications.page(ADA, 10, None).items == (other,)


def test_a_notification_that_is_restored_is_in_the_list_again_as_it_was(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    note, other = send(0), send(1)
    notifications.mark_read(name_of(note), LATER)
    dismissed = notifications.dismiss(name_of(note), LATER)
    assert dismissed
    before = replace(dismissed, dismissed_at=None, version=4)
    assert notifications.restore(before, LATER + MINUTE)
    assert notifications.page(ADA, 10, None).items == (other, before)
    assert notifications.count_unread("ada", None, 10) == 1
    unread = replace(before, read_at=None, version=5)
    assert notifications.restore(unread, LATER + MINUTE)
    assert notifications.page(ADA, 10, None).items == (other, unread)
    assert notifications.count_unread("ada", None, 10) == 2


def test_restoring_again_is_no_failure_and_changes_nothing(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    note = send(0)
    notifications.dismiss(name_of(note), LATER)
    before = replace(note, version=3)
    assert notifications.restore(before, LATER)
    assert notifications.restore(before, LATER + MINUTE)
    assert notifications.page(ADA, 10, None).items == (before,)


def test_a_notification_that_has_changed_since_or_is_gone_is_not_restored(
    notifications: NotificationRepository, send: Callable[..., Notification]
) -> None:
    note = send(0)
    notifications.mark_read(name_of(note), LATER)
    notifications.dismiss(name_of(note), LATER)
    assert not notifications.restore(replace(note, version=3), LATER)
    assert not notifications.restore(replace(note, task_id="gone", version=2), LATER)
    assert notifications.page(ADA, 10, None).items == ()
