"""Whatever is stored when, and however late it appears in the log, a client that follows has all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from taskbell.adapters.dynamodb.change_log import SignedPositions
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.application.change_feed import ChangeFeed
from taskbell.application.feed_position import OVERLAP, place_of
from taskbell.application.ports import LogRecord
from taskbell.domain.notification import Notification
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList
from tests.support.examples import NOW, Time, example_task

MOST_LATE = OVERLAP.total_seconds()
TASKS = [f"task-{number}" for number in range(4)]


@dataclass
class LateLog:
    """A `ChangeLog` whose records appear only some time after their places say."""

    clock: Time
    stored: list[tuple[datetime, LogRecord]] = field(default_factory=list)  # with when it appears
    table: dict[str, Task] = field(default_factory=dict)

    def change(self, task_id: str, late: float, *, deletes: bool = False) -> None:
        """Change a task now; its record takes its place now, and appears later."""
        before = self.table.get(task_id, replace(example_task(id=task_id), version=0))
        deleted_at = NOW if deletes else None
        self.table[task_id] = after = replace(before, version=before.version + 1, deleted_at=deleted_at)
        place = f"{place_of(self.clock())}#{task_id}#{after.version}"
        appears = self.clock() + timedelta(seconds=late)
        self.stored.append((appears, LogRecord(place, task_id, after.version)))

    def records(self, _owner_id: str, after: str, limit: int) -> tuple[Sequence[LogRecord], bool]:
        seen = [record for appears, record in self.stored if appears <= self.clock() and record.place > after]
        found = sorted(seen, key=lambda record: record.place)
        return found[:limit], len(found) > limit

    def newest(self, _owner_id: str, records: Sequence[LogRecord]) -> tuple[Mapping[str, Task], Sequence[Notification]]:
        return {record.task_id: self.table[record.task_id] for record in records}, ()

    def all_tasks(self, _owner_id: str, after: str, limit: int) -> tuple[Sequence[Task], str | None]:
        page = sorted(task_id for task_id in self.table if task_id > after)[:limit]
        return [self.table[task_id] for task_id in page], page[-1] if len(page) == limit else None

    def all_lists(self, *_: object) -> tuple[Sequence[TaskList], str | None]:
        return (), None

    def all_notifications(self, *_: object) -> tuple[Sequence[Notification], str | None]:
        return (), None


@dataclass
class Client:
    """Follows the changes.

    Attributes:
        got: The ids and versions that it was given, in their order.
        has: The versions of the tasks that it shows.
    """

    feed: ChangeFeed
    cursor: str | None = None
    got: list[tuple[str, int]] = field(default_factory=list)
    has: dict[str, int] = field(default_factory=dict)

    def ask(self, first: int) -> bool:
        """Ask for a page; whether there is more."""
        page = self.feed.since("ada", self.cursor, first)
        self.cursor = page.cursor
        for change in page.changes:
            assert change.version
            self.got.append((change.id, change.version))
            if change.deleted:
                self.has.pop(change.id, None)
            else:
                self.has[change.id] = change.version
        return page.has_more

    def catch_up(self, first: int) -> None:
        """Ask until there is no more."""
        while self.ask(first):
            assert len(self.got) < 10_000


def following(log: LateLog) -> Client:
    """A client that has nothing."""
    return Client(ChangeFeed(log, SignedPositions(CursorCodec(lambda: "secret")), log.clock))


changes = st.tuples(
    st.sampled_from(TASKS),
    st.floats(0, MOST_LATE - 0.01),
    st.booleans(),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), changes),
        st.tuples(st.just("ask"), st.integers(1, 5)),
        st.tuples(st.just("passes"), st.floats(0, 15)),
    ),
    max_size=40,
)


def take(log: LateLog, client: Client, script: list[tuple[str, object]]) -> Iterator[None]:
    """Do what a script says."""
    for deed, argument in script:
        if isinstance(argument, tuple):
            task_id, late, deletes = argument
            log.change(task_id, late, deletes=deletes)
        elif isinstance(argument, int) and deed == "ask":
            client.ask(argument)
        elif isinstance(argument, float):
            log.clock.passes(argument)
        yield


@settings(max_examples=400, deadline=None)
@given(steps, st.integers(1, 5))
def test_a_client_has_what_the_table_has_however_late_records_appear(
    script: list[tuple[str, object]], first: int
) -> None:
    log = LateLog(Time())
    client = following(log)
    list(take(log, client, script))
    log.clock.passes(MOST_LATE)
    client.catch_up(first)
    assert client.has == {task.id: task.version for task in log.table.values() if not task.deleted}


@settings(max_examples=200, deadline=None)
@given(steps, st.integers(1, 5))
def test_once_a_client_is_at_the_end_nothing_comes_again(script: list[tuple[str, object]], first: int) -> None:
    log = LateLog(Time())
    client = following(log)
    list(take(log, client, script))
    log.clock.passes(MOST_LATE)
    client.catch_up(first)
    so_far = len(client.got)
    client.catch_up(first)
    assert len(client.got) == so_far


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TASKS), st.booleans(), st.floats(0, 20)), max_size=30))
def test_a_client_that_asks_after_each_change_gets_each_version_once(script: list[tuple[str, bool, float]]) -> None:
    log = LateLog(Time())
    client = following(log)
    client.catch_up(100)
    for task_id, deletes, seconds in script:
        log.change(task_id, 0, deletes=deletes)
        client.catch_up(100)
        log.clock.passes(seconds)
    assert len(client.got) == len(set(client.got)) == len(script)


@settings(max_examples=100, deadline=None)
@given(steps, st.integers(1, 5))
def test_no_page_has_more_than_asked_for_or_a_thing_twice(script: list[tuple[str, object]], first: int) -> None:
    log = LateLog(Time())
    client = following(log)
    for _ in take(log, client, script):
        page = client.feed.since("ada", client.cursor, first)
        ids = [change.id for change in page.changes]
        assert len(ids) == len(set(ids)) <= first


def test_a_busy_owner_is_caught_up_with_although_a_cursor_remembers_little() -> None:
    log = LateLog(Time())
    client = following(log)
    client.catch_up(100)
    for number in range(500):
        log.change(f"task-{number}", 0)
        log.clock.passes(0.01)
    client.catch_up(7)
    assert len(client.has) == 500
    assert client.cursor
    assert len(client.cursor) < 1_000
