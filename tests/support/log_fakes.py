"""The ports of an owner's log in memory: events, statistics, notifications and the log itself."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import TypeVar

from taskbell.adapters.dynamodb.change_log import SignedPositions
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.application.change_feed import ChangeFeed
from taskbell.application.feed_position import place_of
from taskbell.application.ports import LogRecord, NotificationName
from taskbell.domain.events import HistoryEntry, TaskEvent, TaskEventType
from taskbell.domain.notification import Notification, notification_id
from taskbell.domain.queries import EventQuery, NotificationQuery, Page
from taskbell.domain.statistics import Counts, Statistics, difference, progress_difference
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList
from taskbell.domain.timestamps import format_timestamp
from tests.support.examples import clock
from tests.support.fakes import InMemoryTaskLists, InMemoryTaskRepository, page_of

T = TypeVar("T")


@dataclass
class InMemoryStatisticsRepository:
    """`StatisticsRepository` in a dict."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def get(self, owner_id: str, *, consistent: bool = False) -> Statistics:
        return Statistics(dict(self.counts[owner_id]))

    def add(self, owner_id: str, counts: Counts) -> None:
        self.counts[owner_id].update(counts)


@dataclass
class InMemoryLog:
    """The records of all owners."""

    clock: Callable[[], datetime] = clock
    records: dict[tuple[str, str, str], LogRecord] = field(default_factory=dict)  # by owner, kind and what it is of

    def put(self, kind: str, event: TaskEvent) -> str:
        """Give an event or a tombstone its place, anew if it has one; the place."""
        task, reminds = event.task, event.type is TaskEventType.REMINDED
        place = f"{place_of(self.clock())}#{task.id}#{task.version}"
        record = LogRecord(place, task.id, task.version, task.schedule.reminded_until if reminds else None)
        self.records[task.owner_id, kind, f"{task.id}#{task.version}"] = record
        return place


@dataclass
class InMemoryEventStore:
    """`EventStore` in a dict; counts the progress of parents in `store`, if there is one."""

    store: InMemoryTaskRepository | None = None
    log: InMemoryLog = field(default_factory=InMemoryLog)
    events: dict[tuple[str, str, int], TaskEvent] = field(default_factory=dict)
    purged: set[tuple[str, str]] = field(default_factory=set)
    statistics: InMemoryStatisticsRepository = field(default_factory=InMemoryStatisticsRepository)
    cursors: CursorCodec = field(default_factory=lambda: CursorCodec(lambda: "secret"))

    def append(self, event: TaskEvent) -> str:
        task = event.task
        key = (task.owner_id, task.id, task.version)
        if key not in self.events:
            self.events[key] = event
            self._count(event)
        return self.log.put("EVENT", event)

    def purge(self, event: TaskEvent) -> str:
        identity = (event.task.owner_id, event.task.id)
        stored = [key for key in self.events if key[:2] == identity]
        if identity not in self.purged:
            self.purged.add(identity)
            for key in stored:
                self._count(_taken_back(self.events[key]))
        for key in stored:
            del self.events[key]
            del self.log.records[identity[0], "EVENT", f"{identity[1]}#{key[2]}"]
        return self.log.put("GONE", event)

    def is_purged(self, task: Task) -> bool:
        return (task.owner_id, task.id) in self.purged

    def page(self, query: EventQuery, first: int, after: str | None) -> Page[HistoryEntry]:
        entries = [event.entry for event in self.events.values()]
        places = {
            self._place(query, entry): entry
            for entry in entries
            if entry.owner_id == query.owner_id and query.task_id in {None, entry.task_id}
        }
        return page_of(self.cursors, query, places, first, after, forward=False)

    def _place(self, query: EventQuery, entry: HistoryEntry) -> tuple[str, str]:
        sort_key = f"{entry.task_id}#{entry.version:010d}"
        record = self.log.records[entry.owner_id, "EVENT", f"{entry.task_id}#{entry.version}"]
        return (record.place, sort_key) if query.task_id is None else (sort_key, "")

    def _count(self, event: TaskEvent) -> None:
        self.statistics.add(event.task.owner_id, event.counts)
        if self.store:
            self.store.progress(event)


@dataclass
class InMemoryNotificationRepository:
    """`NotificationRepository` in a dict."""

    sent: dict[tuple[str, str], Notification] = field(default_factory=dict)
    cursors: CursorCodec = field(default_factory=lambda: CursorCodec(lambda: "secret"))
    lock: Lock = field(default_factory=Lock)
    log: InMemoryLog = field(default_factory=InMemoryLog)

    def add(self, notification: Notification) -> None:
        key = (notification.owner_id, notification.id)
        with self.lock:
            self.sent.setdefault(key, notification)

    def page(self, query: NotificationQuery, first: int, after: str | None) -> Page[Notification]:
        places = {
            (format_timestamp(note.sent_at), note.task_id, note.id): note
            for note in self.sent.values()
            if note.owner_id == query.owner_id and not note.dismissed_at
        }
        return page_of(self.cursors, query, places, first, after, forward=False)

    def count_unread(self, owner_id: str, seen_until: datetime | None, limit: int) -> int:
        own = (note for note in self.sent.values() if note.owner_id == owner_id and not note.dismissed_at)
        return min(limit, sum(not note.is_read(seen_until) for note in own))

    def mark_read(self, name: NotificationName, at: datetime) -> Notification | None:
        return self._mark(name, at, lambda note: note if note.read_at else replace(note, read_at=at))

    def dismiss(self, name: NotificationName, at: datetime) -> Notification | None:
        return self._mark(name, at, lambda note: replace(note, dismissed_at=at))

    def _mark(
        self, name: NotificationName, at: datetime, change: Callable[[Notification], Notification]
    ) -> Notification | None:
        key = (name.owner_id, notification_id(name.task_id, name.at))
        with self.lock:
            stored = self.sent.get(key)
            changed = change(stored) if stored and not stored.dismissed_at else stored
            if changed is None or changed is stored:
                return stored
            self.sent[key] = changed = replace(changed, version=changed.version + 1)
            place = f"{place_of(at)}#{name.task_id}#{format_timestamp(name.at)}"
            record = LogRecord(place, name.task_id, changed.version, notification=changed)
            self.log.records[name.owner_id, "NOTE", changed.id] = record
            return changed

    def restore(self, notification: Notification, at: datetime) -> bool:
        with self.lock:
            key = notification.owner_id, notification.id
            stored = self.sent.get(key)
            if stored is None or stored.version != notification.version - 1:
                return stored == notification
            self.sent[key] = notification
            place = f"{place_of(at)}#{notification.task_id}#{format_timestamp(notification.at)}"
            record = LogRecord(place, notification.task_id, notification.version, notification=notification)
            self.log.records[notification.owner_id, "NOTE", notification.id] = record
            return True


@dataclass
class InMemoryLoggedLists(InMemoryTaskLists):
    """`TaskListRepository` whose changes have places in the log."""

    log: InMemoryLog = field(default_factory=InMemoryLog)

    def add(self, task_list: TaskList) -> TaskList | None:
        existing = super().add(task_list)
        if existing is None:
            self._placed(task_list)
        return existing

    def replace(self, before: TaskList, after: TaskList) -> bool:
        is_stored = super().replace(before, after)
        if is_stored:
            self._placed(after)
        return is_stored

    def _placed(self, task_list: TaskList) -> None:
        place = f"{place_of(self.log.clock())}#L{task_list.id}#{task_list.version}"
        record = LogRecord(place, "", task_list.version, task_list=task_list)
        self.log.records[task_list.owner_id, "LIST", task_list.id] = record


@dataclass
class InMemoryChangeLog:
    """`ChangeLog` over what the other fakes have."""

    store: InMemoryTaskRepository = field(default_factory=InMemoryTaskRepository)
    log: InMemoryLog = field(default_factory=InMemoryLog)
    notifications: InMemoryNotificationRepository = field(default_factory=InMemoryNotificationRepository)
    lists: InMemoryLoggedLists = field(default_factory=InMemoryLoggedLists)

    def __post_init__(self) -> None:
        self.notifications.log = self.lists.log = self.log

    def records(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[LogRecord], bool]:
        own = (record for key, record in self.log.records.items() if key[0] == owner_id)
        found = sorted((record for record in own if record.place > after), key=lambda record: record.place)
        return found[:limit], len(found) >= limit

    def newest(self, owner_id: str, records: Sequence[LogRecord]) -> tuple[Mapping[str, Task], Sequence[Notification]]:
        tasks = (self.store.get(owner_id, record.task_id) for record in records)
        notes = {self.notifications.sent.get((owner_id, record.notification_id or "")) for record in records}
        return {task.id: task for task in tasks if task}, [note for note in notes if note]

    def all_tasks(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[Task], str | None]:
        own = {task.id: task for task in self.store.tasks.values() if task.owner_id == owner_id}
        return _page_of(own, after, limit)

    def all_lists(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[TaskList], str | None]:
        own = {each.id: each for each in self.lists.lists.values() if each.owner_id == owner_id}
        return _page_of(own, after, limit)

    def all_notifications(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[Notification], str | None]:
        own = {note.id: note for note in self.notifications.sent.values() if note.owner_id == owner_id}
        return _page_of(own, after, limit)


def feed_of(log: InMemoryChangeLog, now: Callable[[], datetime] = clock) -> ChangeFeed:
    """The feed of the changes in a log."""
    return ChangeFeed(log, SignedPositions(CursorCodec(lambda: "secret")), now)


def _page_of(things: Mapping[str, T], after: str, limit: int) -> tuple[list[T], str | None]:
    page = sorted(id_ for id_ in things if id_ > after)[:limit]
    return [things[id_] for id_ in page], page[-1] if len(page) == limit else None


def _taken_back(event: TaskEvent) -> TaskEvent:
    progress = progress_difference(event.progress, {})
    return replace(event, counts=difference(event.counts, {}), progress=progress)
