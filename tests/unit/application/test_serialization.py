"""Tasks and events survive serialization."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.api.graphql_documents import push_document
from taskbell.application.serialization import (
    INTERNAL_FIELDS,
    event_from_dict,
    event_to_dict,
    task_from_dict,
    task_to_dict,
)
from taskbell.domain.events import event_between
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.rrule import parse_rrule
from taskbell.domain.task import Priority, Processing, ProcessingState, Schedule, Task, TaskStatus
from tests.support.examples import example_task

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.integers(0, 200_000_000_000_000).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
maybe = st.none() | instants
tasks = st.builds(
    Task,
    id=st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    owner_id=st.uuids().map(str),
    title=st.text(min_size=1, max_size=200),
    created_at=instants,
    updated_at=instants,
    schedule=st.builds(Schedule, version=st.integers(1, 9), since=instants, reminded_until=maybe),
    description=st.none() | st.text(max_size=50),
    status=st.sampled_from(TaskStatus),
    priority=st.sampled_from(Priority),
    labels=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    due_at=maybe,
    remind_before=st.lists(st.integers(0, 43_200), max_size=3).map(tuple),
    overdue=st.booleans(),
    completed_at=maybe,
    deleted_at=maybe,
    expires_at=st.none() | instants.map(lambda instant: instant.replace(microsecond=0)),
    version=st.integers(1, 99),
    edited_version=st.integers(1, 99),
    processing=st.builds(
        Processing,
        state=st.sampled_from(ProcessingState),
        step=st.none() | st.text(max_size=5),
        error=st.none() | st.text(max_size=5),
        started_at=maybe,
        finished_at=maybe,
    ),
    request_digest=st.text("0123456789abcdef", max_size=32),
    receipts=st.lists(st.builds(ClientMutation, st.just("a"), instants, st.text("b", max_size=2)), max_size=3).map(
        lambda mutations: tuple(mutation.receipt for mutation in mutations)
    ),
)


@given(tasks)
def test_a_task_is_read_back_as_it_was_written(task: Task) -> None:
    assert task_from_dict(json.loads(json.dumps(task_to_dict(task)))) == task


@given(tasks, tasks)
def test_an_event_is_read_back_as_it_was_written(before: Task, after: Task) -> None:
    event = event_between(before, replace(after, id=before.id, owner_id=before.owner_id))
    assert event_from_dict(json.loads(json.dumps(event_to_dict(event)))) == event


def test_what_is_the_pipelines_own_leaves_the_system_nowhere() -> None:
    pushed = push_document(event_between(None, example_task()), example_task(), "", None)
    for document in (pushed, pushed["event"], pushed["task"]):
        assert not set(document) & {*INTERNAL_FIELDS, "superseded"}


@pytest.mark.parametrize("missing", ["id", "title", "version", "schedule"])
def test_a_document_of_no_task_is_refused(missing: str) -> None:
    document = task_to_dict(example_task())
    del document[missing]
    with pytest.raises(KeyError):
        task_from_dict(document)


WRONG_VALUES: list[Any] = [
    *(None, "", "a text", "\ud800", b"bytes", {"a", "b"}, [], [b"x"], [Decimal("1.5")], {}, {"a": Decimal(1)}, True),
    *(Decimal(5), Decimal("1.5"), Decimal(10) ** 30, -3, 10**30, float("inf"), float("nan"), 10**20),
    *("2026-01-01T00:00:00", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00", "2026-13-01T00:00:00Z"),
]
COMPLETE = task_to_dict(
    example_task(
        due_at=EPOCH,
        nominal_due=EPOCH.replace(tzinfo=None),
        deleted_at=EPOCH,
        expires_at=EPOCH,
        later=example_task(due_at=EPOCH, nominal_due=EPOCH.replace(tzinfo=None)).details,
        recurrence=parse_rrule("FREQ=WEEKLY;BYDAY=MO;UNTIL=19700101T000000Z"),
    )
)


def with_value(document: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The document with one other value."""
    name, *rest = path
    return {**document, name: with_value(document[name], tuple(rest), value) if rest else value}


def paths(document: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The paths to all values of a document."""
    for name, value in document.items():
        yield (name,)
        yield from ((name, *path) for path in (paths(value) if isinstance(value, dict) else ()))


@pytest.mark.parametrize("path", [*paths(COMPLETE)], ids=".".join)
def test_a_value_of_a_wrong_type_is_refused_when_it_is_read_or_can_be_sent(path: tuple[str, ...]) -> None:
    for value in WRONG_VALUES:
        try:
            task = task_from_dict(with_value(COMPLETE, path, value))
        except (KeyError, ValueError):
            continue
        sent = json.dumps(event_to_dict(event_between(None, task)), ensure_ascii=False).encode()
        assert event_from_dict(json.loads(sent)).task == task


EVENT = event_to_dict(event_between(example_task(), example_task(version=2, status=TaskStatus.COMPLETED)))


@pytest.mark.parametrize("path", [path for path in paths(EVENT) if len(path) == 1 or path[0] != "task"], ids=".".join)
def test_an_event_with_a_value_of_a_wrong_type_is_read_or_refused(path: tuple[str, ...]) -> None:
    for value in WRONG_VALUES:
        with suppress(KeyError, ValueError):
            event_from_dict(with_value(EVENT, path, value))


@pytest.mark.parametrize(
    "name", ["", "pk", "DONE", "count", "2026-02-30", "20260228", "2026-W09-6", "2026-02-28T00:00", "\u0662026-02-28"]
)
def test_an_event_that_counts_what_is_not_counted_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="counts has the unknown name"):
        event_from_dict(with_value(EVENT, ("counts",), {"PENDING": -1, name: 1}))


@pytest.mark.parametrize("name", [*(status.value for status in TaskStatus), "OVERDUE", "2026-02-28", "0987-02-28"])
def test_an_event_counts_a_status_an_overdue_task_or_a_day_of_completions(name: str) -> None:
    assert event_from_dict(with_value(EVENT, ("counts",), {name: -1})).counts == {name: -1}


@pytest.mark.parametrize(
    "change", [{"field": 5}, {"field": "title", "before": 1.5}, {"field": "title", "after": ["a"]}, {"before": "a"}]
)
def test_an_event_whose_changes_are_no_texts_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        event_from_dict(with_value(EVENT, ("changes",), [change]))


@pytest.mark.parametrize("document", [None, [], "text", 5])
def test_what_is_no_document_is_refused(document: Any) -> None:
    for read in (task_from_dict, event_from_dict):
        with pytest.raises(ValueError, match="Not a valid document"):
            read(document)
