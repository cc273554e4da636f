"""Errors of the command, reported in one line each."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
)

from taskbell.application.ports import InvalidItemsError
from taskbell.domain.dead_letters import DeletionError
from taskbell.domain.exceptions import MisconfigurationError, UnavailableError

EXIT_FAILURE = 1

# The error codes of AWS services for missing permissions, and for invalid or expired credentials.
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"})
_BAD_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

_CAUSED = (UnavailableError, MisconfigurationError, DeletionError)


class CommandError(Exception):
    """The command cannot be executed; the message is for the operator."""


@contextmanager
def report_errors() -> Iterator[None]:
    """Write an error to stderr in one line and exit with status 1."""
    try:
        yield
    except (CommandError, InvalidItemsError, *_CAUSED, BotoCoreError, ClientError) as error:
        typer.echo(" ".join(_message(error).split()), err=True)
        raise typer.Exit(EXIT_FAILURE) from None


def _message(error: Exception) -> str:
    if isinstance(error, _CAUSED) and isinstance(error.__cause__, Exception):
        return _message(error.__cause__)
    match error:
        case NoCredentialsError() | PartialCredentialsError():
            return "No AWS credentials found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        case ProfileNotFound() | SSOError():
            return f"The AWS credentials cannot be used: {error}"
        case EndpointConnectionError() | HTTPClientError():
            return f"AWS does not answer: {error}"
        case ClientError():
            return _client_error_message(error)
    return str(error)


def _client_error_message(error: ClientError) -> str:
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code in _DENIED:
        return f"Access denied: these credentials may not call {error.operation_name}. {message}"
    if code in _BAD_CREDENTIALS:
        return f"AWS rejected these credentials ({code}). {message}"
    return f"AWS rejected {error.operation_name} ({code}). {message}"
