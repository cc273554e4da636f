"""Transient errors of AWS are distinguished from permanent ones."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ParamValidationError
from botocore.stub import Stubber

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.event_store import DynamoDBEventStore
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.domain.events import event_between
from taskbell.domain.exceptions import LimitExceededError, MisconfigurationError, UnavailableError
from taskbell.domain.task import with_next_version
from tests.support.examples import LATER, clock, example_task

TASK = example_task(due_at=LATER)
LONGEST_WAITS = [0.05, 0.1, 0.2, 0.4, 0.8, 0.8, 0.8]


@pytest.fixture
def client() -> Any:
    return boto3.client(
        "dynamodb", region_name="eu-central-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


@pytest.fixture
def stubber(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber


@pytest.fixture
def store(client: Any) -> DynamoDBTaskRepository:
    return DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)


def cancel(stubber: Stubber, *codes: str) -> None:
    reasons = [{"Code": code} for code in codes]
    stubber.add_client_error(
        "transact_write_items", "TransactionCanceledException", modeled_fields={"CancellationReasons": reasons}
    )


def test_a_change_that_meets_another_is_decided_again(stubber: Stubber, store: DynamoDBTaskRepository) -> None:
    stubber.add_client_error("put_item", "TransactionConflictException")
    assert not store.replace(TASK, with_next_version(TASK, LATER))


@pytest.mark.parametrize("code", ["ThrottlingError", "TransactionConflict"])
def test_counting_that_meets_another_can_be_tried_again(stubber: Stubber, client: Any, code: str) -> None:
    waits: list[float] = []
    history = DynamoDBEventStore(client, "tasks", CursorCodec(lambda: "secret"), clock, waits.append)
    for _ in range(7):
        cancel(stubber, "None", code)
    stubber.add_response("transact_write_items", {})
    history.append(event_between(None, TASK))
    assert len(waits) == len(set(waits)) == 7
    assert all(0 <= wait <= longest for wait, longest in zip(waits, LONGEST_WAITS, strict=True))


def test_counting_that_always_meets_another_is_left_to_the_queue(stubber: Stubber, client: Any) -> None:
    waits: list[float] = []
    history = DynamoDBEventStore(client, "tasks", CursorCodec(lambda: "secret"), clock, waits.append)
    for _ in range(8):
        cancel(stubber, "None", "TransactionConflict")
    with pytest.raises(UnavailableError):
        history.append(event_between(None, TASK))
    stubber.assert_no_pending_responses()


def test_what_was_counted_already_is_not_waited_for(stubber: Stubber, client: Any) -> None:
    cancel(stubber, "ConditionalCheckFailed", "None")
    stubber.add_response("update_item", {})  # its place in the log
    waits: list[float] = []
    DynamoDBEventStore(client, "tasks", CursorCodec(lambda: "secret"), clock, waits.append).append(
        event_between(None, TASK)
    )
    assert waits == []


@pytest.mark.parametrize("code", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_throttling_can_be_tried_again(stubber: Stubber, store: DynamoDBTaskRepository, code: str) -> None:
    stubber.add_client_error("get_item", code, http_status_code=400)
    with pytest.raises(UnavailableError):
        store.get("ada", "essay")


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_error_can_be_tried_again(stubber: Stubber, store: DynamoDBTaskRepository, status: int) -> None:
    stubber.add_client_error("get_item", "InternalServerError", http_status_code=status)
    with pytest.raises(UnavailableError):
        store.get("ada", "essay")


def test_a_conflict_that_outlives_the_calls_own_retries_can_be_tried_again(
    stubber: Stubber, store: DynamoDBTaskRepository
) -> None:
    stubber.add_client_error("get_item", "TransactionConflictException", http_status_code=400)
    with pytest.raises(UnavailableError):
        store.get("ada", "essay")


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "UnrecognizedClientException"])
def test_what_operators_have_to_mend_is_named(stubber: Stubber, store: DynamoDBTaskRepository, code: str) -> None:
    stubber.add_client_error("get_item", code, http_status_code=400)
    with pytest.raises(MisconfigurationError, match=f"GetItem: {code}"):
        store.get("ada", "essay")


def test_an_owner_who_has_stored_too_much_reaches_a_limit(stubber: Stubber, store: DynamoDBTaskRepository) -> None:
    stubber.add_client_error("put_item", "ItemCollectionSizeLimitExceededException", http_status_code=400)
    with pytest.raises(LimitExceededError):
        store.add(TASK)


def test_a_log_that_is_full_reaches_a_limit(stubber: Stubber, client: Any) -> None:
    cancel(stubber, "ItemCollectionSizeLimitExceeded", "None")
    with pytest.raises(LimitExceededError):
        DynamoDBEventStore(client, "tasks", CursorCodec(lambda: "secret"), clock).append(event_between(None, TASK))


def test_an_invalid_request_is_not_tried_again(stubber: Stubber, client: Any, store: DynamoDBTaskRepository) -> None:
    stubber.add_client_error("get_item", "ValidationException", http_status_code=400)
    with pytest.raises(client.exceptions.ClientError):
        store.get("ada", "essay")


def test_a_request_that_the_sdk_refuses_is_not_tried_again(store: DynamoDBTaskRepository) -> None:
    with pytest.raises(ParamValidationError), translate_transient_errors():
        store.client.get_item(TableName="tasks", Key=1)  # type: ignore[arg-type]
