"""Distinguishes AWS errors that pass, those that operators have to mend, and those of the request itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from taskbell.domain.exceptions import MisconfigurationError, UnavailableError

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

_TRANSIENT_REASONS = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"})


@contextmanager
def translate_transient_errors() -> Iterator[None]:
    """Raise UnavailableError for connection errors, timeouts, throttling and server errors of AWS.

    Raises MisconfigurationError where operators have to mend something first; other errors pass.
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
        if status >= 500 or code in _TRANSIENT_CODES:
            raise UnavailableError from error
        raise


def from_cancelled_transaction(error: ClientError) -> Exception:
    """Return UnavailableError if a reason of the cancellation is transient, else the error itself."""
    reasons: Any = dict(error.response).get("CancellationReasons", ())
    transient = any(reason.get("Code") in _TRANSIENT_REASONS for reason in reasons)
    return UnavailableError() if transient else error
