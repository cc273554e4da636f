"""What a resolver's code asks the host for: ids, encodings, formatted times, the log."""

from __future__ import annotations

import base64
import logging
import random
import secrets
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, unquote_plus

from appsync_local.javascript.java_time import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger("appsync_local.resolver_code")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_KSUID_EPOCH = 1_400_000_000
_LEVELS = {"info": logging.INFO, "error": logging.ERROR}
_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "'": "\\'", "/": "\\/", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def answer(name: str, arguments: list[Any]) -> dict[str, Any]:
    """Return `{"value": ...}`, or `{"error": message}` for arguments that the function refuses."""
    try:
        return {"value": _FUNCTIONS[name](*arguments)}
    except (TypeError, ValueError, OverflowError, LookupError) as error:
        return {"error": str(error)}


def write_log(level: str, message: str) -> None:
    """Log what the code wrote to its console: `info` for console.log, `error` for console.error."""
    _log.log(_LEVELS[level], "%s", message)


def _auto_ulid() -> str:
    return _digits(time.time_ns() // 1_000_000 << 80 | secrets.randbits(80), _CROCKFORD, 26)


def _auto_ksuid() -> str:
    return _digits(int(time.time()) - _KSUID_EPOCH << 128 | secrets.randbits(128), _BASE62, 27)


def _digits(number: int, alphabet: str, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(alphabet))
        digits.append(alphabet[digit])
    return "".join(reversed(digits))


def _parse_iso8601(text: str) -> int:
    parsed = datetime.fromisoformat(text)
    return round((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "autoId": lambda: str(uuid.uuid4()),
    "autoUlid": _auto_ulid,
    "autoKsuid": _auto_ksuid,
    "base64Encode": lambda text: base64.b64encode(text.encode()).decode(),
    "base64Decode": lambda text: base64.b64decode(text, validate=True).decode(),
    "urlEncode": quote_plus,
    "urlDecode": unquote_plus,
    "escapeJavaScript": lambda text: text.translate(_ESCAPES),
    "formatTime": format_time,
    "parseTime": parse_time,
    "parseISO8601": _parse_iso8601,
    "randomDouble": random.random,
    "randomWithinRange": random.randint,
}
