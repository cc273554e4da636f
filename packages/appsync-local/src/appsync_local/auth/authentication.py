"""Who is calling: the mode is decided from the headers alone, as AppSync does, then proved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appsync_local.auth.jwt import TokenVerifier, is_token
from appsync_local.auth.lambda_authorizer import Authoriser
from appsync_local.protocols import IamCaller, SignatureError
from appsync_local.template.auth_providers import AuthorizationType, OidcProvider, UserPool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appsync_local.auth.credentials import Presented
    from appsync_local.protocols import Functions, Iam, SigningKeys
    from appsync_local.template.definition import ApiDefinition

_BEARER = re.compile(r"^bearer\s+", re.IGNORECASE)


class Unauthorized(Exception):
    """You are not authorized to make this call."""

    def __init__(
        self, message: str | None = None, *, status: int = 401, error_type: str = "UnauthorizedException"
    ) -> None:
        self.message = message or str(self.__doc__)
        super().__init__(self.message)
        self.status = status
        self.error_type = error_type

    def entry(self) -> dict[str, Any]:
        """Answer the error as it stands in an HTTP body."""
        return {"errorType": self.error_type, "message": self.message}


@dataclass(frozen=True, slots=True)
class Caller:
    """A proved caller; `identity` is what a resolver sees of it (None for an API key)."""

    mode: AuthorizationType
    identity: Mapping[str, Any] | None = None
    groups: frozenset[str] = frozenset()
    iam: IamCaller | None = None
    denied: frozenset[str] = frozenset()

    @property
    def access_class(self) -> tuple[object, ...]:
        """Answer a key that is equal for callers whom every field admits or refuses alike."""
        return (self.mode, self.groups, self.denied)


class Authenticator:
    """Proves callers against the API's keys, user pools, providers, authoriser and IAM."""

    def __init__(
        self,
        api: ApiDefinition,
        iam: Iam,
        keys: SigningKeys,
        functions: Functions,
        *,
        clock: Callable[[], float],
        patience: float,
    ) -> None:
        self._api = api
        self._iam = iam
        self._clock = clock
        self._tokens = TokenVerifier(api.providers, keys, clock)
        self._takes_tokens = bool(api.providers.user_pools or api.providers.oidc)
        config = api.providers.authorizer
        self._authoriser = Authoriser(api, config, functions, clock, patience) if config else None

    async def caller(self, presented: Presented) -> Caller:
        """Tell who calls; raise Unauthorized with what AppSync answers."""
        authorization = presented.named.get("authorization")
        signed = authorization is not None and authorization.startswith("AWS4-HMAC-SHA256")
        if signed and (AuthorizationType.IAM in self._api.authorization_types or self._authoriser is None):
            return await self._signer(presented)
        api_key = presented.named.get("x-api-key")
        if api_key:
            return self._key_bearer(api_key)
        if not authorization:
            raise Unauthorized("Valid authorization header not provided.")
        token = _BEARER.sub("", authorization.strip())
        if self._authoriser and not (self._takes_tokens and is_token(token)):
            return await self._authorised(self._authoriser, authorization, presented)
        return await self._token_bearer(token, presented.source_ip)

    def _require(self, mode: AuthorizationType) -> None:
        if mode not in self._api.authorization_types:
            raise Unauthorized

    def _key_bearer(self, value: str) -> Caller:
        self._require(AuthorizationType.API_KEY)
        for key in self._api.api_keys:
            if key.value == value and (key.expires is None or self._clock() < key.expires):
                return Caller(AuthorizationType.API_KEY)
        raise Unauthorized

    async def _authorised(self, authoriser: Authoriser, token: str, presented: Presented) -> Caller:
        decision = await authoriser.decide(token, presented)
        if decision is None:
            raise Unauthorized
        return Caller(AuthorizationType.LAMBDA, {"resolverContext": decision.context}, denied=decision.denied)

    async def _token_bearer(self, token: str, source_ip: str) -> Caller:
        if not self._takes_tokens:
            raise Unauthorized
        try:
            issuer, claims = await self._tokens.claims(token)
        except ValueError as problem:
            raise Unauthorized(str(problem)) from problem
        if isinstance(issuer, OidcProvider):
            return Caller(AuthorizationType.OIDC, {"claims": claims, "issuer": issuer.issuer, "sub": claims.get("sub")})
        return _pool_user(issuer, claims, source_ip)

    async def _signer(self, presented: Presented) -> Caller:
        self._require(AuthorizationType.IAM)
        try:
            signer = await self._iam.authenticate(presented.method, presented.path, presented.headers, presented.body)
        except SignatureError as problem:
            raise Unauthorized(problem.message, status=403, error_type=problem.code) from problem
        identity = {
            "accountId": signer.account_id,
            "cognitoIdentityAuthProvider": None,
            "cognitoIdentityAuthType": None,
            "cognitoIdentityId": None,
            "cognitoIdentityPoolId": None,
            "sourceIp": [presented.source_ip],
            "userArn": signer.arn,
            "username": signer.user_id,
        }
        return Caller(AuthorizationType.IAM, identity, iam=signer)


def _pool_user(pool: UserPool, claims: Mapping[str, Any], source_ip: str) -> Caller:
    groups = claims.get("cognito:groups")
    identity = {
        "claims": claims,
        "defaultAuthStrategy": pool.default_action,
        "groups": groups,
        "issuer": pool.issuer,
        "sourceIp": [source_ip],
        "sub": claims.get("sub"),
        "username": claims.get("cognito:username") or claims.get("username"),
    }
    return Caller(AuthorizationType.COGNITO, identity, frozenset(groups or ()))
