"""Errors: unsupported features, rejected requests, failed fields."""

from __future__ import annotations

from typing import Any


class UnsupportedFeatureError(Exception):
    """The template or the schema uses a feature of AppSync that is not emulated; `feature` names it."""

    def __init__(self, feature: str) -> None:
        super().__init__(f"The local AppSync does not support {feature}.")
        self.feature = feature


def require(supported: bool, feature: str) -> None:
    """Raise UnsupportedFeatureError with the feature's name unless it is supported."""
    if not supported:
        raise UnsupportedFeatureError(feature)


class RequestError(Exception):
    """The request as a whole is rejected.

    Attributes:
        status: The HTTP status of the response.
        error_type: AppSync's name for the error, such as BadRequestException.
        message: What the client reads.
    """

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message

    def entry(self) -> dict[str, Any]:
        """Return the error as an entry of `errors` in an HTTP body."""
        return {"errorType": self.error_type, "message": self.message}


class FieldError(Exception):
    """A field is null, with an error of this type, which may carry data for the client and further information."""

    def __init__(
        self, error_type: str | None, message: str | None, data: object = None, error_info: object = None
    ) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.data = data
        self.error_info = error_info
