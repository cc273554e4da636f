"""Waits of ministack that nothing needs, and key conditions that it parses again for each item."""

import importlib
import socketserver
from functools import lru_cache
from typing import Any

from local.ministack_patches.key_conditions import KeyConditions


def disable_nagle() -> None:
    """Lambda's Runtime API writes an answer in two parts; Nagle's algorithm would hold the second back for 40 ms."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def poll_without_pause() -> None:
    """Behind a look at the streams and queues that found nothing, ministack is deaf for 50 ms; 5 are enough."""
    lambda_service: Any = importlib.import_module("ministack.services.lambda_svc")
    lambda_service._ESM_IDLE_WAKE_GAP_SECONDS = 0.005  # noqa: SLF001


def cache_key_conditions() -> None:
    """ministack parses a query's conditions again for each item; a student's partition has thousands."""
    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    dynamodb._evaluate_condition = KeyConditions(dynamodb._evaluate_condition)  # noqa: SLF001
    for name in ("_tokenize", "_condition_syntax_error"):
        setattr(dynamodb, name, lru_cache(getattr(dynamodb, name)))
