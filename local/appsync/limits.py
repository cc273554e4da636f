"""AppSync's limits, in one place; tests make them small."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, counts and bytes after which the gateway stops waiting, accepting or keeping."""

    request_seconds: float = 30
    connection_init_seconds: float = 10
    keep_alive_seconds: float = 60
    connection_timeout_ms: int = 300_000
    operations_per_connection: int = 100
    body_bytes: int = 1_000_000
    waiting_characters: int = 4_000_000
