"""The credentials in a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from appsync_local.headers import named_headers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class RequestCredentials:
    """The request as it was (or, over WebSocket, would have been) signed.

    Attributes:
        method: The HTTP method.
        path: The path with its query string, as it came.
        headers: As ASGI has them.
        body: The body, which may be signed.
        source_ip: The client's address.
        query_fields: The operation as JSON, when it came in a query string instead of the body.
        headers_by_name: The headers by their names in lower case.
    """

    method: str
    path: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    source_ip: str
    query_fields: bytes | None = None
    headers_by_name: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers_by_name", named_headers(self.headers))

    @property
    def operation(self) -> bytes:
        """The operation as JSON text, for an authorizer."""
        return self.body if self.query_fields is None else self.query_fields
