"""Pushes notifications that were sent or have changed, from the table's stream.

Of a record only the keys are used: what is pushed is read then, so that a batch that is delivered again takes no screen
back. While AppSync or the table does not answer, Lambda retries from the first record that was not pushed. What cannot
be pushed for its content is set aside with its cause, so that the records after it go on.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskbell import bootstrap
from taskbell.application.ports import NotificationName
from taskbell.domain.exceptions import MisconfigurationError, UnavailableError
from taskbell.domain.timestamps import parse_timestamp

logger = Logger()

MILLISECONDS_PER_PUSH = 10_000  # worst case: timeouts and retries
_OUTAGES = (UnavailableError, MisconfigurationError)


class NothingPushedError(Exception):
    """The first record of a batch was not pushed."""


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """Handle a batch for the Lambda function pushNotifications: return the sequence number to retry from.

    A redrive passes records with `redriven`. One that is still invalid is reported: it is a dead letter already.
    """
    pushed = set[NotificationName | str]()
    for number, record in enumerate(DynamoDBStreamEvent(event).records):
        has_time = number == 0 or context.get_remaining_time_in_millis() >= MILLISECONDS_PER_PUSH
        if not (has_time and _is_done(record, pushed, set_aside=not event.get("redriven"))):
            return _retry_from(record, is_first=number == 0)
    return {"batchItemFailures": []}


def _is_done(record: DynamoDBRecord, pushed: set[NotificationName | str], *, set_aside: bool) -> bool:
    """Push what a record tells of, unless the batch has done so, or set it aside; False if it is to be retried."""
    try:
        subject = _subject(record)
        if subject is not None and subject not in pushed:
            _push(subject)
            pushed.add(subject)
    except _OUTAGES:
        logger.exception("A notification was not pushed.", sequence_number=_sequence_number(record))
        return False
    except Exception as failure:
        logger.exception("A notification cannot be pushed.", sequence_number=_sequence_number(record))
        return set_aside and _is_set_aside(record, f"{type(failure).__name__}: {failure}")
    return True


def _subject(record: DynamoDBRecord) -> NotificationName | str | None:
    """Return the notification, or the owner whose settings say anew what is read; None if there is nothing to push."""
    keys: dict[str, Any] = record["dynamodb"]["Keys"]
    owner_id = str(keys["pk"]["S"]).partition("#")[2]
    if keys["sk"]["S"] == "PROFILE":
        return owner_id if _seen_until(record, "NewImage") != _seen_until(record, "OldImage") else None
    _, at, task_id = keys["sk"]["S"].split("#")
    return NotificationName(owner_id, task_id, parse_timestamp(at))


def _seen_until(record: DynamoDBRecord, image: str) -> str | None:
    attribute = record["dynamodb"].get(image, {}).get("seenUntil", {})
    return str(attribute["S"]) if "S" in attribute else None


def _push(subject: NotificationName | str) -> None:
    pusher = bootstrap.notification_pusher()
    if isinstance(subject, NotificationName):
        pusher.push(subject)
    else:
        pusher.push_seen(subject)


def _is_set_aside(record: DynamoDBRecord, cause: str) -> bool:
    """Set a record aside; False if that failed."""
    try:
        bootstrap.unforwarded_changes().set_aside(record.raw_event, cause)
    except Exception:
        logger.exception("A change could not be set aside.", sequence_number=_sequence_number(record))
        return False
    return True


def _retry_from(record: DynamoDBRecord, *, is_first: bool) -> dict[str, list[dict[str, str]]]:
    if is_first:
        raise NothingPushedError(f"The first record failed: {_sequence_number(record)}.")
    return {"batchItemFailures": [{"itemIdentifier": _sequence_number(record)}]}


def _sequence_number(record: DynamoDBRecord) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
