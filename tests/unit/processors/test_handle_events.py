"""The handler of the queue, with a recorder in place of its ports."""

import json
from datetime import timedelta
from typing import Any

import pytest

from processors.handle_events import process
from taskbell.application.event_handlers import EventHandler
from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import TaskEvent, event_between, hard_delete_event
from taskbell.domain.lifecycle import waiting
from taskbell.domain.recurrence import Frequency, Recurrence
from taskbell.domain.task import TaskStatus, soft_deleted, with_details, with_status
from tests.support.examples import LATER, NOW, example_task
from tests.support.fakes import InMemoryTaskRepository, Recorder
from tests.support.lambdas import CONTEXT, NO_TIME_LEFT

TASK = example_task(due_at=LATER)
WAITING = waiting(TASK, NOW)
CREATED = event_between(None, TASK)
WAITS = event_between(TASK, WAITING)
OTHER = event_between(None, example_task(id="other"))


def message(event: TaskEvent | str, receives: int = 1) -> dict[str, Any]:
    """A message as the mapping delivers it."""
    body = event if isinstance(event, str) else json.dumps(event_to_dict(event))
    name = event if isinstance(event, str) else event.id
    return {
        "messageId": name,
        "receiptHandle": f"handle of {name}",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": str(receives),
            "MessageGroupId": f"ada/{name.split(':')[0]}",
            "MessageDeduplicationId": f"ada/{name}",
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:events.fifo",
        "awsRegion": "eu-central-1",
    }


def handled(recorder: Recorder, *messages: dict[str, Any]) -> list[str]:
    """The ids of the messages that are to come again."""
    handler = EventHandler(recorder, InMemoryTaskRepository(), recorder, recorder)
    answer = process({"Records": list(messages)}, CONTEXT, handler, recorder)
    return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]


def test_a_new_task_is_stored_started_and_pushed_in_that_order() -> None:
    recorder = Recorder()
    assert handled(recorder, message(CREATED)) == []
    assert recorder.done == [("append", "essay:1"), ("start", "essay", 1), ("publish", "essay:1")]


def test_a_change_without_effect_on_a_run_is_only_stored_and_pushed() -> None:
    recorder = Recorder()
    handled(recorder, message(WAITS))
    assert [action[0] for action in recorder.done] == ["append", "publish"]


def test_a_moved_task_ends_its_run_before_the_next_begins() -> None:
    recorder = Recorder()
    handled(recorder, message(event_between(WAITING, with_details(WAITING, {"due_at": None}, LATER))))
    assert recorder.done[1:3] == [("stop", "essay", 1), ("start", "essay", 3)]


def test_a_completed_task_ends_its_waiting_run() -> None:
    recorder = Recorder()
    handled(recorder, message(event_between(WAITING, with_status(WAITING, TaskStatus.COMPLETED, LATER))))
    assert ("stop", "essay", 1) in recorder.done


def test_a_completed_recurring_task_has_one_next_occurrence_however_often_it_is_delivered() -> None:
    recorder, store = Recorder(), InMemoryTaskRepository()
    daily = example_task(due_at=LATER, recurrence=Recurrence(Frequency.DAILY))
    done = event_between(daily, with_status(daily, TaskStatus.COMPLETED, LATER))
    for receives in (1, 2):
        process(
            {"Records": [message(done, receives)]}, CONTEXT, EventHandler(recorder, store, recorder, recorder), recorder
        )
    (following,) = store.tasks.values()
    assert (following.title, following.due_at, following.version) == (daily.title, LATER + timedelta(days=1), 1)


def test_a_task_that_was_removed_by_hand_is_forgotten_stopped_and_pushed_as_deleted() -> None:
    recorder = Recorder()
    assert handled(recorder, message(hard_delete_event(WAITING, LATER))) == []
    assert recorder.done == [("purge", "essay:3"), ("stop", "essay", 1), ("publish", "essay:3")]


def test_a_task_is_forgotten_only_when_what_went_before_is_off_the_queue() -> None:
    recorder = Recorder()
    removal = hard_delete_event(TASK, LATER)
    again = event_between(None, example_task(created_at=LATER))
    assert handled(recorder, message(CREATED), message(removal), message(again)) == ["essay:2", "essay:1"]
    assert [action[0] for action in recorder.done] == ["append", "start", "publish", "retry later"]
    assert handled(recorder, message(removal, 2), message(again, 2)) == []
    assert [action[0] for action in recorder.done[4:]] == ["purge", "stop", "publish", "append", "start", "publish"]


def test_a_deleted_task_that_leaves_the_table_is_forgotten_in_silence() -> None:
    recorder = Recorder()
    assert handled(recorder, message(hard_delete_event(soft_deleted(TASK, NOW, timedelta(days=30)), LATER))) == []
    assert recorder.done == [("purge", "essay:3")]


@pytest.mark.parametrize("step", ["append", "start", "publish"])
def test_an_event_that_was_cut_off_anywhere_is_handled_again_from_the_start(step: str) -> None:
    recorder = Recorder(fails_at=step)
    assert handled(recorder, message(CREATED)) == ["essay:1"]
    recorder.fails_at = ""
    assert handled(recorder, message(CREATED, receives=2)) == []
    assert recorder.done[-3:] == [("append", "essay:1"), ("start", "essay", 1), ("publish", "essay:1")]


def test_behind_a_failed_event_those_of_its_task_wait_and_others_do_not() -> None:
    recorder = Recorder(fails_at="publish essay:1")
    assert handled(recorder, message(CREATED), message(OTHER), message(WAITS)) == ["essay:1", "essay:2"]
    assert ("publish", "other:1") in recorder.done
    assert ("append", "essay:2") not in recorder.done
    assert recorder.done[-1] == ("retry later", {"handle of essay:1": 1, "handle of essay:2": 1})


def test_a_failure_is_delayed_by_how_often_it_came() -> None:
    recorder = Recorder(fails_at="publish")
    handled(recorder, message(CREATED, receives=4))
    assert recorder.done[-1] == ("retry later", {"handle of essay:1": 4})


@pytest.mark.parametrize("receives", [5, 10])
def test_every_fifth_failure_goes_to_the_dead_letter_queue_with_its_cause(receives: int) -> None:
    recorder = Recorder(fails_at="publish essay:1")
    assert handled(recorder, message(CREATED, receives=receives)) == []
    assert recorder.done[-1] == (
        "send to dead-letter queue",
        "ada/essay",
        "ada/essay:1",
        "ConnectionError: publish failed",
    )


def test_messages_behind_a_dead_lettered_one_are_retried_with_their_own_attempts() -> None:
    recorder = Recorder(fails_at="publish")
    assert handled(recorder, message(CREATED, receives=5), message(WAITS, receives=5)) == ["essay:2"]
    assert ("append", "essay:2") not in recorder.done
    assert handled(recorder, message(WAITS, receives=6)) == ["essay:2"]
    assert recorder.done[-1] == ("retry later", {"handle of essay:2": 1})


def test_what_there_is_no_time_for_comes_again() -> None:
    recorder = Recorder()
    handler = EventHandler(recorder, InMemoryTaskRepository(), recorder, recorder)
    answer = process({"Records": [message(CREATED), message(OTHER)]}, NO_TIME_LEFT, handler, recorder)
    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["essay:1", "other:1"]
    assert [action[0] for action in recorder.done] == ["retry later"]


def test_an_answer_is_given_even_if_the_time_of_the_next_try_cannot_be_set() -> None:
    recorder = Recorder(fails_at="publish essay:1")
    broken = Recorder(fails_at="retry later")
    handler = EventHandler(recorder, InMemoryTaskRepository(), recorder, recorder)
    answer = process({"Records": [message(CREATED), message(OTHER)]}, CONTEXT, handler, broken)
    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["essay:1"]


@pytest.mark.parametrize("body", ["not json", "{}", "[]", '{"task": 1}'])
def test_an_invalid_message_goes_to_the_dead_letter_queue_like_any_other(body: str) -> None:
    recorder = Recorder()
    assert handled(recorder, message(body, receives=1)) == [body]
    assert handled(recorder, message(body, receives=5)) == []
    assert [action[0] for action in recorder.done] == ["retry later", "send to dead-letter queue"]


def test_a_message_that_cannot_be_dead_lettered_is_left_to_the_queue() -> None:
    recorder = Recorder(fails_at="send to dead-letter queue")
    assert handled(recorder, message("{}", receives=5)) == ["{}"]
