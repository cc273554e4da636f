"""Removes needless waits of ministack, and caches its parsed key conditions."""

import importlib
import socketserver
from functools import lru_cache
from typing import Any

from local.ministack_patches.key_conditions import KeyConditions


def disable_nagle() -> None:
    """The Runtime API writes a response in two parts; Nagle's algorithm would delay the second by 40 ms."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def poll_without_pause() -> None:
    """After an empty poll of the streams and queues ministack ignores wake-ups for 50 ms; 5 are enough."""
    lambda_service: Any = importlib.import_module("ministack.services.lambda_svc")
    lambda_service._ESM_IDLE_WAKE_GAP_SECONDS = 0.005  # noqa: SLF001


def cache_key_conditions() -> None:
    """ministack parses a query's conditions again for each item; a student's partition has thousands."""
    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    dynamodb._evaluate_condition = KeyConditions(dynamodb._evaluate_condition)  # noqa: SLF001
    for name in ("_tokenize", "_condition_syntax_error"):
        setattr(dynamodb, name, lru_cache(getattr(dynamodb, name)))
