"""Errors of AWS clients."""

from functools import cache
from typing import Any

from botocore.exceptions import ClientError


class ExceptionTypes:
    """The `exceptions` of every client: a type for each code."""

    def __getattr__(self, code: str) -> type[ClientError]:
        return ClientError if code == "ClientError" else exception_type(code)


EXCEPTIONS = ExceptionTypes()


@cache
def exception_type(code: str) -> type[ClientError]:
    """The type of the errors with that code."""
    return type(code, (ClientError,), {})


def client_error(code: str, operation: str, status: int = 400, **modeled: Any) -> ClientError:
    """An error as botocore raises it; `modeled` are the members beside code and message."""
    response: Any = {
        "Error": {"Code": code, "Message": f"{code} of {operation}"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **modeled,
    }
    return exception_type(code)(response, operation)
