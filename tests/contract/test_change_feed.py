"""What clients get of an owner's changes, whatever the log is stored in."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from taskbell.adapters.dynamodb.change_log import DynamoDBChangeLog, SignedPositions
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.event_store import DynamoDBEventStore
from taskbell.adapters.dynamodb.notifications import DynamoDBNotificationRepository
from taskbell.adapters.dynamodb.task_lists import DynamoDBTaskListRepository
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.change_feed import ChangeFeed
from taskbell.application.ports import EventStore, NotificationName, NotificationRepository, TaskRepository
from taskbell.application.task_lists import TaskListRepository, TaskListService
from taskbell.domain.changes import Change, ChangeKind
from taskbell.domain.commands import CreateTaskList, DeleteTaskList, UpdateTaskList
from taskbell.domain.events import event_between, hard_delete_event
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.lifecycle import reminded
from taskbell.domain.notification import Notification
from taskbell.domain.task import Task, restored, soft_deleted, with_details
from taskbell.domain.task_list import TasksOfDeletedList
from tests.contract.conftest import IMPLEMENTATIONS
from tests.support.examples import LATER, Time, example_task
from tests.support.log_fakes import InMemoryChangeLog, InMemoryEventStore, InMemoryLog, feed_of

MONTH = timedelta(days=30)
REMINDED: dict[str, Any] = {"due_at": LATER + timedelta(minutes=10), "remind_before": (10,)}


@dataclass
class World:
    """An owner's tasks with their log, and a client that follows the changes."""

    time: Time
    feed: ChangeFeed
    store: TaskRepository
    history: EventStore
    notifications: NotificationRepository
    lists: TaskListRepository
    remove: Any
    cursor: str | None = None
    tasks: dict[str, Task] = field(default_factory=dict)

    def make(self, task_id: str, **fields: Any) -> Task:
        task = example_task(id=task_id, **fields)
        self.store.add(task)
        self.history.append(event_between(None, task))
        return task

    def change(self, before: Task, after: Task) -> Task:
        assert self.store.replace(before, after)
        self.history.append(event_between(before, after))
        return after

    def rename(self, task: Task, title: str) -> Task:
        return self.change(task, with_details(task, {"title": title}, LATER))

    def leave(self, task: Task) -> None:
        """Let a task leave the table, as its time to live does."""
        self.remove(task)
        self.history.purge(hard_delete_event(task, LATER))

    def remind(self, task: Task) -> tuple[Task, Notification]:
        reminder = reminded(task, LATER, LATER, LATER + MONTH)
        assert reminder
        self.notifications.add(reminder[1])
        return self.change(task, reminder[0]), reminder[1]

    def catch_up(self, first: int = 100) -> list[Change]:
        """Ask for what is new until there is no more."""
        changes: list[Change] = []
        while True:
            page = self.feed.since("ada", self.cursor, first)
            assert len(page.changes) <= max(first, 2)
            assert not page.full_sync_required
            self.cursor = page.cursor
            changes += page.changes
            if not page.has_more:
                return changes


@pytest.fixture(params=IMPLEMENTATIONS)
def world(request: pytest.FixtureRequest, time: Time) -> World:
    cursors = CursorCodec(lambda: "secret")
    if request.param == "in memory":
        changes = InMemoryChangeLog(log=InMemoryLog(time))
        store, notes = changes.store, changes.notifications
        history, feed = InMemoryEventStore(store, changes.log), feed_of(changes, time)
        return World(
            time, feed, store, history, notes, changes.lists, lambda task: store.tasks.pop((task.owner_id, task.id))
        )
    client = request.getfixturevalue(request.param)

    def remove(task: Task) -> None:
        client.delete_item(
            TableName="tasks", Key={"pk": {"S": f"OWNER#{task.owner_id}"}, "sk": {"S": f"TASK#{task.id}"}}
        )

    return World(
        time,
        ChangeFeed(DynamoDBChangeLog(client, "tasks"), SignedPositions(cursors), time),
        DynamoDBTaskRepository(client, "tasks", cursors, time),
        DynamoDBEventStore(client, "tasks", cursors, time),
        DynamoDBNotificationRepository(client, "tasks", cursors),
        DynamoDBTaskListRepository(client, "tasks", time),
        remove,
    )


@pytest.mark.parametrize("first", [1, 2, 100])
def test_a_client_that_has_nothing_gets_all_live_tasks_subtasks_and_notifications(world: World, first: int) -> None:
    essay, book = world.make("essay", **REMINDED), world.make("book")
    essay, note = world.remind(essay)
    part = world.make("part", parent_id="essay")
    counted = world.store.get("ada", "essay")
    world.change(book, soft_deleted(book, LATER, MONTH))
    world.time.passes(seconds=11)
    changes = world.catch_up(first)
    assert {change.id: change.node for change in changes} == {"essay": counted, "part": part, note.id: note}
    assert len(changes) == 3


def test_what_was_read_or_dismissed_comes_again_and_a_dismissed_notification_is_in_no_full_sync(world: World) -> None:
    _, note = world.remind(world.make("essay", **REMINDED))
    world.time.passes(seconds=11)
    world.catch_up()
    name = NotificationName("ada", "essay", note.at)
    read = world.notifications.mark_read(name, world.time())
    assert read
    assert world.catch_up() == [Change(ChangeKind.NOTIFICATION, "ada", note.id, 2, read)]
    world.time.passes(seconds=11)
    world.notifications.dismiss(name, world.time())
    assert world.catch_up() == [Change(ChangeKind.NOTIFICATION, "ada", note.id, 3)]
    assert world.catch_up() == []
    world.cursor = None
    assert note.id not in {change.id for change in world.catch_up()}


def test_a_list_comes_with_each_of_its_changes_and_a_deleted_one_is_in_no_full_sync(world: World) -> None:
    service = TaskListService(world.lists, world.store, lambda: MONTH, world.time)
    made = service.create(CreateTaskList("ada", "History"))
    service.create(CreateTaskList("grace", "Hers"))
    assert [change.node for change in world.catch_up(1)] == [made]
    world.time.passes(seconds=11)
    assert world.catch_up() == []
    renamed = service.update(UpdateTaskList("ada", made.id, {"name": "World history"}))
    assert world.catch_up() == [Change(ChangeKind.LIST, "ada", made.id, 2, renamed)]
    world.time.passes(seconds=11)
    service.delete(DeleteTaskList("ada", made.id, TasksOfDeletedList.KEEP))
    assert world.catch_up() == [Change(ChangeKind.LIST, "ada", made.id, 3)]
    world.time.passes(seconds=11)
    world.cursor = None
    assert world.catch_up() == []


def test_nothing_new_is_one_empty_page_and_the_cursor_is_good_again(world: World) -> None:
    world.make("essay")
    world.time.passes(seconds=11)
    world.catch_up()
    for _ in range(3):
        page = world.feed.since("ada", world.cursor, 100)
        assert (page.changes, page.has_more) == ((), False)
        world.cursor = page.cursor
        world.time.passes(seconds=3)


def test_what_has_changed_several_times_is_given_once_in_its_newest_state(world: World) -> None:
    essay, book = world.make("essay"), world.make("book")
    world.catch_up()
    essay = world.rename(world.rename(essay, "b"), "c")
    world.time.passes(seconds=0.001)
    book = world.rename(book, "b")
    assert world.catch_up() == [_live(essay), _live(book)]
    assert world.catch_up() == []


@pytest.mark.parametrize("first", [1, 2, 3])
def test_changes_come_in_the_order_in_which_they_were_stored(world: World, first: int) -> None:
    tasks = [world.make(f"task-{number}") for number in range(6)]
    world.time.passes(seconds=20)
    world.catch_up()
    changed = []
    for number in (3, 1, 4, 0, 5, 2):
        changed.append(world.rename(tasks[number], "Another"))
        world.time.passes(seconds=1)
    assert world.catch_up(first) == [_live(task) for task in changed]


def test_a_deleted_task_is_a_tombstone_and_a_restored_one_is_there_again(world: World) -> None:
    essay = world.make("essay")
    world.catch_up()
    deleted = world.change(essay, soft_deleted(essay, LATER, MONTH))
    (change,) = world.catch_up()
    assert (change.id, change.version, change.deleted, change.node) == ("essay", deleted.version, True, None)
    back = world.change(deleted, restored(deleted, LATER))
    assert world.catch_up() == [_live(back)]


def test_a_task_that_has_left_the_table_is_a_tombstone_for_a_month(world: World) -> None:
    essay = world.make("essay")
    world.time.passes(seconds=20)
    world.catch_up()
    world.leave(world.change(essay, soft_deleted(essay, LATER, MONTH)))
    world.time.passes(seconds=29 * 86_400)
    (change,) = world.catch_up()
    assert (change.id, change.deleted, change.version) == ("essay", True, 3)


def test_changes_made_during_a_full_sync_come_after_it(world: World) -> None:
    essay, book, song = world.make("essay"), world.make("book"), world.make("song")
    world.time.passes(seconds=20)
    first = world.feed.since("ada", None, 1)  # in the order of ids: the book
    assert [change.id for change in first.changes] == ["book"]
    world.cursor = first.cursor
    deleted = world.change(book, soft_deleted(book, LATER, MONTH))
    renamed, new = world.rename(essay, "b"), world.make("anthem")
    world.time.passes(seconds=60)
    newest = {change.id: change for change in world.catch_up(1)}
    assert newest["book"].version == deleted.version
    assert newest["book"].deleted
    assert (newest["essay"], newest["anthem"], newest["song"]) == (_live(renamed), _live(new), _live(song))


def test_an_item_that_appears_behind_later_ones_is_not_missed(world: World) -> None:
    world.make("essay")
    world.time.passes(seconds=30)
    world.catch_up()
    world.time.passes(seconds=5)
    world.make("later")
    assert [change.id for change in world.catch_up()] == ["later"]
    world.time.passes(seconds=-3)  # another function stores what it has stamped three seconds ago
    world.make("earlier")
    world.time.passes(seconds=6)
    assert [change.id for change in world.catch_up()] == ["earlier"]
    assert world.catch_up() == []


@pytest.mark.parametrize("first", [1, 2, 100])
def test_a_notification_comes_once_with_its_task(world: World, first: int) -> None:
    essay = world.make("essay", **REMINDED)
    world.time.passes(seconds=20)
    world.catch_up()
    essay, note = world.remind(essay)
    page = world.feed.since("ada", world.cursor, first)
    assert [change.node for change in page.changes] == [essay, note]
    world.cursor = page.cursor
    assert world.catch_up() == []


def test_who_goes_on_from_the_push_of_a_reminder_gets_the_notification(world: World) -> None:
    essay = world.make("essay", **REMINDED)
    world.time.passes(seconds=20)
    essay, note = world.remind(essay)
    place = world.history.append(event_between(example_task(id="essay", **REMINDED), essay))
    world.cursor = world.feed.cursor_beside("ada", place, {})
    assert [change.node for change in world.catch_up()] == [essay, note]


def test_the_cursor_of_a_push_goes_on_after_what_was_pushed(world: World) -> None:
    essay, book = world.make("essay"), world.make("book")
    world.time.passes(seconds=20)
    renamed = with_details(essay, {"title": "b"}, LATER)
    world.store.replace(essay, renamed)
    place = world.history.append(event_between(essay, renamed))
    world.cursor = world.feed.cursor_beside("ada", place, {"essay": renamed.version})
    assert world.catch_up() == []
    changed = world.rename(book, "c")
    assert world.catch_up() == [_live(changed)]


def test_a_push_that_was_made_late_comes_after_the_cursors_of_pushes_before_it(world: World) -> None:
    essay, book = world.make("essay"), world.make("book")
    world.time.passes(seconds=20)
    renamed = with_details(essay, {"title": "b"}, LATER)
    world.store.replace(essay, renamed)
    world.history.append(event_between(essay, renamed))  # and its push fails
    world.time.passes(seconds=60)
    changed = with_details(book, {"title": "c"}, LATER)
    world.store.replace(book, changed)
    place = world.history.append(event_between(book, changed))
    world.cursor = world.feed.cursor_beside("ada", place, {"book": changed.version})
    world.time.passes(seconds=60)
    world.history.append(event_between(essay, renamed))  # it is handled again
    assert world.catch_up() == [_live(renamed)]


def test_a_cursor_older_than_what_is_kept_asks_for_a_full_sync_and_begins_it(world: World) -> None:
    essay = world.make("essay")
    world.catch_up()
    world.time.passes(seconds=31 * 86_400)
    page = world.feed.since("ada", world.cursor, 100)
    assert (page.changes, page.has_more, page.full_sync_required) == ((), True, True)
    world.cursor = page.cursor
    assert world.catch_up() == [_live(essay)]


@pytest.mark.parametrize("pages", [0, 1, 2])
def test_a_full_sync_that_was_left_for_a_month_begins_anew(world: World, pages: int) -> None:
    world.make("essay")
    for _ in range(1 + pages):
        world.cursor = world.feed.since("ada", world.cursor, 1).cursor
    world.time.passes(seconds=31 * 86_400)
    assert world.feed.since("ada", world.cursor, 1).full_sync_required


def test_nobody_gets_anothers_changes(world: World) -> None:
    world.make("essay")
    world.make("secret", owner_id="grace")
    assert [change.id for change in world.catch_up()] == ["essay"]
    assert [change.id for change in world.feed.since("grace", None, 10).changes] == ["secret"]


@pytest.mark.parametrize("tampered", ["", "x", "AAAA", "é", "cut", "flipped", "another's"])
def test_a_cursor_that_was_not_made_for_these_changes_is_refused(world: World, tampered: str) -> None:
    cursor = world.feed.since("ada", None, 10).cursor
    flipped = f"{cursor[:30]}{'A' if cursor[30] != 'A' else 'B'}{cursor[31:]}"
    made = {"cut": cursor[:-2], "flipped": flipped, "another's": world.feed.since("grace", None, 10).cursor}
    with pytest.raises(InvalidInputError) as refused:
        world.feed.since("ada", made.get(tampered, tampered), 10)
    assert refused.value.field == ("since",)


def _live(task: Task) -> Change:
    return Change(ChangeKind.TASK, "ada", task.id, task.version, task)
