"""The queue of calendars to fetch: few at a time from each host, and none that waits for another host."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.application.scheduled_fetches import due_fetch_to_dict
from taskbell.domain.subscribed_calendar import DueFetch

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

FETCHES_PER_HOST = 4  # at once: a message group has one message in flight


@dataclass(frozen=True, slots=True)
class SqsFetchRequests:
    """Implements `FetchRequests`: a FIFO queue with some message groups for each host."""

    client: "SQSClient"
    url: str

    @translate_transient_errors()
    def send(self, due: Sequence[DueFetch]) -> int:
        """Ask for at most ten fetches. Returns how many were accepted."""
        entries = [_entry(each, number) for number, each in enumerate(due)]
        response = self.client.send_message_batch(QueueUrl=self.url, Entries=entries)
        return len(response.get("Successful", ()))


def _entry(due: DueFetch, number: int) -> "SendMessageBatchRequestEntryTypeDef":
    body = due_fetch_to_dict(due)
    lane = int(due.calendar_id[:8], 16) % FETCHES_PER_HOST
    return {
        "Id": str(number),
        "MessageBody": json.dumps(body),
        "MessageGroupId": f"{sha256(due.host.encode()).hexdigest()[:32]}-{lane}",
        "MessageDeduplicationId": f"{due.calendar_id}-{body['at']}",
    }
