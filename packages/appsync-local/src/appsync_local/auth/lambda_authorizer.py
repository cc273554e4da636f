"""The AWS_LAMBDA mode: a function decides about a token, and its decision is kept for a while."""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appsync_local.auth.credentials import Presented
    from appsync_local.protocols import Functions
    from appsync_local.template.auth_providers import LambdaAuthorizerConfig
    from appsync_local.template.definition import ApiDefinition

_log = logging.getLogger(__name__)
_KEPT = 1_000
_LONGEST_TOKEN = 2_048
_LONGEST_TTL = 3_600


@dataclass(frozen=True, slots=True)
class Decision:
    """What an authoriser has decided: the caller's context, and the fields (Type.field) that it may not have."""

    context: Mapping[str, Any]
    denied: frozenset[str]


class Authoriser:
    """Asks the function of an API; answers are kept by token, as long as the API or the answer says."""

    def __init__(
        self,
        api: ApiDefinition,
        config: LambdaAuthorizerConfig,
        functions: Functions,
        clock: Callable[[], float],
        patience: float,
    ) -> None:
        self._api = api
        self._config = config
        self._functions = functions
        self._clock = clock
        self._patience = patience
        self._kept: dict[str, tuple[float, Decision | None]] = {}

    async def decide(self, token: str, presented: Presented) -> Decision | None:
        """Answer what the function decides about the token; None when it refuses, fails or answers nonsense."""
        pattern = self._config.token_pattern
        if len(token) > _LONGEST_TOKEN or (pattern and not pattern.fullmatch(token)):
            return None
        until, decision = self._kept.get(token, (0.0, None))
        if self._clock() < until:
            return decision
        return await self._ask(token, presented)

    async def _ask(self, token: str, presented: Presented) -> Decision | None:
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._functions.invoke(self._config.function, self._event(token, presented))
        except Exception:
            _log.warning("The authoriser %s failed", self._config.function, exc_info=True)
            return None
        if not isinstance(answer, dict) or not isinstance(answer.get("isAuthorized"), bool):
            _log.warning("The authoriser %s did not answer isAuthorized", self._config.function)
            return None
        decision = self._read(answer) if answer["isAuthorized"] else None
        self._keep(token, answer.get("ttlOverride"), decision)
        return decision

    def _event(self, token: str, presented: Presented) -> dict[str, Any]:
        asked = _asked(presented.asked)
        return {
            "authorizationToken": token,
            "requestContext": {
                "apiId": self._api.api_id,
                "accountId": self._api.account_id,
                "requestId": str(uuid.uuid4()),
                "queryString": asked.get("query"),
                "operationName": asked.get("operationName"),
                "variables": asked.get("variables") or {},
            },
            "requestHeaders": presented.named,
        }

    def _read(self, answer: Mapping[str, Any]) -> Decision:
        context = answer.get("resolverContext")
        named = [self._short(str(field)) for field in answer.get("deniedFields") or ()]
        return Decision(context if isinstance(context, dict) else {}, frozenset(name for name in named if name))

    def _short(self, field: str) -> str | None:
        """Name a field as Type.field; None for the ARN of a field of another API."""
        if not field.startswith("arn:"):
            return field
        own, _, path = field.partition("/types/")
        here = self._api.field_arn("", "").partition("/types/")[0]
        return path.replace("/fields/", ".") if own == here else None

    def _keep(self, token: str, override: object, decision: Decision | None) -> None:
        given = isinstance(override, int | float) and not isinstance(override, bool)
        ttl = min(float(override), _LONGEST_TTL) if given else self._config.ttl  # type: ignore[arg-type]
        if ttl <= 0:
            self._kept.pop(token, None)
            return
        if len(self._kept) >= _KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[token] = (self._clock() + ttl, decision)


def _asked(body: bytes) -> Mapping[str, Any]:
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return asked if isinstance(asked, dict) else {}
