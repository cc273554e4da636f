"""Converts changes in the table's stream to events on the queue, in order.

A change that is no valid task is set aside with its cause, so that the changes after it go on. Only the first record
that could not be sent is reported: Lambda retries from there, and the queue deduplicates what it accepted before, by
task and version. If the retries fail, Lambda bisects the batch and sends the record to the on-failure destination. A
batch that fails at its first record fails as a whole.
"""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskbell import bootstrap
from taskbell.application.ports import EventTooLargeError
from taskbell.application.serialization import task_from_dict
from taskbell.domain.events import TaskEvent, event_from_change
from taskbell.domain.task import Task

logger = Logger()


class NothingForwardedError(Exception):
    """No change of this batch reached the queue."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record of the stream, and what it became: an event, nothing, or a cause for setting it aside."""

    record: DynamoDBRecord
    event: TaskEvent | None = None
    cause: str | None = None

    @property
    def sequence_number(self) -> str:
        """Its place in the stream."""
        return str(self.record["dynamodb"]["SequenceNumber"])


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:  # noqa: ARG001
    """Handle a batch for the Lambda function forwardChanges: return the sequence number to retry from.

    A redrive passes records with `redriven`. One that is still invalid is reported: it is a dead letter already.
    """
    changes = [_read(record) for record in DynamoDBStreamEvent(event).records]
    failed = _send(changes, set_aside=not event.get("redriven"))
    if failed is None:
        return {"batchItemFailures": []}
    logger.error("A change was not forwarded.", sequence_number=failed.sequence_number)
    if failed.record is changes[0].record:
        raise NothingForwardedError(f"The first record failed: {failed.sequence_number}.")
    return {"batchItemFailures": [{"itemIdentifier": failed.sequence_number}]}


def _send(changes: list[Change], *, set_aside: bool) -> Change | None:
    """Send the events, and set aside the changes that have a cause; the first one for which that failed, or None."""
    with_event = [change for change in changes if change.event]
    try:
        unsent = bootstrap.event_queue().send([change.event for change in with_event if change.event])
    except EventTooLargeError as error:
        logger.error("A change is too large.", event_id=error.event.id)
        return _send([_without(change, error) for change in changes], set_aside=set_aside)
    first_unsent = with_event[-len(unsent)] if unsent else None
    for change in changes:
        if change is first_unsent or (change.cause and not (set_aside and _is_set_aside(change))):
            return change
    return None


def _without(change: Change, error: EventTooLargeError) -> Change:
    """Return the change; with a cause instead of its event if that is the one that is too large."""
    return Change(change.record, cause=f"EventTooLargeError: {error}") if change.event is error.event else change


def _is_set_aside(change: Change) -> bool:
    """Set a change aside; False if that failed."""
    try:
        bootstrap.unforwarded_changes().set_aside(change.record.raw_event, change.cause or "")
    except Exception:
        logger.exception("A change could not be set aside.", sequence_number=change.sequence_number)
        return False
    return True


def _read(record: DynamoDBRecord) -> Change:
    images = record.dynamodb
    try:
        after = task_from_dict(images.new_image) if images and images.new_image else None
        before = _before(images.old_image, after) if images and images.old_image else None
        if before is None and after is None:
            raise ValueError("The record holds no images.")
        for task in filter(None, (before, after)):
            _check_keys(task, record)
        return Change(record, event_from_change(before, after, bootstrap.now()))
    except Exception as failure:
        logger.exception("A change is invalid.", sequence_number=record["dynamodb"].get("SequenceNumber"))
        return Change(record, cause=f"{type(failure).__name__}: {failure}")


def _check_keys(task: Task, record: DynamoDBRecord) -> None:
    """Raise ValueError for an item that pretends to be another owner's task, or another task."""
    keys = record["dynamodb"].get("Keys", {})
    if keys and (_named(keys, "pk"), _named(keys, "sk")) != (task.owner_id, task.id):
        raise ValueError("The item's owner and id are not those of its keys.")


def _named(keys: Any, name: str) -> str:
    """Return what follows the prefix of a key."""
    return str(keys[name]["S"]).partition("#")[2]


def _before(image: dict[str, Any], after: Task | None) -> Task | None:
    """Return the task before the change; None if it was invalid and the change has mended it."""
    try:
        return task_from_dict(image)
    except (KeyError, ValueError):
        if after is None:
            raise
        return None
