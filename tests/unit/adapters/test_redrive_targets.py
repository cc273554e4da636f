"""Events that are sent again."""

from typing import Any

import pytest

from taskbell.adapters.redrive_targets import AwsRedriveTargets
from taskbell.domain.dead_letters import DeadLetter


class _Sqs:
    """An SQS client that records what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_message(self, **message: Any) -> None:
        self.sent.append(message)


@pytest.mark.parametrize(
    ("attributes", "cause"), [({}, "unknown"), ({"cause": "KeyError: 'title'"}, "KeyError: 'title'")]
)
def test_an_event_that_is_sent_again_has_a_cause_by_which_its_handler_knows_that_it_is_late(
    attributes: dict[str, str], cause: str
) -> None:
    sqs = _Sqs()
    dead_letter = DeadLetter("a", "TaskEventsDeadLetters", "{}", group_id="ada/essay", message_attributes=attributes)
    AwsRedriveTargets(lambda _: sqs, "url", "arn", str).resend_event(dead_letter, "again")
    (sent,) = sqs.sent
    assert sent["MessageAttributes"] == {"cause": {"DataType": "String", "StringValue": cause}}
