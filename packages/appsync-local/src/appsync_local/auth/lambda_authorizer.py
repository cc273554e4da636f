"""The authorization type AWS_LAMBDA: a function decides about a token, and its decision is cached."""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appsync_local.auth.credentials import RequestCredentials
    from appsync_local.protocols import Functions
    from appsync_local.template.auth_providers import LambdaAuthorizerConfig
    from appsync_local.template.definition import ApiDefinition

_log = logging.getLogger(__name__)
_MAX_CACHED = 1_000
_MAX_TOKEN_LENGTH = 2_048
_MAX_TTL = 3_600


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision of a Lambda authorizer: the resolver context, and the denied fields (Type.field)."""

    context: Mapping[str, Any]
    denied: frozenset[str]


class LambdaAuthorizer:
    """Invokes the authorizer function of an API; decisions are cached by token, for as long as API or response say."""

    def __init__(
        self,
        api: ApiDefinition,
        config: LambdaAuthorizerConfig,
        functions: Functions,
        clock: Callable[[], float],
        timeout: float,
    ) -> None:
        self._api = api
        self._config = config
        self._functions = functions
        self._clock = clock
        self._timeout = timeout
        self._cache: dict[str, tuple[float, Decision | None]] = {}

    async def decide(self, token: str, credentials: RequestCredentials) -> Decision | None:
        """Return the decision about a token; None when the function denies it, fails, or returns something else."""
        pattern = self._config.token_pattern
        if len(token) > _MAX_TOKEN_LENGTH or (pattern and not pattern.fullmatch(token)):
            return None
        until, decision = self._cache.get(token, (0.0, None))
        if self._clock() < until:
            return decision
        return await self._invoke(token, credentials)

    async def _invoke(self, token: str, credentials: RequestCredentials) -> Decision | None:
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._functions.invoke(self._config.function, self._event(token, credentials))
        except Exception:
            _log.warning("The authorizer %s failed", self._config.function, exc_info=True)
            return None
        if not isinstance(response, dict) or not isinstance(response.get("isAuthorized"), bool):
            _log.warning("The authorizer %s did not return isAuthorized", self._config.function)
            return None
        decision = self._read(response) if response["isAuthorized"] else None
        self._remember(token, response.get("ttlOverride"), decision)
        return decision

    def _event(self, token: str, credentials: RequestCredentials) -> dict[str, Any]:
        operation = _parse(credentials.operation)
        return {
            "authorizationToken": token,
            "requestContext": {
                "apiId": self._api.api_id,
                "accountId": self._api.account_id,
                "requestId": str(uuid.uuid4()),
                "queryString": operation.get("query"),
                "operationName": operation.get("operationName"),
                "variables": operation.get("variables") or {},
            },
            "requestHeaders": credentials.headers_by_name,
        }

    def _read(self, response: Mapping[str, Any]) -> Decision:
        context = response.get("resolverContext")
        named = [self._field_name(str(field)) for field in response.get("deniedFields") or ()]
        return Decision(context if isinstance(context, dict) else {}, frozenset(name for name in named if name))

    def _field_name(self, field: str) -> str | None:
        """Return a denied field as Type.field; None for the ARN of a field of another API."""
        if not field.startswith("arn:"):
            return field
        own, _, path = field.partition("/types/")
        here = self._api.field_arn("", "").partition("/types/")[0]
        return path.replace("/fields/", ".") if own == here else None

    def _remember(self, token: str, override: object, decision: Decision | None) -> None:
        given = isinstance(override, int | float) and not isinstance(override, bool)
        ttl = min(float(override), _MAX_TTL) if given else self._config.ttl  # type: ignore[arg-type]
        if ttl <= 0:
            self._cache.pop(token, None)
            return
        if len(self._cache) >= _MAX_CACHED:
            self._cache.pop(next(iter(self._cache)))
        self._cache[token] = (self._clock() + ttl, decision)


def _parse(body: bytes) -> Mapping[str, Any]:
    try:
        operation = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return operation if isinstance(operation, dict) else {}
