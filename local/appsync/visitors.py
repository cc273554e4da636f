"""Who may see what is only for this machine: local programs, and pages that the gateway itself served."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_OWN = {"same-origin", "none"}


def is_foreign(headers: Mapping[str, str], scheme: str) -> bool:
    """Tell whether a request comes from, or was lured by, a page of another origin (a rebound name included)."""
    host = headers.get("host", "")
    origin = headers.get("origin")
    try:
        loopback = urlsplit(f"//{host}").hostname in _LOOPBACK
    except ValueError:
        return True
    own_origin = origin is None or origin.lower() == f"{scheme}://{host}".lower()
    return not (loopback and own_origin and headers.get("sec-fetch-site", "none") in _OWN)
