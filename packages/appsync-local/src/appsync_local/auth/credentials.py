"""What a caller shows, before anything of it is proved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from appsync_local.headers import named_headers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Presented:
    """What a caller shows: the request as it was (or, over WebSocket, would have been) signed.

    `path` has the query string, as it came. `query_fields` is the operation as JSON when it came in a query string
    instead of the body. `named` are the headers by their names in lower case.
    """

    method: str
    path: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    source_ip: str
    query_fields: bytes | None = None
    named: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "named", named_headers(self.headers))

    @property
    def asked(self) -> bytes:
        """Answer the operation as JSON text, for an authoriser."""
        return self.body if self.query_fields is None else self.query_fields
