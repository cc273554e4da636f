"""The ports in memory. Each passes the same contract suite as the adapter that it stands for."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from taskbell.adapters.dynamodb.cursors import CursorCodec, Query
from taskbell.application.serialization import task_from_dict, task_to_dict
from taskbell.domain.dead_letters import DeadLetter, NotRemoved
from taskbell.domain.events import TaskEvent
from taskbell.domain.lifecycle import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.queries import EventQuery, OrderDirection, Page, TaskOrderField, TaskQuery
from taskbell.domain.statistics import Counts, Statistics
from taskbell.domain.task import Progress, Task, with_next_version
from taskbell.domain.timestamps import format_timestamp

P = TypeVar("P", bound=tuple[str, ...])
T = TypeVar("T")


@dataclass
class InMemoryTaskRepository:
    """`TaskRepository` in a dict; tells `listener` of each change, before and after, as the table's stream does."""

    tasks: dict[tuple[str, str], Task] = field(default_factory=dict)
    notifications: list[Notification] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    cursors: CursorCodec = field(default_factory=lambda: CursorCodec(lambda: "secret"))
    listener: Callable[[Task | None, Task], None] = lambda _before, _after: None

    def add(self, task: Task) -> Task | None:
        with self.lock:
            existing = self.tasks.get((task.owner_id, task.id))
            if existing is None:
                self._keep(None, task)
            return None if existing == task else existing

    def get(self, owner_id: str, task_id: str) -> Task | None:
        return self.tasks.get((owner_id, task_id))

    def replace(self, before: Task, after: Task, notification: Notification | None = None) -> bool:
        with self.lock:
            stored = self.tasks.get((before.owner_id, before.id))
            if stored is None or stored.version != before.version:
                return stored == after
            if notification and any(_same(notification, other) for other in self.notifications):
                return False
            self._keep(stored, after)
            self.notifications.extend([notification] if notification else [])
            return True

    def page(self, query: TaskQuery, first: int, after: str | None) -> Page[Task]:
        places = {_place(query, task): task for task in self._listed(query)}
        return page_of(self.cursors, query, places, first, after, forward=query.direction is OrderDirection.ASC)

    def subtasks(self, parent: Task) -> list[Task]:
        query = TaskQuery(parent.owner_id, parent_id=parent.id)
        return [task for task in self.tasks.values() if query.matches(task)]

    def deleted_with(self, parent: Task) -> list[Task]:
        deleted = (task for task in self.tasks.values() if task.deleted_with_parent)
        return [task for task in deleted if (task.owner_id, task.parent_id) == (parent.owner_id, parent.id)]

    def progress(self, event: TaskEvent) -> None:
        """Add an event's progress to its task's parent, if that is still there."""
        with self.lock:
            parent = self.tasks.get((event.task.owner_id, event.task.parent_id or ""))
            if parent:
                total = parent.progress.total + event.progress.total
                completed = parent.progress.completed + event.progress.completed
                self._keep(parent, replace(with_next_version(parent, event.at), progress=Progress(total, completed)))

    def _keep(self, before: Task | None, after: Task) -> None:
        self.tasks[after.owner_id, after.id] = _kept(after)
        self.listener(before, after)

    def _listed(self, query: TaskQuery) -> list[Task]:
        return [task for task in self.tasks.values() if query.matches(task)]


@dataclass
class InMemoryStatisticsRepository:
    """`StatisticsRepository` in a dict."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def get(self, owner_id: str) -> Statistics:
        return Statistics(dict(self.counts[owner_id]))

    def add(self, owner_id: str, counts: Counts) -> None:
        self.counts[owner_id].update(counts)


@dataclass
class InMemoryEventStore:
    """`History` in a dict; counts the progress of parents in `store`, if there is one."""

    store: InMemoryTaskRepository | None = None
    events: dict[tuple[str, str, int], TaskEvent] = field(default_factory=dict)
    gone: set[tuple[str, str, datetime]] = field(default_factory=set)
    statistics: InMemoryStatisticsRepository = field(default_factory=InMemoryStatisticsRepository)
    cursors: CursorCodec = field(default_factory=lambda: CursorCodec(lambda: "secret"))

    def append(self, event: TaskEvent) -> None:
        key = (event.task.owner_id, event.task.id, event.task.version)
        if key not in self.events or self.events[key].task.created_at != event.task.created_at:
            self.events[key] = event
            self._count(event)

    def purge(self, event: TaskEvent) -> None:
        identity = (event.task.owner_id, event.task.id, event.task.created_at)
        if event.counts and identity not in self.gone:
            self.gone.add(identity)
            self._count(event)
        kept = self.events.items()
        self.events = {key: e for key, e in kept if (e.task.owner_id, e.task.id, e.task.created_at) != identity}

    def _count(self, event: TaskEvent) -> None:
        self.statistics.add(event.task.owner_id, event.counts)
        if self.store and event.task.parent_id and event.progress != Progress():
            self.store.progress(event)

    def page(self, query: EventQuery, first: int, after: str | None) -> Page[TaskEvent]:
        places = {
            (format_timestamp(event.at), task_id, f"{version:010d}"): event
            for (owner_id, task_id, version), event in self.events.items()
            if owner_id == query.owner_id and query.task_id in {None, task_id}
        }
        return page_of(self.cursors, query, places, first, after, forward=False)


@dataclass
class InMemoryProfileRepository:
    """`Profiles` in a dict."""

    profiles: dict[str, Profile] = field(default_factory=dict)

    def get(self, owner_id: str) -> Profile:
        return self.profiles.get(owner_id, Profile(owner_id))

    def save(self, profile: Profile) -> None:
        self.profiles[profile.owner_id] = replace(profile, seen_until=self.get(profile.owner_id).seen_until)

    def mark_seen(self, owner_id: str, until: datetime) -> Profile:
        seen = self.get(owner_id).seen_until
        self.profiles[owner_id] = replace(self.get(owner_id), seen_until=max(seen or until, until))
        return self.profiles[owner_id]


@dataclass
class InMemoryDeadLetters:
    """`DeadLetters` in a list, which shows ten of a group together as SQS does."""

    lying: list[DeadLetter] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    queues: Sequence[str] = ("TaskEventsDeadLetters", "UnforwardedChanges")

    @contextmanager
    def look(self, queue: str) -> "Iterator[InMemoryHand]":
        hand = InMemoryHand(self, queue)
        try:
            yield hand
        finally:
            self.hidden -= hand.held


@dataclass
class InMemoryHand:
    """`LettersInHand` of an `InMemoryDeadLetters`."""

    whole: InMemoryDeadLetters
    queue: str
    held: set[str] = field(default_factory=set)

    def letters(self) -> Iterator[DeadLetter]:
        while new := next((letter for letter in self._lying() if self._is_shown(letter)), None):
            seen = replace(new, receives=new.receives + 1)
            self.whole.lying[self.whole.lying.index(new)] = seen
            self.held.add(new.id)
            self.whole.hidden.add(new.id)
            yield seen

    def remove(self, letter: DeadLetter) -> None:
        if letter.id not in self.held or letter not in self.whole.lying:
            raise NotRemoved
        self.whole.lying.remove(letter)
        self.held.remove(letter.id)
        self.whole.hidden.remove(letter.id)

    def left(self) -> int:
        return len(self._lying())

    def _lying(self) -> list[DeadLetter]:
        return [letter for letter in self.whole.lying if letter.queue == self.queue]

    def _is_shown(self, letter: DeadLetter) -> bool:
        of_group = [other for other in self._lying() if letter.group and other.group == letter.group]
        hidden = sum(1 for other in of_group if other.id in self.whole.hidden)
        return letter.id not in self.whole.hidden and hidden < 10


def page_of(
    cursors: CursorCodec,
    query: Query,
    places: Mapping[P, T],
    first: int,
    after: str | None,
    *,
    forward: bool,
) -> Page[T]:
    """The page of a list whose items are given by their places."""
    start = None if after is None else tuple(cursors.decode(query, after))
    ordered = sorted(places, reverse=not forward)
    behind = [place for place in ordered if start is None or (place > start if forward else place < start)]
    found = behind[:first]
    written = tuple(cursors.encode(query, list(place)) for place in found)
    return Page(tuple(places[place] for place in found), written, len(behind) > first)


@dataclass
class InMemoryEventQueue:
    """`EventQueue` in a list; refuses the events whose ids are in `refused`."""

    events: list[TaskEvent] = field(default_factory=list)
    refused: frozenset[str] = frozenset()

    def send(self, events: Sequence[TaskEvent]) -> Sequence[TaskEvent]:
        for position, event in enumerate(events):
            if event.id in self.refused:
                return events[position:]
            if event not in self.events:
                self.events.append(event)
        return []


@dataclass
class Recorder:
    """`History`, `Workflows`, `Publisher` and `Messages` in one list of what was done; fails at `fails_at`."""

    done: list[tuple[Any, ...]] = field(default_factory=list)
    fails_at: str = ""

    def append(self, event: TaskEvent) -> None:
        self._do("append", event.id)

    def purge(self, event: TaskEvent) -> None:
        self._do("purge", event.id)

    def start(self, task: Task) -> None:
        self._do("start", task.id, task.schedule.version)

    def stop(self, task: Task, schedule_version: int) -> None:
        self._do("stop", task.id, schedule_version)

    def publish(self, event: TaskEvent) -> None:
        self._do("publish", event.id)

    def retry_later(self, receives: Mapping[str, int]) -> None:
        if receives:
            self._do("retry later", dict(receives))

    def send_to_dead_letter_queue(self, body: str, group: str, deduplication_id: str, cause: str) -> None:
        self._do("send to the dead-letter queue", group, deduplication_id, cause)

    def _do(self, *deed: Any) -> None:
        if self.fails_at and " ".join(map(str, deed)).startswith(self.fails_at):
            raise ConnectionError(f"{deed[0]} failed")
        self.done.append(deed)


def _kept(task: Task) -> Task:
    """As a store keeps it: written and read back."""
    return task_from_dict(task_to_dict(task))


def _same(one: Notification, other: Notification) -> bool:
    return (one.owner_id, one.task_id, one.at) == (other.owner_id, other.task_id, other.at)


def _place(query: TaskQuery, task: Task) -> tuple[str, str]:
    instant = task.created_at if query.order_by is TaskOrderField.CREATED_AT else task.due_at
    assert instant
    return f"{format_timestamp(instant)}#{task.id}", task.id
