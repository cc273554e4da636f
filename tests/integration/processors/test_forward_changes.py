"""The forwarder, with the records that the table's stream delivers."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from processors.forward_changes import NothingForwardedError, handler
from taskbell.adapters.dynamodb.items import task_item
from taskbell.application.serialization import event_from_dict
from taskbell.domain.events import TaskEvent, TaskEventType, event_between
from taskbell.domain.task import Task, TaskStatus, soft_deleted, with_next_version, with_status
from tests.support.aws import Aws
from tests.support.examples import LATER, NOW, example_task
from tests.support.lambdas import CONTEXT

TASK = example_task()
DONE = with_status(TASK, TaskStatus.COMPLETED, LATER)
GONE = soft_deleted(DONE, LATER, timedelta(days=30))


INVALID = {"pk": {"S": "x"}}
BROKEN = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "2", "NewImage": INVALID}}


def record(before: Task | None, after: Task | None, number: int) -> dict[str, Any]:
    """A stream record with both images."""
    images = {"OldImage": before, "NewImage": after}
    return {
        "eventName": "MODIFY" if before and after else "INSERT" if after else "REMOVE",
        "dynamodb": {
            "SequenceNumber": str(number),
            **{name: task_item(task) for name, task in images.items() if task},
        },
    }


def forward(*records: dict[str, Any]) -> list[str]:
    answer = handler({"Records": list(records)}, CONTEXT)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def forwarded(aws: Aws) -> list[TaskEvent]:
    return [event_from_dict(json.loads(message["Body"])) for message in aws.messages(aws.events_url)]


def test_each_change_becomes_an_event_in_order(aws: Aws) -> None:
    assert forward(record(None, TASK, 1), record(TASK, DONE, 2), record(DONE, GONE, 3)) == []
    assert forwarded(aws)[0] == event_between(None, TASK)


def test_records_that_are_delivered_again_make_no_second_event(aws: Aws) -> None:
    forward(record(None, TASK, 1))
    forward(record(None, TASK, 1))
    assert len(forwarded(aws)) == 1


def test_a_task_that_leaves_the_table_after_its_retention_is_to_be_forgotten_and_is_no_news(aws: Aws) -> None:
    assert forward(record(GONE, None, 1)) == []
    assert [(event.is_hard_delete, event.is_published) for event in forwarded(aws)] == [(True, False)]


def test_what_happens_to_a_deleted_task_is_not_forwarded(aws: Aws) -> None:
    assert forward(record(GONE, with_next_version(GONE, LATER), 1)) == []
    assert forwarded(aws) == []


def test_a_task_that_was_removed_by_hand_is_forwarded_as_deleted(aws: Aws) -> None:
    forward(record(TASK, None, 1))
    assert [(event.type, event.is_hard_delete) for event in forwarded(aws)] == [(TaskEventType.DELETED, True)]


def test_an_invalid_record_is_set_aside_with_its_cause_and_those_around_it_go_on(aws: Aws) -> None:
    other = example_task(id="other", created_at=NOW)
    assert forward(record(None, TASK, 1), BROKEN, record(None, other, 3)) == []
    assert [event.task.id for event in forwarded(aws)] == ["essay", "other"]
    (message,) = aws.messages(aws.unforwarded_url)
    assert json.loads(message["Body"]) == {"record": BROKEN}
    assert message["MessageAttributes"]["cause"]["StringValue"] == "KeyError: 'schedule'"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", {"N": "5"}),
        ("title", {"SS": ["a", "b"]}),
        ("description", {"M": {"a": {"N": "1.5"}}}),
        ("labels", {"L": [{"N": "1"}]}),
        ("overdue", {"S": "yes"}),
        ("expiresAt", {"N": "100000000000000000000"}),
        ("updatedAt", {"S": "0001-01-01T00:00:00+10:00"}),
        ("dueAt", {"S": "2027-01-01T00:00:00"}),
    ],
)
def test_a_field_of_a_wrong_type_keeps_nothing_waiting(aws: Aws, name: str, value: Any) -> None:
    wrong, other = record(None, TASK, 1), example_task(id="other", created_at=NOW)
    wrong["dynamodb"]["NewImage"] |= {name: value}
    mended = record(None, TASK, 3)
    mended["dynamodb"]["OldImage"] = wrong["dynamodb"]["NewImage"]
    assert forward(wrong, record(None, other, 2), mended) == []
    assert sorted(event.task.id for event in forwarded(aws)) == ["essay", "other"]
    (message,) = aws.messages(aws.unforwarded_url)
    assert json.loads(message["Body"]) == {"record": wrong}


def test_a_change_whose_event_no_message_can_hold_is_set_aside(aws: Aws) -> None:
    large = replace(TASK, description="\x01" * 173_400)  # in JSON six times as long
    other = example_task(id="other", created_at=NOW)
    assert forward(record(None, large, 1), record(None, other, 2)) == []
    assert [event.task.id for event in forwarded(aws)] == ["other"]
    (message,) = aws.messages(aws.unforwarded_url)
    assert message["MessageAttributes"]["cause"]["StringValue"].startswith("EventTooLargeError: ")


@pytest.mark.parametrize(("owner_id", "task_id"), [("grace", "essay"), ("ada", "other")])
def test_an_item_that_pretends_to_be_anothers_task_is_set_aside(aws: Aws, owner_id: str, task_id: str) -> None:
    pretender, own = record(None, TASK, 1), record(None, TASK, 2)
    pretender["dynamodb"]["Keys"] = {"pk": {"S": f"OWNER#{owner_id}"}, "sk": {"S": f"TASK#{task_id}"}}
    own["dynamodb"]["Keys"] = {"pk": {"S": "OWNER#ada"}, "sk": {"S": "TASK#essay"}}
    assert forward(pretender, own) == []
    assert len(forwarded(aws)) == 1
    (message,) = aws.messages(aws.unforwarded_url)
    assert message["MessageAttributes"]["cause"]["StringValue"].startswith("ValueError: The item's owner")


def test_an_invalid_record_that_is_redriven_is_reported_until_the_code_can_read_it(aws: Aws) -> None:
    with pytest.raises(NothingForwardedError, match="2"):
        handler({"Records": [BROKEN], "redriven": True}, CONTEXT)
    assert aws.messages(aws.unforwarded_url) == []


def test_an_invalid_record_that_cannot_be_set_aside_is_reported_after_the_records_before_it(aws: Aws) -> None:
    aws.sqs.delete_queue(QueueUrl=aws.unforwarded_url)
    other = example_task(id="other", created_at=NOW)
    assert forward(record(None, TASK, 1), BROKEN, record(None, other, 3)) == ["2"]
    with pytest.raises(NothingForwardedError, match="2"):
        forward(BROKEN, record(None, TASK, 3))


def test_a_task_that_was_invalid_and_is_mended_is_forwarded_as_new(aws: Aws) -> None:
    mended = record(None, TASK, 2)
    mended["dynamodb"]["OldImage"] = INVALID
    assert forward(mended) == []
    assert [event.type for event in forwarded(aws)] == [TaskEventType.CREATED]


def test_an_invalid_task_that_is_removed_is_set_aside(aws: Aws) -> None:
    removed = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "2", "OldImage": INVALID}}
    assert forward(removed) == []
    assert len(aws.messages(aws.unforwarded_url)) == 1
