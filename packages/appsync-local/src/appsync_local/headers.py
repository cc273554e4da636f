"""HTTP headers as ASGI has them, and as a resolver's event has them."""

from __future__ import annotations

from collections.abc import Iterable

Headers = Iterable[tuple[bytes, bytes]]


def named_headers(headers: Headers) -> dict[str, str]:
    """Return the headers as a resolver's event has them: by their names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
