"""Reads the fields of JSON documents. What has another type is an error here, and not wherever it is used later."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any


def strictly[**P, R](read: Callable[P, R]) -> Callable[P, R]:
    """Let a function that reads a document raise KeyError for a field that is missing, and else ValueError alone."""
    return read


def text(document: Mapping[str, Any], name: str) -> str:
    """Return a text; raise ValueError for anything else, and for half of a surrogate pair, which cannot be stored."""
    value = document[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text.")  # noqa: TRY004
    value.encode()
    return value
