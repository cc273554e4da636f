"""Throttling of an HTTP API: a token bucket for each route.

Source: API Gateway Developer Guide, "Throttle requests to your HTTP APIs for better throughput". A rejected request is
429 without `Retry-After`, which HTTP APIs cannot add: gateway responses are a feature of REST APIs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from local.http_api.definition import Throttle


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class Throttling:
    """The buckets of an API, by route key; `clock` tells seconds."""

    def __init__(self, throttle: Throttle | None, clock: Callable[[], float]) -> None:
        self._throttle = throttle
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def admits(self, route_key: str) -> bool:
        """Take a token for a request; False when there is none."""
        if self._throttle is None:
            return True
        now = self._clock()
        bucket = self._buckets.setdefault(route_key, _Bucket(self._throttle.burst, now))
        filled = bucket.tokens + (now - bucket.filled_at) * self._throttle.rate
        bucket.tokens, bucket.filled_at = min(filled, self._throttle.burst), now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True
