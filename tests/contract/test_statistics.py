"""Counts are kept with the events, each event once."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskbell.domain.events import TaskEvent, event_between, hard_delete_event
from taskbell.domain.statistics import count_tasks
from taskbell.domain.task import Task, TaskStatus, restored, soft_deleted, with_details, with_status
from tests.contract.event_store_under_test import EventStoreUnderTest
from tests.support.examples import LATER, NOW, example_task
from tests.support.log_fakes import InMemoryEventStore

MONTH = timedelta(days=30)


def test_a_new_task_counts_where_it_is(under_test: EventStoreUnderTest) -> None:
    under_test.history.append(event_between(None, example_task()))
    assert under_test.statistics.get("ada").counts == {"PENDING": 1}
    assert under_test.statistics.get("grace").counts == {}


def test_an_event_that_is_appended_again_counts_once(under_test: EventStoreUnderTest) -> None:
    event = event_between(None, example_task())
    for _ in range(3):
        under_test.history.append(event)
    assert under_test.statistics.get("ada").counts == {"PENDING": 1}


def test_a_task_that_was_removed_by_hand_is_taken_out_of_the_counts_once(under_test: EventStoreUnderTest) -> None:
    task = example_task()
    under_test.history.append(event_between(None, task))
    for _ in range(3):
        under_test.history.purge(hard_delete_event(task, LATER))
    assert under_test.statistics.get("ada").count(TaskStatus.PENDING) == 0


def test_what_was_never_counted_is_not_taken_back(under_test: EventStoreUnderTest) -> None:
    task = example_task()
    done = with_status(task, TaskStatus.COMPLETED, LATER)
    under_test.history.append(event_between(task, done))  # the event before it is a dead letter
    under_test.history.purge(hard_delete_event(done, LATER))
    assert not any(under_test.statistics.get("ada").counts.values())


def test_a_deleted_task_whose_deletion_was_never_counted_is_taken_out_of_the_counts(
    under_test: EventStoreUnderTest,
) -> None:
    task = example_task()
    under_test.history.append(event_between(None, task))
    under_test.history.purge(hard_delete_event(soft_deleted(task, LATER, MONTH), LATER))
    assert not any(under_test.statistics.get("ada").counts.values())


def test_tasks_count_in_several_shards_and_are_one_sum(under_test: EventStoreUnderTest) -> None:
    tasks = [example_task(id=f"essay-{number}") for number in range(40)]
    for task in tasks:
        under_test.history.append(event_between(None, task))
    for consistent in (False, True):
        assert under_test.statistics.get("ada", consistent=consistent).counts == {"PENDING": 40}


def test_a_completed_task_counts_on_the_day_where_its_owner_is(under_test: EventStoreUnderTest) -> None:
    before = example_task(time_zone="Pacific/Kiritimati")
    after = with_status(before, TaskStatus.COMPLETED, NOW + timedelta(hours=2))
    for event in (event_between(None, before), event_between(before, after)):
        under_test.history.append(event)
    counts = {name: count for name, count in under_test.statistics.get("ada").counts.items() if count}
    assert counts == {"COMPLETED": 1, "2026-11-23": 1}


def test_correcting_the_counts_adds_to_them(under_test: EventStoreUnderTest) -> None:
    under_test.statistics.add("ada", {"PENDING": 2, "2026-11-22": 1})
    under_test.statistics.add("ada", {"PENDING": -1})
    assert under_test.statistics.get("ada").counts == {"PENDING": 1, "2026-11-22": 1}


CHANGES: dict[str, Callable[[Task], Task]] = {
    "complete": lambda task: with_status(task, TaskStatus.COMPLETED, LATER),
    "reopen": lambda task: with_status(task, TaskStatus.PENDING, LATER),
    "rename": lambda task: with_details(task, {"title": f"Title {task.version}"}, LATER),
    "delete": lambda task: task if task.deleted else soft_deleted(task, LATER, MONTH),
    "restore": lambda task: restored(task, LATER),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), max_size=12), st.randoms(use_true_random=False))
def test_the_counts_are_those_of_the_tasks_in_whatever_order_and_however_often_events_come(
    changes: list[str], random: object
) -> None:
    task = example_task()
    events = [event_between(None, task)]
    for name in changes:
        changed = CHANGES[name](task)
        if changed is not task:
            events.append(event_between(task, changed))
            task = changed
    history = InMemoryEventStore()
    for event in _shuffled(events, random):
        history.append(event)
    counts = {name: count for name, count in history.statistics.get("ada").counts.items() if count}
    assert counts == count_tasks([task])


def _shuffled(events: list[TaskEvent], random: object) -> list[TaskEvent]:
    twice = events + events
    random.shuffle(twice)  # type: ignore[attr-defined]
    return twice
