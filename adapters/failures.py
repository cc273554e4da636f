"""Tells failures of AWS that can pass from those that cannot."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from tasks.errors import Unavailable

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


@contextmanager
def passing_failures() -> Iterator[None]:
    """Raises Unavailable for what is worth another try: no connection, no answer, throttling, a fault of AWS."""
    try:
        yield
    except BotoCoreError as error:
        raise Unavailable from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status >= 500 or error.response["Error"]["Code"] in _PASSING:
            raise Unavailable from error
        raise
