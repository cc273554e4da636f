"""What is pushed of a notification: all that the API shows of it, as it is now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from taskbell.api.graphql_documents import notification_push_document
from taskbell.application.notification_pushes import NotificationPusher
from taskbell.application.ports import NotificationName, NotificationPush, TaskName, Thing, ThingName
from taskbell.domain.notification import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.task import soft_deleted
from taskbell.domain.timestamps import format_timestamp
from tests.support.examples import LATER, NOW, example_task
from tests.support.fakes import InMemoryProfileRepository

TASK = example_task()
NOTE = Notification(task_id=TASK.id, owner_id="ada", at=NOW, sent_at=NOW, title="Essay", due_at=LATER)
NAME = NotificationName("ada", TASK.id, NOW)
TASK_NAME = TaskName("ada", TASK.id)


@dataclass
class _Things:
    """`Things` in a dict."""

    stored: dict[ThingName, Thing] = field(default_factory=dict)

    def read(self, names: Collection[ThingName]) -> Mapping[ThingName, Thing]:
        return {name: self.stored[name] for name in names if name in self.stored}


@dataclass
class _Screen:
    """`NotificationPublisher` that keeps what is pushed."""

    pushes: list[NotificationPush] = field(default_factory=list)

    def publish(self, push: NotificationPush) -> None:
        self.pushes.append(push)


def pushed(*things: tuple[ThingName, Thing], profile: Profile | None = None) -> list[NotificationPush]:
    profiles, screen = InMemoryProfileRepository(), _Screen()
    if profile and profile.seen_until:
        profiles.mark_seen(profile.owner_id, profile.seen_until)
    NotificationPusher(_Things(dict(things)), profiles, screen).push(NAME)
    return screen.pushes


def test_a_notification_is_pushed_with_its_task() -> None:
    assert pushed((NAME, NOTE), (TASK_NAME, TASK)) == [NotificationPush("ada", None, NOTE, TASK)]


def test_a_task_that_is_deleted_or_gone_is_null_as_in_a_query() -> None:
    deleted = soft_deleted(TASK, LATER, timedelta(days=1))
    expected = [NotificationPush("ada", None, NOTE, None)]
    assert pushed((NAME, NOTE), (TASK_NAME, deleted)) == expected
    assert pushed((NAME, NOTE)) == expected


def test_a_notification_that_has_left_the_table_is_not_pushed() -> None:
    assert pushed((TASK_NAME, TASK)) == []


def test_what_was_read_up_to_a_time_counts() -> None:
    (push,) = pushed((NAME, NOTE), profile=Profile("ada", seen_until=LATER))
    assert notification_push_document(push)["notification"]["read"] is True
    (push,) = pushed((NAME, NOTE), profile=Profile("ada", seen_until=NOW - timedelta(seconds=1)))
    assert notification_push_document(push)["notification"]["read"] is False


def test_a_push_tells_the_version_and_whether_the_notification_is_dismissed() -> None:
    document = notification_push_document(NotificationPush("ada", LATER, NOTE, TASK))
    assert (document["version"], document["dismissed"], document["readUntil"]) == (1, False, format_timestamp(LATER))
    document = notification_push_document(NotificationPush("ada", None, replace(NOTE, dismissed_at=LATER, version=2)))
    assert (document["version"], document["dismissed"], document["readUntil"]) == (2, True, None)


def test_what_is_read_up_to_a_time_is_pushed_without_a_notification() -> None:
    profiles, screen = InMemoryProfileRepository(), _Screen()
    profiles.mark_seen("ada", LATER)
    NotificationPusher(_Things(), profiles, screen).push_seen("ada")
    (push,) = screen.pushes
    assert notification_push_document(push) == {
        "ownerId": "ada",
        "notification": None,
        "version": None,
        "dismissed": False,
        "readUntil": format_timestamp(LATER),
    }
