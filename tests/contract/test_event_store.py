"""What every `EventStore` does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from taskbell.application.ports import EventStore
from taskbell.domain.events import HistoryEntry, TaskEvent, event_between, hard_delete_event
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.queries import EventQuery, Page
from taskbell.domain.task import TaskStatus, soft_deleted, with_next_version, with_status
from tests.support.examples import LATER, NOW, Time, example_task


def test_a_tasks_history_is_listed_newest_first_as_it_was(history: EventStore) -> None:
    events = _happened(history, "essay", 12)
    assert _listed(history, EventQuery("ada", "essay")) == _newest_first(events)


def test_an_event_of_any_kind_is_kept_as_it_was(history: EventStore) -> None:
    task = example_task(due_at=LATER, remind_before=(10,), labels=("a",))
    done = with_status(replace(task, overdue=True, description="x" * 500), TaskStatus.COMPLETED, LATER)
    deleted = soft_deleted(done, LATER, timedelta(days=30))
    events = [event_between(None, task), event_between(task, done), event_between(done, deleted)]
    for event in events:
        history.append(event)
    assert _listed(history, EventQuery("ada", "essay")) == _newest_first(events)


def test_storing_an_event_again_gives_it_a_later_place_and_changes_nothing_else(
    history: EventStore, time: Time
) -> None:
    (event,) = _happened(history, "essay", 1)
    first = history.append(event)
    time.passes(seconds=1)
    assert history.append(event) > first
    assert _listed(history, EventQuery("ada", "essay")) == [event.entry]


def test_an_owners_activity_is_that_of_all_tasks_in_the_order_of_storing(history: EventStore, time: Time) -> None:
    stored = []
    for number in range(6):
        event = event_between(None, example_task(id=f"essay-{5 - number}"))
        history.append(event)
        stored.append(event)
        time.passes(seconds=0.5)
    assert _listed(history, EventQuery("ada")) == _newest_first(stored)


def test_a_task_whose_id_begins_like_anothers_is_not_mixed_up_with_it(history: EventStore) -> None:
    _happened(history, "essay", 2)
    assert history.page(EventQuery("ada", "ess"), 20, None).items == ()


def test_nobody_finds_anothers_history(history: EventStore) -> None:
    _happened(history, "essay", 2)
    assert history.page(EventQuery("grace"), 20, None) == Page((), (), has_next=False)


@pytest.mark.parametrize("query", [EventQuery("ada", "essay"), EventQuery("ada")])
def test_pages_join_without_gap(history: EventStore, time: Time, query: EventQuery) -> None:
    events = _happened(history, "essay", 7, time)
    pages = [history.page(query, 3, None)]
    while pages[-1].has_next:
        pages.append(history.page(query, 3, pages[-1].cursors[-1]))
    assert [entry for page in pages for entry in page.items] == _newest_first(events)
    assert [len(page.items) for page in pages] == [3, 3, 1]


def test_a_cursor_of_another_list_is_refused(history: EventStore) -> None:
    _happened(history, "essay", 3)
    cursor = history.page(EventQuery("ada", "essay"), 1, None).cursors[0]
    with pytest.raises(InvalidInputError):
        history.page(EventQuery("ada"), 1, cursor)


def test_a_task_that_is_forgotten_leaves_nothing_and_others_stay(history: EventStore) -> None:
    forgotten = _happened(history, "essay", 60)
    others = _happened(history, "essay-2", 2) + _happened(history, "ess", 1)
    for _ in range(2):
        history.purge(hard_delete_event(forgotten[-1].task, LATER))
    assert history.page(EventQuery("ada", "essay"), 10, None).items == ()
    left = history.page(EventQuery("ada"), 100, None).items
    assert {event.id for event in left} == {event.id for event in others}


def test_a_task_is_purged_with_its_events_and_no_other_is(history: EventStore) -> None:
    task = example_task()
    history.append(event_between(None, task))
    assert not history.is_purged(task)
    history.purge(hard_delete_event(task, LATER))
    assert history.is_purged(task)
    assert not history.is_purged(example_task(owner_id="grace"))


def test_a_task_without_any_event_is_purged(history: EventStore) -> None:
    history.purge(hard_delete_event(example_task(), LATER))
    assert history.is_purged(example_task())


def _listed(history: EventStore, query: EventQuery) -> list[HistoryEntry]:
    return list(history.page(query, 20, None).items)


def _newest_first(events: list[TaskEvent]) -> list[HistoryEntry]:
    return [event.entry for event in reversed(events)]


def _happened(history: EventStore, task_id: str, versions: int, time: Time | None = None) -> list[TaskEvent]:
    task = example_task(id=task_id)
    events = [event_between(None, task)]
    for number in range(1, versions):
        before, task = task, with_next_version(task, NOW + timedelta(seconds=number))
        events.append(event_between(before, task))
    for event in events:
        history.append(event)
        if time:
            time.passes(seconds=1)
    return events
