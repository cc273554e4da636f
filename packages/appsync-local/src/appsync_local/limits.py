"""AppSync's limits, in one place; tests make them small."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, counts and bytes after which the gateway stops waiting, accepting or keeping."""

    request_seconds: float = 30
    authoriser_seconds: float = 10
    connection_init_seconds: float = 10
    keep_alive_seconds: float = 60
    connection_timeout_ms: int = 300_000
    operations_per_connection: int = 100
    body_bytes: int = 1_000_000
    response_bytes: int = 5_000_000
    push_bytes: int = 240 * 1024
    connection_seconds: float = 24 * 3600
    waiting_characters: int = 4_000_000
