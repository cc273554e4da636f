"""`taskbell dlq`: messages stay visible, and none is lost."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from taskbell.application.serialization import event_to_dict
from taskbell.cli.bulk_redrive import StageRedriver
from taskbell.domain.events import event_between
from tests.support.cli import Changed, Operated
from tests.support.examples import example_task

EVENT = event_to_dict(event_between(None, example_task()))


def refusal(code: str, deed: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, deed)


def redriven(operated: Operated) -> list[dict[str, Any]]:
    return operated.received(operated.stage.output("TaskEventsUrl"))


def kept(operated: Operated) -> list[dict[str, Any]]:
    return operated.received(operated.stage.task_events_dead_letters.url)


def test_messages_of_both_queues_are_listed(operated: Operated) -> None:
    event = operated.add_dead_letter(EVENT, cause="KeyError: 'title'")
    odd = operated.add_dead_letter("nonsense", "x")
    url = operated.stage.unforwarded_changes.url
    changes = operated.clients["sqs"].send_message(QueueUrl=url, MessageBody="{}")["MessageId"]
    answer = operated.run_json("dlq", "list")
    assert answer["unseen"] == {"TaskEventsDeadLetters": 0, "UnforwardedChanges": 0}
    first = answer["letters"][0]
    assert datetime.fromisoformat(first.pop("sentAt")) <= datetime.now(UTC)
    assert first == {
        "id": event,
        "queue": "TaskEventsDeadLetters",
        "kind": "event",
        "ownerId": "ada",
        "taskId": "essay",
        "cause": "KeyError: 'title'",
    }
    assert [(each["id"], each["queue"], each["kind"]) for each in answer["letters"][1:]] == [
        (odd, "TaskEventsDeadLetters", "unknown"),
        (changes, "UnforwardedChanges", "unknown"),
    ]
    assert f"{event}\tTaskEventsDeadLetters\tevent\tada\tessay" in operated.run("dlq", "list").stdout


def test_empty_queues_are_not_an_error(operated: Operated) -> None:
    assert operated.run("dlq", "list").stdout == "Dead letters: none\n"
    assert operated.run("--json", "dlq", "list").stdout == operated.run("dlq", "list", "--json").stdout != ""
    assert operated.run_json("dlq", "redrive", "--all") == {
        "stage": "local",
        "letters": [],
        "moving": 0,
        "notFound": [],
    }


def test_messages_beyond_the_limit_are_counted(operated: Operated) -> None:
    for number in range(12):
        operated.add_dead_letter(EVENT, f"group-{number}")
    answer = operated.run_json("dlq", "list", "--limit", "3")
    assert (len(answer["letters"]), answer["unseen"]["TaskEventsDeadLetters"]) == (3, 9)
    assert "About 9 more in TaskEventsDeadLetters." in operated.run("dlq", "list", "--limit", "3").stdout


def test_messages_are_visible_again_right_after_a_command(operated: Operated) -> None:
    ids = [operated.add_dead_letter(EVENT, f"group-{number}") for number in range(12)]
    operated.run("dlq", "list")
    operated.run("dlq", "show", ids[-1])
    operated.run("trace", "essay", "--owner", "ada")
    assert sorted(each["id"] for each in operated.run_json("dlq", "list")["letters"]) == sorted(ids)
    assert len(kept(operated)) == 10


def test_messages_are_visible_again_after_a_command_that_failed(operated: Operated) -> None:
    operated.add_dead_letter(EVENT)
    whole_sqs = operated.clients["sqs"]

    def cut_off(**_: Any) -> None:
        raise refusal("AccessDenied", "GetQueueAttributes")

    operated.clients["sqs"] = Changed(whole_sqs, get_queue_attributes=cut_off)
    assert "Access denied" in operated.run("dlq", "list", status=1).stderr
    operated.clients["sqs"] = whole_sqs
    assert len(kept(operated)) == 1


def test_a_queue_that_does_not_answer_is_reported_in_one_line(operated: Operated) -> None:
    def silent(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://sqs.example")

    operated.clients["sqs"] = Changed(operated.clients["sqs"], receive_message=silent)
    assert operated.run("dlq", "list", status=1).stderr.startswith("AWS does not answer: ")


def test_a_message_is_shown_with_all_attributes_and_its_body(operated: Operated) -> None:
    id_ = operated.add_dead_letter(EVENT, cause="OSError: gone")
    shown = operated.run_json("dlq", "show", id_)
    assert shown["body"] == EVENT
    assert shown["messageAttributes"] == {"cause": "OSError: gone"}
    assert shown["attributes"]["MessageGroupId"] == "ada/essay"
    assert '"title": "Write the essay"' in operated.run("dlq", "show", id_).stdout


def test_a_message_that_is_not_found_is_status_1(operated: Operated) -> None:
    assert operated.run("dlq", "show", "nowhere", status=1).stdout == ""
    assert operated.run_json("dlq", "show", "nowhere", status=1) == {"stage": "local", "notFound": ["nowhere"]}
    assert operated.run_json("dlq", "redrive", "nowhere", status=1)["notFound"] == ["nowhere"]
    assert "No dead letter with the id nowhere" in operated.run("dlq", "redrive", "nowhere", status=1).stderr


def test_redrive_needs_either_ids_or_all(operated: Operated) -> None:
    assert "give the ids of messages to redrive, or --all." in operated.run("dlq", "redrive", status=2).stderr
    assert "not both" in operated.run("dlq", "redrive", "--all", "some-id", status=2).stderr


def test_only_the_given_messages_are_redriven(operated: Operated) -> None:
    wanted, other = operated.add_dead_letter(EVENT, "a"), operated.add_dead_letter(EVENT, "b")
    (outcome,) = operated.run_json("dlq", "redrive", wanted)["letters"]
    assert (outcome["id"], outcome["outcome"]) == (wanted, "sent")
    assert [json.loads(message["Body"]) for message in redriven(operated)] == [EVENT]
    assert [message["MessageId"] for message in kept(operated)] == [other]


def test_messages_of_a_task_are_redriven_in_their_order_and_group(operated: Operated) -> None:
    for version in range(1, 26):
        operated.add_dead_letter(event_to_dict(event_between(None, example_task(version=version))))
    assert len(operated.run_json("dlq", "redrive", "--all")["letters"]) == 25
    messages = redriven(operated)
    assert [json.loads(message["Body"])["version"] for message in messages] == list(range(1, 11))
    assert {message["Attributes"]["MessageGroupId"] for message in messages} == {"ada/essay"}
    assert not kept(operated)


def test_an_event_is_resent_within_the_deduplication_interval(operated: Operated) -> None:
    message = {"MessageBody": json.dumps(EVENT), "MessageGroupId": "ada/essay", "MessageDeduplicationId": "1"}
    for queue in ("TaskEventsUrl", "TaskEventsDeadLettersUrl"):
        operated.clients["sqs"].send_message(QueueUrl=operated.stage.output(queue), **message)
    operated.run("dlq", "redrive", "--all")
    assert len(redriven(operated)) == 2


def test_a_message_that_could_not_be_redriven_is_not_deleted(operated: Operated) -> None:
    ids = [operated.add_dead_letter(EVENT), operated.add_dead_letter(EVENT), operated.add_dead_letter(EVENT, "another")]
    whole_sqs = operated.clients["sqs"]

    def send(**message: Any) -> Any:
        if message["MessageGroupId"] == "ada/essay":
            raise refusal("ServiceUnavailable", "SendMessage")
        return whole_sqs.send_message(**message)

    operated.clients["sqs"] = Changed(whole_sqs, send_message=send)
    outcomes = operated.run_json("dlq", "redrive", "--all", status=1)["letters"]
    assert [(outcome["id"], outcome["outcome"]) for outcome in outcomes] == list(
        zip(ids, ("kept", "kept", "sent"), strict=True)
    )
    assert "An earlier dead letter" in outcomes[1]["detail"]
    operated.clients["sqs"] = whole_sqs
    assert [message["MessageId"] for message in kept(operated)] == ids[:2]


def test_a_message_that_cannot_be_deleted_is_reported(operated: Operated) -> None:
    operated.add_dead_letter(EVENT)

    def delete(**_: Any) -> None:
        raise refusal("ReceiptHandleIsInvalid", "DeleteMessage")

    operated.clients["sqs"] = Changed(operated.clients["sqs"], delete_message=delete)
    (outcome,) = operated.run_json("dlq", "redrive", "--all")["letters"]
    assert outcome["outcome"] == "sent"
    assert "may be redriven twice" in outcome["detail"]


def test_a_message_that_fails_again_at_once_is_not_redriven_again(operated: Operated) -> None:
    operated.add_dead_letter(EVENT)
    outputs = dict(operated.stage.outputs)
    outputs["TaskEventsUrl"] = outputs["TaskEventsDeadLettersUrl"]
    operated.stage = type(operated.stage)("local", operated.stage.client, outputs, {"users": []}, wait_seconds=0)
    assert len(operated.run_json("dlq", "redrive", "--all")["letters"]) == 1
    assert len(kept(operated)) == 1


def test_unknown_messages_are_kept_and_reported(operated: Operated) -> None:
    operated.add_dead_letter({"nonsense": 1})
    operated.add_dead_letter([1, 2])
    outcomes = operated.run_json("dlq", "redrive", "--all", status=1)["letters"]
    assert [outcome["outcome"] for outcome in outcomes] == ["kept", "kept"]
    assert len(kept(operated)) == 2


def test_unknown_messages_can_be_removed(operated: Operated) -> None:
    odd, event = operated.add_dead_letter([1, 2]), operated.add_dead_letter(EVENT)
    url = operated.stage.unforwarded_changes.url
    changes = operated.clients["sqs"].send_message(QueueUrl=url, MessageBody="{}")["MessageId"]
    answer = operated.run_json("dlq", "remove", changes, odd, "nowhere", "--yes", status=1)
    assert answer == {"stage": "local", "removed": [odd, changes], "notFound": ["nowhere"]}
    assert [message["MessageId"] for message in kept(operated)] == [event]
    assert redriven(operated) == []


def test_nothing_is_removed_without_confirmation(operated: Operated) -> None:
    odd = operated.add_dead_letter([1, 2])
    result = operated.run("dlq", "remove", odd, status=1, stdin="n\n")
    assert f"Permanently remove {odd} from local?" in result.stderr
    assert "Removed" not in result.stdout
    assert len(operated.run_json("dlq", "list")["letters"]) == 1
    assert operated.run("dlq", "remove", odd, stdin="y\n").stdout.endswith(f"Removed\nid\n{odd}\n")
    assert kept(operated) == []


def test_messages_removed_before_an_error_are_reported(operated: Operated) -> None:
    first, second = operated.add_dead_letter([1], "a"), operated.add_dead_letter([2], "b")
    whole_sqs = operated.clients["sqs"]
    deleted: list[Any] = []

    def delete_once(**message: Any) -> None:
        if deleted:
            raise refusal("AccessDenied", "DeleteMessage")
        deleted.append(whole_sqs.delete_message(**message))

    operated.clients["sqs"] = Changed(whole_sqs, delete_message=delete_once)
    result = operated.run("dlq", "remove", first, second, "--yes", status=1)
    assert result.stdout == f"Removed\nid\n{first}\n"
    assert "Access denied" in result.stderr


def test_a_failed_execution_is_restarted_under_a_new_name(operated: Operated) -> None:
    states, machine = operated.clients["stepfunctions"], operated.stage.output("TaskLifecycleArn")
    run = {"ownerId": "ada", "taskId": "essay", "scheduleVersion": 1}
    states.start_execution(stateMachineArn=machine, name="essay-1_r2", input=json.dumps({"other": "input"}))
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:essay-1"
    operated.add_dead_letter({"execution": arn, "input": run, "error": "E", "cause": "C"})
    (outcome,) = operated.run_json("dlq", "redrive", "--all")["letters"]
    assert (outcome["outcome"], outcome["detail"]) == ("started", "the execution essay-1_r3")
    assert json.loads(states.describe_execution(executionArn=f"{arn}_r3")["input"]) == run
    assert not kept(operated)


class Movable:
    """A queue service that can, or cannot, move a queue by itself."""

    def __init__(self, code: str | None = None) -> None:
        self.moves: list[dict[str, str]] = []
        self._code = code

    def start(self, **move: str) -> None:
        if self._code:
            raise refusal(self._code, "StartMessageMoveTask")
        self.moves.append(move)


def later(operated: Operated, service: Movable, minutes: int = 6) -> StageRedriver:
    """Redrive everything some minutes after it was sent."""
    operated.clients["sqs"] = Changed(operated.clients["sqs"], start_message_move_task=service.start)
    redriver = StageRedriver(operated.stage, now=datetime.now(UTC) + timedelta(minutes=minutes))
    redriver.redrive_all()
    return redriver


def test_sqs_moves_many_messages_in_bulk_when_that_is_safe(operated: Operated) -> None:
    service = Movable()
    for number in range(50):
        operated.add_dead_letter(EVENT, f"group-{number}")
    assert later(operated, service).moving == 50
    assert [{name: arn.rpartition(":")[2] for name, arn in move.items()} for move in service.moves] == [
        {"SourceArn": "dead.fifo", "DestinationArn": "events.fifo"}
    ]
    assert len(kept(operated)) == 10


@pytest.mark.parametrize(("odd_one", "minutes", "count"), [({"nonsense": 1}, 6, 50), (EVENT, 4, 50), (EVENT, 6, 49)])
def test_sqs_moves_nothing_in_bulk_that_it_could_drop_or_that_must_be_kept(
    operated: Operated, odd_one: object, minutes: int, count: int
) -> None:
    service = Movable()
    for number in range(count - 1):
        operated.add_dead_letter(EVENT, f"group-{number}")
    operated.add_dead_letter(odd_one, "odd")
    assert len(later(operated, service, minutes).results) == count
    assert service.moves == []


def test_messages_are_resent_one_by_one_where_sqs_cannot_move_them(operated: Operated) -> None:
    for number in range(50):
        operated.add_dead_letter(EVENT, f"group-{number}")
    redriver = later(operated, Movable(code="InvalidAction"))
    assert (redriver.moving, {outcome["outcome"] for outcome in redriver.results}) == (0, {"sent"})
    assert not kept(operated)
