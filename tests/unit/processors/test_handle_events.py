"""The handler of the queue, with a recorder in place of its ports."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from processors.handle_events import process
from taskbell.application.event_batch import MAX_FAILURES, EventBatch
from taskbell.application.event_handlers import EventHandler
from taskbell.application.ports import Attempts, MessageId
from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import TaskEvent, event_between, hard_delete_event, purge_event
from taskbell.domain.exceptions import InvalidSettingError, MisconfigurationError, UnavailableError
from taskbell.domain.lifecycle import waiting
from taskbell.domain.task import TaskStatus, restored, soft_deleted, with_details, with_status
from taskbell.domain.task_list import TaskList
from taskbell.domain.trash import purged
from tests.support.examples import LATER, NOW, example_task
from tests.support.fakes import InMemoryAttempts, InMemoryTaskLists, InMemoryTaskRepository, Recorder
from tests.support.lambdas import CONTEXT
from tests.support.log_fakes import InMemoryChangeLog, feed_of

TASK = example_task(due_at=LATER)
WAITING = waiting(TASK, NOW)
CREATED = event_between(None, TASK)
WAITS = event_between(TASK, WAITING)
OTHER = event_between(None, example_task(id="other"))


def message(event: TaskEvent | str, receives: int = 1, cause: str | None = None) -> dict[str, Any]:
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
        "messageAttributes": {"cause": {"stringValue": cause, "dataType": "String"}} if cause else {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:events.fifo",
        "awsRegion": "eu-central-1",
    }


@dataclass
class Pipeline:
    """The handler of the queue over a recorder."""

    recorder: Recorder = field(default_factory=Recorder)
    attempts: Attempts = field(default_factory=InMemoryAttempts)
    tasks: InMemoryTaskRepository = field(default_factory=InMemoryTaskRepository)
    lists: InMemoryTaskLists = field(default_factory=InMemoryTaskLists)
    failed_messages: Recorder | None = None
    has_time: Callable[[], bool] = lambda: True
    now: datetime = NOW

    def handle(self, *messages: dict[str, Any]) -> list[str]:
        """The ids of the messages that are to come again."""
        handler = EventHandler(
            self.recorder, feed_of(InMemoryChangeLog()), self.tasks, self.recorder, self.recorder, self.lists
        )
        failed_messages = self.failed_messages or self.recorder
        batch = EventBatch(handler, self.attempts, failed_messages, self.has_time, self.now)
        response = process({"Records": list(messages)}, CONTEXT, batch)
        return [str(failure["itemIdentifier"]) for failure in response["batchItemFailures"]]

    @property
    def done(self) -> list[tuple[Any, ...]]:
        """What was done so far, without what there was nothing to do for."""
        return self.recorder.done

    @property
    def dead_letters(self) -> list[tuple[Any, ...]]:
        """The dead letters: group, deduplication id, cause."""
        return [deed[1:] for deed in self.done if deed[0] == "send to dead-letter queue"]


def handled(recorder: Recorder, *messages: dict[str, Any]) -> list[str]:
    """The ids of the messages that are to come again."""
    return Pipeline(recorder).handle(*messages)


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


def test_a_restored_task_is_restored_with_the_subtasks_that_were_deleted_with_it() -> None:
    pipeline = Pipeline()
    parent = soft_deleted(TASK, NOW, timedelta(days=30))
    child = soft_deleted(example_task(id="child", parent_id="essay"), NOW, timedelta(days=30), with_parent=True)
    back = restored(parent, NOW)
    pipeline.tasks.tasks |= {("ada", task.id): task for task in (back, child)}
    assert pipeline.handle(message(event_between(parent, back))) == []
    assert not pipeline.tasks.tasks["ada", "child"].deleted


def test_a_task_that_was_removed_by_hand_is_forgotten_stopped_and_pushed_as_deleted() -> None:
    recorder = Recorder()
    assert handled(recorder, message(hard_delete_event(WAITING, LATER))) == []
    assert recorder.done == [("purge", "essay:3"), ("stop", "essay", 1), ("publish", "essay:3")]


def test_a_subtask_that_was_created_while_its_parent_was_deleted_is_deleted_with_it() -> None:
    pipeline, subtask = Pipeline(), example_task(id="draft", parent_id="essay")
    for task in (soft_deleted(TASK, NOW, timedelta(days=30)), subtask):
        pipeline.tasks.add(task)
    pipeline.handle(message(event_between(None, subtask)))
    stored = pipeline.tasks.get("ada", "draft")
    assert stored
    assert stored.deleted_with_parent


def test_a_task_that_came_into_a_list_while_that_was_deleted_leaves_it() -> None:
    pipeline, task = Pipeline(), example_task(list_id="1")
    pipeline.lists.add(TaskList("1", "ada", "History", NOW, NOW, deleted_at=NOW))
    pipeline.tasks.add(task)
    pipeline.handle(message(event_between(None, task)))
    stored = pipeline.tasks.get("ada", "essay")
    assert stored
    assert stored.list_id is None


def test_a_task_that_changes_its_list_is_pushed_to_those_who_follow_either() -> None:
    recorder, task = Recorder(), example_task(list_id="1")
    handled(recorder, message(event_between(task, with_details(task, {"list_id": "2"}, LATER))))
    handled(recorder, message(event_between(task, with_details(task, {"list_id": None}, LATER))))
    assert [deed for deed in recorder.done if deed[0] == "publish"] == [
        ("publish", "essay:2", "1"),
        ("publish", "essay:2", "2"),
        ("publish", "essay:2", "1"),
    ]


def test_what_came_below_a_task_while_that_was_moved_below_another_is_moved_too() -> None:
    pipeline, moved = Pipeline(), with_details(TASK, {"parent_id": "thesis"}, LATER)
    for task in (moved, example_task(id="thesis"), example_task(id="draft", parent_id="essay")):
        pipeline.tasks.add(task)
    pipeline.handle(message(event_between(TASK, moved)))
    stored = pipeline.tasks.get("ada", "draft")
    assert stored
    assert stored.parent_id == "thesis"


def test_the_subtasks_of_a_task_that_was_deleted_for_good_go_with_it() -> None:
    pipeline, month = Pipeline(), timedelta(days=30)
    parent = soft_deleted(TASK, NOW, month)
    child = soft_deleted(example_task(id="child", parent_id="essay"), NOW, month, with_parent=True)
    for task in (purged(parent, LATER), child):
        pipeline.tasks.add(task)
    assert pipeline.handle(message(purge_event(parent, purged(parent, LATER)))) == []
    assert pipeline.done == [("purge", "essay:3")]
    assert pipeline.tasks.tasks["ada", "child"].purged


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
    pipeline = Pipeline(Recorder(fails_at="append essay:1"))
    assert pipeline.handle(message(CREATED, 3), message(OTHER), message(WAITS)) == ["essay:1", "essay:2"]
    assert ("publish", "other:1") in pipeline.done
    assert ("append", "essay:2") not in pipeline.done
    assert pipeline.done[-1] == ("retry later", {"handle of essay:1": 3, "handle of essay:2": 3})


def test_behind_a_failed_push_events_of_the_task_are_stored_and_pushed_later_in_their_order() -> None:
    pipeline = Pipeline(Recorder(fails_at="publish"))
    assert pipeline.handle(message(CREATED, 2), message(WAITS)) == ["essay:1", "essay:2"]
    assert pipeline.done == [
        ("append", "essay:1"),
        ("start", "essay", 1),
        ("append", "essay:2"),
        ("retry later", {"handle of essay:1": 2, "handle of essay:2": 2}),
    ]
    pipeline.recorder.fails_at = ""
    assert pipeline.handle(message(CREATED, 3), message(WAITS, 2)) == []
    assert [deed for deed in pipeline.done if deed[0] == "publish"] == [("publish", "essay:1"), ("publish", "essay:2")]


def test_an_event_is_not_stored_before_an_earlier_one_of_its_task_even_if_their_pushes_wait() -> None:
    moved = event_between(WAITING, with_details(WAITING, {"due_at": None}, LATER))
    pipeline = Pipeline(FailsAtSeveral(fails_at="publish", also_at="append essay:2"))
    assert pipeline.handle(message(CREATED), message(WAITS), message(moved)) == ["essay:1", "essay:2", "essay:3"]
    assert [deed[1] for deed in pipeline.done if deed[0] == "append"] == ["essay:1"]


@pytest.mark.parametrize("failing", ["append", "start", "publish"])
def test_an_event_is_never_given_up_for_an_outage_however_long_and_whatever_stood_before_it(failing: str) -> None:
    pipeline = Pipeline(Recorder(fails_at=failing))
    for receives in range(1, 1_001):
        pipeline.handle(message(CREATED, receives), message(WAITS, receives))
    assert pipeline.dead_letters == []
    pipeline.recorder.fails_at = ""
    assert pipeline.handle(message(CREATED, 1_000), message(WAITS, 1_000)) == []


@pytest.mark.parametrize("error", [InvalidSettingError, MisconfigurationError])
def test_a_wrong_setting_of_the_service_is_no_fault_of_an_event(error: type[Exception]) -> None:
    pipeline = Pipeline(Recorder(fails_at="start", error=error))
    for receives in range(1, 11):
        assert pipeline.handle(message(CREATED, receives)) == ["essay:1"]
    assert pipeline.dead_letters == []


@pytest.mark.parametrize("failing", ["append", "start", "publish"])
def test_the_fifth_failure_of_an_events_own_sends_it_to_the_dead_letter_queue_with_its_cause(failing: str) -> None:
    pipeline = Pipeline(Recorder(fails_at=f"{failing} essay", error=KeyError))
    tries = [pipeline.handle(message(CREATED, receives)) for receives in range(7, 12)]
    assert tries == [["essay:1"]] * 4 + [[]]
    ((group, deduplication_id, cause),) = pipeline.dead_letters
    assert (group, deduplication_id) == ("ada/essay", "ada/essay:1")
    assert cause == f"KeyError: '{failing} failed'"


def test_after_a_failure_of_its_own_the_delay_grows_with_its_failures_and_not_with_its_receives() -> None:
    pipeline = Pipeline(Recorder(fails_at="append essay:1", error=ValueError))
    for receives in (27, 28):
        pipeline.handle(message(CREATED, receives), message(WAITS, receives))
    delays = [deed[1]["handle of essay:2"] for deed in pipeline.done if deed[0] == "retry later"]
    assert delays == [1, 2]


def test_what_stands_behind_an_event_that_is_given_up_goes_on_at_once() -> None:
    pipeline = Pipeline(Recorder(fails_at="append essay:1", error=ValueError))
    for receives in range(1, 5):
        assert pipeline.handle(message(CREATED, receives), message(WAITS, receives)) == ["essay:1", "essay:2"]
    assert pipeline.handle(message(CREATED, 5), message(WAITS, 5)) == []
    assert pipeline.done[-2:] == [("append", "essay:2"), ("publish", "essay:2")]


def test_messages_behind_five_poisoned_ones_are_handled_whatever_their_receive_count() -> None:
    pipeline = Pipeline()
    poisoned = [f"essay:{number} is not json" for number in range(5)]
    waiting = [message(body) for body in poisoned] + [message(CREATED), message(WAITS)]
    receives = 0
    while waiting:
        receives += 1
        for each in waiting:
            each["attributes"]["ApproximateReceiveCount"] = str(receives)
        again = pipeline.handle(*waiting)
        waiting = [each for each in waiting if each["messageId"] in again]
    assert receives == 21
    assert [id_ for _, id_, _ in pipeline.dead_letters] == [f"ada/{body}" for body in poisoned]
    assert {cause.partition(":")[0] for _, _, cause in pipeline.dead_letters} == {"JSONDecodeError"}
    assert ("publish", "essay:2") in pipeline.done


def test_an_event_that_ends_the_function_each_time_is_given_up() -> None:
    class Killed(BaseException):
        """The function ends."""

    pipeline = Pipeline(Recorder(fails_at="append essay:1", error=Killed))  # type: ignore[arg-type]
    for receives in range(1, 13):
        with pytest.raises(Killed):
            pipeline.handle(message(CREATED, receives), message(WAITS, receives))
    assert pipeline.handle(message(CREATED, 13), message(WAITS, 13)) == []
    assert pipeline.dead_letters == [
        ("ada/essay", "ada/essay:1", "Interrupted: the function ended each time it handled this event.")
    ]


def test_interruptions_between_failures_that_pass_do_not_add_up() -> None:
    pipeline = Pipeline(Recorder(fails_at="publish"))
    for receives in range(1, 100):
        pipeline.attempts.begin(MessageId("ada/essay", "ada/essay:1"))
        pipeline.handle(message(CREATED, receives), message(WAITS, receives))
    assert pipeline.dead_letters == []


def test_a_removal_that_waits_for_an_earlier_event_of_its_task_was_not_interrupted() -> None:
    pipeline, removal = Pipeline(Recorder(fails_at="publish essay:1")), hard_delete_event(TASK, LATER)
    for receives in range(3, 40):
        assert pipeline.handle(message(CREATED, receives), message(removal, receives)) == ["essay:1", "essay:2"]
    assert pipeline.dead_letters == []


def test_an_attempt_that_cannot_be_recorded_is_made_later() -> None:
    class Unavailable(InMemoryAttempts):
        def begin(self, message: MessageId) -> int:
            raise UnavailableError

        def end(self, message: MessageId) -> None:
            raise UnavailableError

        def fail(self, message: MessageId) -> int:
            raise UnavailableError

    recorder = Recorder()
    pipeline = Pipeline(recorder, Unavailable())
    assert pipeline.handle(message(CREATED, 3), message(WAITS, 3)) == ["essay:1", "essay:2"]
    assert pipeline.handle(message("essay:9 is not json")) == ["essay:9 is not json"]
    assert [deed[0] for deed in recorder.done] == ["retry later", "retry later"]


def test_what_there_is_no_time_for_comes_again_at_once() -> None:
    pipeline = Pipeline(has_time=lambda: False)
    assert pipeline.handle(message(CREATED, 7), message(OTHER, 7)) == ["essay:1", "other:1"]
    assert pipeline.done == [("retry later", {"handle of essay:1": 0, "handle of other:1": 0})]


def test_an_answer_is_given_even_if_the_time_of_the_next_try_cannot_be_set() -> None:
    pipeline = Pipeline(Recorder(fails_at="publish essay:1"), failed_messages=Recorder(fails_at="retry later"))
    assert pipeline.handle(message(CREATED), message(OTHER)) == ["essay:1"]


@pytest.mark.parametrize("body", ["not json", "{}", "[]", '{"task": 1}', "null", '"text"', "1"])
def test_an_invalid_message_goes_to_the_dead_letter_queue_like_any_other(body: str) -> None:
    pipeline = Pipeline()
    assert [pipeline.handle(message(body, receives)) for receives in range(1, 6)] == [[body]] * 4 + [[]]
    assert len(pipeline.dead_letters) == 1


def test_a_message_that_cannot_be_dead_lettered_waits_and_those_behind_it_do_too() -> None:
    pipeline = Pipeline(FailsAtSeveral(fails_at="append essay:1", also_at="send to", error=KeyError))
    for receives in range(1, 20):
        assert pipeline.handle(message(CREATED, receives), message(WAITS, receives)) == ["essay:1", "essay:2"]
    assert ("append", "essay:2") not in pipeline.done


def test_a_message_that_the_dead_letter_queue_refuses_waits_and_those_behind_it_do_too() -> None:
    pipeline = Pipeline(Recorder(fails_at="append essay:1", error=KeyError))
    pipeline.failed_messages = Recorder(fails_at="send to", error=ValueError)
    for receives in range(1, 20):
        assert pipeline.handle(message(CREATED, receives), message(WAITS, receives)) == ["essay:1", "essay:2"]
    assert ("append", "essay:2") not in pipeline.done


@pytest.mark.parametrize("counts", [{"": 1}, {"PENDING": 1, "pk": 1}, ["PENDING"]], ids=str)
def test_an_event_that_counts_what_is_not_counted_is_given_up_with_its_cause_before_it_has_any_effect(
    counts: object,
) -> None:
    pipeline = Pipeline()
    invalid = message(CREATED) | {"body": json.dumps(event_to_dict(CREATED) | {"counts": counts})}
    for _ in range(MAX_FAILURES):
        pipeline.handle(invalid)
    ((_, _, cause),) = pipeline.dead_letters
    assert cause.startswith("ValueError: ")
    assert not [deed for deed in pipeline.done if deed[0] in {"append", "start", "publish"}]


@pytest.mark.parametrize(
    ("cause", "now"), [("UnavailableError: x", NOW), (None, LATER + timedelta(hours=1))], ids=["redriven", "old"]
)
def test_a_late_event_of_a_task_that_was_purged_has_no_effect(cause: str | None, now: datetime) -> None:
    pipeline = Pipeline(now=now)
    removal = hard_delete_event(TASK, LATER)
    pipeline.handle(message(removal))
    before = list(pipeline.done)
    assert pipeline.handle(message(CREATED, cause=cause)) == []
    assert pipeline.done == before
    assert pipeline.handle(message(OTHER, cause=cause)) == []
    assert pipeline.done[-1] == ("publish", "other:1")


def test_a_late_event_of_a_task_that_was_purged_only_stops_the_run_that_it_superseded() -> None:
    pipeline = Pipeline()
    moved = with_details(WAITING, {"due_at": None}, LATER)
    pipeline.handle(message(hard_delete_event(soft_deleted(moved, LATER, timedelta(days=30)), LATER)))
    before = list(pipeline.done)
    assert pipeline.handle(message(event_between(WAITING, moved), cause="UnavailableError: x")) == []
    assert pipeline.done == [*before, ("stop", "essay", 1)]


def test_a_late_deletion_of_a_task_that_was_purged_is_pushed_with_a_new_place_of_its_tombstone() -> None:
    pipeline = Pipeline()
    deleted = soft_deleted(WAITING, LATER, timedelta(days=30))
    pipeline.handle(message(hard_delete_event(deleted, LATER)))
    before = list(pipeline.done)
    assert pipeline.handle(message(event_between(WAITING, deleted), cause="UnavailableError: x")) == []
    assert pipeline.done == [*before, ("stop", "essay", 1), ("purge", "essay:3"), ("publish", "essay:3")]


def test_a_late_event_of_a_task_that_was_purged_comes_again_if_its_run_cannot_be_stopped() -> None:
    pipeline = Pipeline(Recorder(fails_at="stop"))
    deleted = soft_deleted(WAITING, LATER, timedelta(days=30))
    pipeline.handle(message(hard_delete_event(deleted, LATER)))
    assert pipeline.handle(message(event_between(WAITING, deleted), cause="UnavailableError: x")) == ["essay:3"]


def test_a_removal_that_was_interrupted_is_completed_when_it_is_redriven() -> None:
    pipeline = Pipeline()
    removal = message(hard_delete_event(TASK, LATER), cause="OSError: x")
    assert [pipeline.handle(removal), pipeline.handle(removal)] == [[], []]
    assert [deed[0] for deed in pipeline.done].count("purge") == 2


@dataclass
class FailsAtSeveral(Recorder):
    """A recorder that fails at two places; `also_at` is an outage."""

    also_at: str = ""

    def _do(self, *deed: Any) -> None:
        if " ".join(map(str, deed)).startswith(self.also_at):
            raise UnavailableError
        super()._do(*deed)
