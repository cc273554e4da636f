"""Tasks and events survive serialization."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.application.serialization import (
    INTERNAL_FIELDS,
    event_from_dict,
    event_to_dict,
    public_event,
    public_task,
    task_from_dict,
    task_to_dict,
)
from taskbell.domain.events import event_between
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
)


@given(tasks)
def test_a_task_is_read_back_as_it_was_written(task: Task) -> None:
    assert task_from_dict(json.loads(json.dumps(task_to_dict(task)))) == task


@given(tasks, tasks)
def test_an_event_is_read_back_as_it_was_written(before: Task, after: Task) -> None:
    event = event_between(before, replace(after, id=before.id, owner_id=before.owner_id))
    assert event_from_dict(json.loads(json.dumps(event_to_dict(event)))) == event


def test_what_is_the_pipelines_own_leaves_the_system_nowhere() -> None:
    public = public_event(event_between(None, example_task()))
    for document in (public, public["task"], public_task(example_task())):
        assert not set(document) & {*INTERNAL_FIELDS, "superseded"}


@pytest.mark.parametrize("missing", ["id", "title", "version", "schedule"])
def test_a_document_of_no_task_is_refused(missing: str) -> None:
    document = task_to_dict(example_task())
    del document[missing]
    with pytest.raises(KeyError):
        task_from_dict(document)
