"""Ports in memory.

Those of tasks, profiles and dead letters pass the same contract suite as their adapters, and so do those of the log, in
`log_fakes`. The event queue and the recorder are for unit tests only.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from taskbell.adapters.dynamodb.cursors import CursorCodec, Query
from taskbell.application.ports import MessageId, TaskName
from taskbell.application.serialization import task_from_dict, task_to_dict
from taskbell.domain.dead_letters import DeadLetter, DeletionError
from taskbell.domain.events import TaskEvent
from taskbell.domain.exceptions import LimitExceededError, UnavailableError
from taskbell.domain.profile import Profile
from taskbell.domain.queries import OrderDirection, Page, TaskOrderField, TaskQuery
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.search import title_key
from taskbell.domain.task import Priority, Progress, Task, rank_key, with_next_version
from taskbell.domain.task_list import TaskList, list_key
from taskbell.domain.timestamps import format_timestamp
from taskbell.domain.trash import TrashQuery

_PLACE = "1795340000000#essay#1"

P = TypeVar("P", bound=tuple[str, ...])
T = TypeVar("T")


@dataclass
class InMemoryTaskRepository:
    """`TaskRepository` in a dict; tells `listener` of each change, before and after, as the table's stream does."""

    tasks: dict[tuple[str, str], Task] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    cursors: CursorCodec = field(default_factory=lambda: CursorCodec(lambda: "secret"))
    listener: Callable[[Task | None, Task], None] = lambda _before, _after: None

    def add(self, task: Task) -> Task | None:
        with self.lock:
            kept_id = self.keys.setdefault((task.owner_id, task.key), task.id) if task.key else task.id
            existing = self.tasks.get((task.owner_id, kept_id))
            if existing is None and task.key:
                self.keys[task.owner_id, task.key] = task.id
            if existing is None:
                self._keep(None, task)
            return None if existing == task else existing

    def id_for_key(self, owner_id: str, key: str) -> str | None:
        return self.keys.get((owner_id, key))

    def release_key(self, task: Task) -> None:
        if task.key and self.keys.get((task.owner_id, task.key)) == task.id:
            del self.keys[task.owner_id, task.key]

    def get(self, owner_id: str, task_id: str) -> Task | None:
        return self.tasks.get((owner_id, task_id))

    def replace(self, before: Task, after: Task, beside: Sequence[tuple[Task | None, Task]] = ()) -> bool:
        with self.lock:
            stored = self.tasks.get((before.owner_id, before.id))
            if not all(self._is_stored(old, new) for old, new in ((before, after), *beside)):
                return stored == after
            changed = [new for old, new in beside if old]
            for new in (*changed, after, *(new for old, new in beside if old is None)):
                self._keep(self.tasks.get((new.owner_id, new.id)), new)
            return True

    def trash(self, query: TrashQuery, limit: int) -> Sequence[Task]:
        return self.page(query, limit, None).items

    def page(self, query: TaskQuery | TrashQuery, first: int, after: str | None) -> Page[Task]:
        if isinstance(query, TrashQuery):
            deleted = {_time_of_deletion(task): task for task in self.tasks.values() if query.matches(task)}
            return page_of(self.cursors, query, deleted, first, after, forward=False)
        places = {_place(query, task): task for task in self._listed(query)}
        return page_of(self.cursors, query, places, first, after, forward=query.direction is OrderDirection.ASC)

    def subtasks(self, parent: Task) -> list[Task]:
        query = TaskQuery(parent.owner_id, parent_id=parent.id)
        return [task for task in self.tasks.values() if query.matches(task)]

    def subtasks_of(self, parents: Collection[TaskName], limit: int) -> Mapping[TaskName, Sequence[Task]]:
        queries = {name: TaskQuery(name.owner_id, parent_id=name.task_id) for name in parents}
        found = {name: sorted(self._listed(query), key=rank_key) for name, query in queries.items()}
        if sum(map(len, found.values())) > limit:
            raise LimitExceededError
        return found

    def ranks(self, task: Task) -> Sequence[tuple[str, str]]:
        others = TaskQuery(task.owner_id, parent_id=task.parent_id)
        listed = self._listed(others)
        return [(each.rank, each.id) for each in listed if task.parent_id or not each.completed]

    def subtask_ids(self, parent: Task) -> list[str]:
        return [task.id for task in self.subtasks(parent)]

    def ids_in_list(self, owner_id: str, list_id: str) -> list[str]:
        return sorted(task.id for task in self._listed(TaskQuery(owner_id, list_id=list_id)))

    def deleted_with(self, parent: Task) -> list[Task]:
        deleted = (task for task in self.tasks.values() if task.deleted_with_parent)
        return [task for task in deleted if (task.owner_id, task.parent_id) == (parent.owner_id, parent.id)]

    def progress(self, event: TaskEvent) -> None:
        """Add an event's progress to the parents that are still there."""
        with self.lock:
            for parent_id, change in event.progress.items():
                parent = self.tasks.get((event.task.owner_id, parent_id))
                if parent:
                    total, done = parent.progress.total + change.total, parent.progress.completed + change.completed
                    self._keep(parent, replace(with_next_version(parent, event.at), progress=Progress(total, done)))

    def _is_stored(self, before: Task | None, after: Task) -> bool:
        stored = self.tasks.get((after.owner_id, after.id))
        if before is None or stored is None:
            return stored is before
        return (stored.version, stored.receipts) == (before.version, before.receipts)

    def _keep(self, before: Task | None, after: Task) -> None:
        self.tasks[after.owner_id, after.id] = _kept(after)
        self.listener(before, after)

    def _listed(self, query: TaskQuery) -> list[Task]:
        return [task for task in self.tasks.values() if query.matches(task)]


@dataclass
class InMemoryTaskLists:
    """`TaskListRepository` in a dict."""

    lists: dict[tuple[str, str], TaskList] = field(default_factory=dict)
    claims: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)
    number: int = 0

    def new_id(self, owner_id: str, mutation: ClientMutation | None) -> str:
        self.number += 1
        if mutation is None:
            return str(self.number)
        id_, at = self.claims.get((owner_id, mutation.id), (str(self.number), mutation.at))
        if at < mutation.at - timedelta(days=1):
            id_, at = str(self.number), mutation.at
        self.claims[owner_id, mutation.id] = id_, at
        return id_

    def add(self, task_list: TaskList) -> TaskList | None:
        existing = self.lists.setdefault((task_list.owner_id, task_list.id), task_list)
        return None if existing == task_list else existing

    def get(self, owner_id: str, list_id: str) -> TaskList | None:
        return self.lists.get((owner_id, list_id))

    def all(self, owner_id: str) -> list[TaskList]:
        own = (each for each in self.lists.values() if each.owner_id == owner_id and not each.deleted)
        return sorted(own, key=list_key)

    def replace(self, before: TaskList, after: TaskList) -> bool:
        stored = self.lists[before.owner_id, before.id]
        if stored.version == before.version:
            self.lists[before.owner_id, before.id] = after
        return stored.version == before.version or stored == after


@dataclass
class InMemoryLabels:
    """`LabelRepository` over an `InMemoryTaskRepository`."""

    store: InMemoryTaskRepository

    def of_tasks(self, owner_id: str) -> list[tuple[str, tuple[str, ...]]]:
        own = (task for task in self.store.tasks.values() if task.owner_id == owner_id and not task.deleted)
        return sorted((task.id, task.labels) for task in own if task.labels)


@dataclass
class InMemoryAttempts:
    """`Attempts` in two counters."""

    unended: Counter[MessageId] = field(default_factory=Counter)
    failures: Counter[MessageId] = field(default_factory=Counter)

    def begin(self, message: MessageId) -> int:
        self.unended[message] += 1
        return self.unended[message]

    def end(self, message: MessageId) -> None:
        del self.unended[message]

    def fail(self, message: MessageId) -> int:
        del self.unended[message]
        self.failures[message] += 1
        return self.failures[message]


@dataclass
class InMemoryProfileRepository:
    """`ProfileRepository` in a dict."""

    profiles: dict[str, Profile] = field(default_factory=dict)

    def get(self, owner_id: str) -> Profile:
        return self.profiles.get(owner_id, Profile(owner_id))

    def save(self, profile: Profile, before: Profile | None = None) -> bool:
        stored = self.get(profile.owner_id)
        if before and before.receipts != stored.receipts:
            return False
        receipts = profile.receipts or stored.receipts
        self.profiles[profile.owner_id] = replace(profile, seen_until=stored.seen_until, receipts=receipts)
        return True

    def mark_seen(self, owner_id: str, until: datetime) -> Profile:
        seen = self.get(owner_id).seen_until
        self.profiles[owner_id] = replace(self.get(owner_id), seen_until=max(seen or until, until))
        return self.profiles[owner_id]


@dataclass
class InMemoryDeadLetterQueues:
    """`DeadLetterQueues` in a list; returns ten messages of a group at a time as SQS does."""

    messages: list[DeadLetter] = field(default_factory=list)
    in_flight: set[str] = field(default_factory=set)
    names: Sequence[str] = ("TaskEventsDeadLetters", "UnforwardedChanges")

    @contextmanager
    def receiver(self, queue: str) -> "Iterator[InMemoryDeadLetterReceiver]":
        receiver = InMemoryDeadLetterReceiver(self, queue)
        try:
            yield receiver
        finally:
            self.in_flight -= receiver.received


@dataclass
class InMemoryDeadLetterReceiver:
    """`DeadLetterReceiver` of an `InMemoryDeadLetterQueues`."""

    queues: InMemoryDeadLetterQueues
    queue: str
    received: set[str] = field(default_factory=set)

    def receive(self) -> Iterator[DeadLetter]:
        while visible := next((message for message in self._messages() if self._is_visible(message)), None):
            received = replace(visible, receive_count=visible.receive_count + 1)
            self.queues.messages[self.queues.messages.index(visible)] = received
            self.received.add(received.id)
            self.queues.in_flight.add(received.id)
            yield received

    def delete(self, dead_letter: DeadLetter) -> None:
        if dead_letter.id not in self.received or dead_letter not in self.queues.messages:
            raise DeletionError
        self.queues.messages.remove(dead_letter)
        self.received.remove(dead_letter.id)
        self.queues.in_flight.remove(dead_letter.id)

    def approximate_count(self) -> int:
        return len(self._messages())

    def _messages(self) -> list[DeadLetter]:
        return [message for message in self.queues.messages if message.queue == self.queue]

    def _is_visible(self, message: DeadLetter) -> bool:
        of_group = [other for other in self._messages() if message.group_id and other.group_id == message.group_id]
        in_flight = sum(1 for other in of_group if other.id in self.queues.in_flight)
        return message.id not in self.queues.in_flight and in_flight < 10


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
    """`EventLog`, `Workflows`, `Publisher` and `FailedMessages` in one list of what was done.

    What begins with `fails_at` fails with `error`.
    """

    done: list[tuple[Any, ...]] = field(default_factory=list)
    fails_at: str = ""
    error: type[Exception] = UnavailableError

    def append(self, event: TaskEvent) -> str:
        self._do("append", event.id)
        return _PLACE

    def purge(self, event: TaskEvent) -> str:
        self._do("purge", event.id)
        return _PLACE

    def is_purged(self, task: Task) -> bool:
        return ("purge", task.id) in {(name, *id_.split(":")[:1]) for name, id_, *_ in self.done if name == "purge"}

    def start(self, task: Task) -> None:
        self._do("start", task.id, task.schedule.version)

    def stop(self, task: Task, schedule_version: int) -> None:
        self._do("stop", task.id, schedule_version)

    def publish(self, event: TaskEvent, task: Task, cursor: str, list_id: str | None) -> None:
        self._do("publish", event.id, *([list_id] if list_id else []))

    def retry_later(self, attempts: Mapping[str, int]) -> None:
        if attempts:
            self._do("retry later", dict(attempts))

    def send_to_dead_letter_queue(self, message: MessageId, body: str, cause: str) -> None:
        self._do("send to dead-letter queue", message.group_id, message.deduplication_id, cause)

    def _do(self, *deed: Any) -> None:
        if self.fails_at and " ".join(map(str, deed)).startswith(self.fails_at):
            raise self.error(f"{deed[0]} failed")
        self.done.append(deed)


def _kept(task: Task) -> Task:
    """As a store keeps it: written and read back."""
    return task_from_dict(task_to_dict(task))


def _time_of_deletion(task: Task) -> tuple[str, str]:
    assert task.deleted_at
    return format_timestamp(task.deleted_at), task.id


def _place(query: TaskQuery, task: Task) -> tuple[str, ...]:
    match query.order_by:
        case TaskOrderField.CREATED_AT:
            return (task.id,)
        case TaskOrderField.PRIORITY:
            return str(list(Priority).index(task.priority)), task.id
        case TaskOrderField.TITLE:
            return title_key(task.title), task.id
        case TaskOrderField.RANK:
            return rank_key(task)
        case TaskOrderField.UPDATED_AT:
            return format_timestamp(task.updated_at), task.id
    assert task.due_at
    return format_timestamp(task.due_at), task.id
