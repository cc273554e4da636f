"""What goes wrong: features that are not supported, requests and fields that are refused."""

from __future__ import annotations

from typing import Any


class UnsupportedSetting(Exception):
    """The template or the schema asks for something that the local gateway does not play."""

    def __init__(self, setting: str) -> None:
        super().__init__(f"The local AppSync does not support {setting}.")
        self.setting = setting


def require(supported: bool, setting: str) -> None:
    """Refuse the setting unless it is supported."""
    if not supported:
        raise UnsupportedSetting(setting)


class RequestRefused(Exception):
    """The request as a whole cannot be answered: an HTTP status and AppSync's name for the error."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message

    def entry(self) -> dict[str, Any]:
        """Answer the error as it stands in an HTTP body."""
        return {"errorType": self.error_type, "message": self.message}


class FieldRefused(Exception):
    """A field that is answered with null and a typed error, which may carry data of its own."""

    def __init__(self, error_type: str, message: str, data: object = None) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.data = data
