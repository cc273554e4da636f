"""Distinguishes AWS errors that pass, those that operators have to mend, and those of the request itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from taskbell.domain.exceptions import LimitExceededError, MisconfigurationError, UnavailableError

# Sources: Amazon DynamoDB Developer Guide, "Error handling with DynamoDB", the errors that are marked as retryable; and
# the API references of Step Functions and SQS.
_TRANSIENT_CODES = frozenset(
    {
        "ExecutionLimitExceeded",
        "KMSThrottlingException",
        "KmsThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)

# A role lacks a permission, a resource is missing, or credentials are invalid. Source: the API references of the
# services and of IAM, "Common errors".
_MISCONFIGURATION_CODES = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "KMSAccessDeniedException",
        "KmsAccessDeniedException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
        "SignatureDoesNotMatch",
        "StateMachineDeleting",
        "StateMachineDoesNotExist",
        "UnrecognizedClientException",
    }
)

# The items of one partition and their index entries are larger than 10 GB. Sources: the API reference of DynamoDB,
# PutItem and TransactWriteItems.
_PARTITION_FULL = "ItemCollectionSizeLimitExceeded"
_FULL_MESSAGE = "There is no room for more. Delete tasks that are not needed, and try again once they are gone."

_TRANSIENT_REASONS = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"})


@contextmanager
def translate_transient_errors() -> Iterator[None]:
    """Raise UnavailableError for connection errors, timeouts, throttling and server errors of AWS.

    Raises MisconfigurationError where operators have to mend something first, and LimitExceededError where an owner has
    stored too much; other errors pass.
    """
    try:
        yield
    except ParamValidationError:
        raise
    except BotoCoreError as error:
        raise UnavailableError from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = error.response["Error"]["Code"]
        if code in _MISCONFIGURATION_CODES:
            raise MisconfigurationError(f"{error.operation_name}: {code}") from error
        if code == f"{_PARTITION_FULL}Exception":
            raise LimitExceededError(_FULL_MESSAGE) from error
        if status >= 500 or code in _TRANSIENT_CODES:
            raise UnavailableError from error
        raise


def from_cancelled_transaction(error: ClientError) -> Exception:
    """Return what `translate_transient_errors` raises for such a cancellation; the error itself for any other."""
    reasons: Any = dict(error.response).get("CancellationReasons", ())
    codes = {reason.get("Code") for reason in reasons}
    if _PARTITION_FULL in codes:
        return LimitExceededError(_FULL_MESSAGE)
    return UnavailableError() if codes & _TRANSIENT_REASONS else error
