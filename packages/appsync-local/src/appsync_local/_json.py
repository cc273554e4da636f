"""JSON for clients, whatever a function has answered."""

from __future__ import annotations

import json

import orjson


def to_json(value: object, *, sort_keys: bool = False) -> bytes:
    """Write JSON; raise TypeError or ValueError for what JSON does not have.

    What orjson does not write (numbers beyond 64 bits, single surrogates, more than 254 levels) the standard library
    does.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort_keys else None)
    except orjson.JSONEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False, sort_keys=sort_keys).encode()
