"""What every `EventStore` does."""

from datetime import timedelta

import pytest

from taskbell.application.ports import EventStore
from taskbell.domain.events import TaskEvent, event_between, hard_delete_event
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.queries import EventQuery, Page
from taskbell.domain.task import with_next_version
from tests.support.examples import LATER, NOW, example_task


def test_a_tasks_events_are_listed_newest_first_as_they_were(history: EventStore) -> None:
    events = _happened(history, "essay", 12)
    assert list(history.page(EventQuery("ada", "essay"), 20, None).items) == events[::-1]


def test_remembering_an_event_again_changes_nothing(history: EventStore) -> None:
    (event,) = _happened(history, "essay", 1)
    history.append(event)
    assert history.page(EventQuery("ada", "essay"), 20, None).items == (event,)


def test_an_owners_activity_is_that_of_all_tasks_in_the_order_of_time(history: EventStore) -> None:
    both = _happened(history, "essay", 3) + _happened(history, "book", 3, later=timedelta(milliseconds=500))
    newest_first = sorted(both, key=lambda event: (event.at, event.task.id), reverse=True)
    assert list(history.page(EventQuery("ada"), 20, None).items) == newest_first


def test_a_task_whose_id_begins_like_anothers_is_not_mixed_up_with_it(history: EventStore) -> None:
    _happened(history, "essay", 2)
    assert history.page(EventQuery("ada", "ess"), 20, None).items == ()


def test_nobody_finds_anothers_history(history: EventStore) -> None:
    _happened(history, "essay", 2)
    assert history.page(EventQuery("grace"), 20, None) == Page((), (), has_next=False)


@pytest.mark.parametrize("query", [EventQuery("ada", "essay"), EventQuery("ada")])
def test_pages_join_without_gap(history: EventStore, query: EventQuery) -> None:
    events = _happened(history, "essay", 7)
    pages = [history.page(query, 3, None)]
    while pages[-1].has_next:
        pages.append(history.page(query, 3, pages[-1].cursors[-1]))
    assert [event for page in pages for event in page.items] == events[::-1]
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


def test_a_task_is_purged_with_its_events_and_another_of_its_id_is_not(history: EventStore) -> None:
    task, again = example_task(), example_task(created_at=LATER, updated_at=LATER)
    history.append(event_between(None, task))
    assert not history.is_purged(task)
    history.purge(hard_delete_event(task, LATER))
    assert history.is_purged(task)
    assert not history.is_purged(again)
    assert not history.is_purged(example_task(owner_id="grace"))


def test_a_task_without_any_event_is_purged(history: EventStore) -> None:
    history.purge(hard_delete_event(example_task(), LATER))
    assert history.is_purged(example_task())


def test_an_id_that_is_used_again_has_a_history_of_its_own(history: EventStore) -> None:
    first = _happened(history, "essay", 3)
    again = event_between(None, example_task(created_at=LATER, updated_at=LATER))
    history.append(again)
    history.purge(hard_delete_event(first[-1].task, LATER))
    history.append(again)
    assert history.page(EventQuery("ada", "essay"), 10, None).items == (again,)


def _happened(history: EventStore, task_id: str, versions: int, later: timedelta = timedelta(0)) -> list[TaskEvent]:
    task = example_task(id=task_id)
    events = [event_between(None, task)]
    for number in range(1, versions):
        before, task = task, with_next_version(task, NOW + timedelta(seconds=number) + later)
        events.append(event_between(before, task))
    for event in events:
        history.append(event)
    return events
