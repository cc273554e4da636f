"""Distinguishes transient AWS errors from permanent ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from taskbell.domain.exceptions import UnavailableError

# Source: Amazon DynamoDB Developer Guide, "Error handling with DynamoDB", the errors that are marked as retryable.
_TRANSIENT_CODES = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)

_TRANSIENT_REASONS = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"})


@contextmanager
def translate_transient_errors() -> Iterator[None]:
    """Raise UnavailableError for connection errors, timeouts, throttling and server errors of AWS."""
    try:
        yield
    except BotoCoreError as error:
        raise UnavailableError from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status >= 500 or error.response["Error"]["Code"] in _TRANSIENT_CODES:
            raise UnavailableError from error
        raise


def from_cancelled_transaction(error: ClientError) -> Exception:
    """Return UnavailableError if a reason of the cancellation is transient, else the error itself."""
    reasons: Any = dict(error.response).get("CancellationReasons", ())
    transient = any(reason.get("Code") in _TRANSIENT_REASONS for reason in reasons)
    return UnavailableError() if transient else error
