"""What can go wrong between an operator and a stage, each in one line that says what to do."""

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

from taskbell.domain.dead_letters import NotRemoved
from taskbell.domain.exceptions import UnavailableError

REFUSED = 1

# What AWS services call a refusal, and credentials that are not, or no longer, good.
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


class Refused(Exception):
    """What was asked for is not there or cannot be done; the message is for the operator."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Say in one line on stderr what went wrong, and leave with status 1."""
    try:
        yield
    except (Refused, NotRemoved, UnavailableError, BotoCoreError, ClientError) as trouble:
        typer.echo(" ".join(_words(trouble).split()), err=True)
        raise typer.Exit(REFUSED) from None


def _words(trouble: Exception) -> str:
    match trouble:
        case UnavailableError(__cause__=Exception() as cause) | NotRemoved(__cause__=Exception() as cause):
            return _words(cause)
        case NoCredentialsError() | PartialCredentialsError():
            return "There are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        case ProfileNotFound() | SSOError():
            return f"The AWS credentials cannot be used: {trouble}"
        case EndpointConnectionError() | HTTPClientError():
            return f"AWS does not answer: {trouble}"
        case ClientError():
            return _answer(trouble)
    return str(trouble)


def _answer(error: ClientError) -> str:
    code, said = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code in _DENIED:
        return f"Access denied: these credentials may not call {error.operation_name}. {said}"
    if code in _BAD_CREDENTIALS:
        return f"AWS does not accept these credentials ({code}). {said}"
    return f"AWS refused {error.operation_name} ({code}). {said}"
