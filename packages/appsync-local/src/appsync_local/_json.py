"""JSON for clients, whatever a function has returned."""

from __future__ import annotations

import json

import orjson


def to_json(value: object, *, sort_keys: bool = False) -> bytes:
    """Encode a value as JSON.

    What orjson does not encode (numbers beyond 64 bits, single surrogates, more than 254 levels) the standard library
    does.

    Raises:
        TypeError: JSON has no such value.
        ValueError: A number is not finite.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort_keys else None)
    except orjson.JSONEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False, sort_keys=sort_keys).encode()
