"""Tells failures of AWS that can pass from those that cannot."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from taskbell.domain.exceptions import UnavailableError

# Source: Amazon DynamoDB Developer Guide, "Error handling with DynamoDB", the errors that are marked as retryable.
_PASSING = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)

_PASSING_REASONS = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"})


@contextmanager
def passing_failures() -> Iterator[None]:
    """Raises Unavailable for what is worth another try: no connection, no answer, throttling, a fault of AWS."""
    try:
        yield
    except BotoCoreError as error:
        raise UnavailableError from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status >= 500 or error.response["Error"]["Code"] in _PASSING:
            raise UnavailableError from error
        raise


def cancelled(refusal: ClientError) -> Exception:
    """What a cancelled transaction comes to: Unavailable if a reason of it can pass, else the refusal itself."""
    reasons: Any = dict(refusal.response).get("CancellationReasons", ())
    passing = any(reason.get("Code") in _PASSING_REASONS for reason in reasons)
    return UnavailableError() if passing else refusal
