"""Authentication: the authorization type follows from the headers alone, as in AppSync, then the caller is verified."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appsync_local.auth.lambda_authorizer import LambdaAuthorizer
from appsync_local.auth.tokens import TokenVerifier, is_token
from appsync_local.protocols import IamCaller, SignatureError
from appsync_local.template.auth_providers import AuthorizationType, UserPool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appsync_local.auth.credentials import RequestCredentials
    from appsync_local.protocols import Functions, Iam, SigningKeys
    from appsync_local.template.definition import ApiDefinition

_CREDENTIALS = (b"authorization", b"x-api-key")
_BEARER = re.compile(r"^bearer\s+", re.IGNORECASE)


class UnauthorizedError(Exception):
    """You are not authorized to make this call."""

    def __init__(
        self, message: str | None = None, *, status: int = 401, error_type: str = "UnauthorizedException"
    ) -> None:
        self.message = message or str(self.__doc__)
        super().__init__(self.message)
        self.status = status
        self.error_type = error_type

    def entry(self) -> dict[str, Any]:
        """Return the error as an entry of `errors` in an HTTP body."""
        return {"errorType": self.error_type, "message": self.message}


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller.

    Attributes:
        type_: How it was authenticated.
        identity: `identity` in a resolver's event (None for an API key).
        groups: Of the user pool.
        iam: The signer, for AWS_IAM.
        denied: Fields (Type.field) that a Lambda authorizer denies.
        valid_until: When the key or the token expires, in seconds since 1970; None if it is not known to.
    """

    type_: AuthorizationType
    identity: Mapping[str, Any] | None = None
    groups: frozenset[str] = frozenset()
    iam: IamCaller | None = None
    denied: frozenset[str] = frozenset()
    valid_until: float | None = None

    @property
    def access_class(self) -> tuple[object, ...]:
        """A key that is equal for callers whom every field treats alike."""
        return (self.type_, self.groups, self.denied)


class Authenticator:
    """Authenticates callers with the API's keys, user pools, providers, authorizer and IAM."""

    def __init__(
        self,
        api: ApiDefinition,
        iam: Iam,
        keys: SigningKeys,
        functions: Functions,
        *,
        clock: Callable[[], float],
        timeout: float,
    ) -> None:
        self._api = api
        self._iam = iam
        self._clock = clock
        self._tokens = TokenVerifier(api.providers, keys, clock)
        self._takes_tokens = bool(api.providers.user_pools or api.providers.oidc)
        config = api.providers.authorizer
        self._authorizer = LambdaAuthorizer(api, config, functions, clock, timeout) if config else None

    def seconds_left(self, caller: Caller) -> float | None:
        """Return how long the caller's key or token is valid, 0 or less if it has expired; None if there is no end."""
        return None if caller.valid_until is None else caller.valid_until - self._clock()

    async def authenticate(self, credentials: RequestCredentials) -> Caller:
        """Authenticate a caller.

        Raises:
            UnauthorizedError: With AppSync's message.
        """
        names = [name for name, _ in {(name.lower(), value) for name, value in credentials.headers}]
        if any(names.count(name) > 1 for name in _CREDENTIALS):
            raise UnauthorizedError  # whoever stands before or behind could take the other one
        authorization = credentials.headers_by_name.get("authorization")
        signed = authorization is not None and authorization.startswith("AWS4-HMAC-SHA256")
        if signed and (AuthorizationType.IAM in self._api.authorization_types or self._authorizer is None):
            return await self._iam_caller(credentials)
        api_key = credentials.headers_by_name.get("x-api-key")
        if api_key:
            return self._api_key_caller(api_key)
        if not authorization:
            raise UnauthorizedError("Valid authorization header not provided.")
        token = _BEARER.sub("", authorization.strip())
        if self._authorizer and not (self._takes_tokens and is_token(token)):
            return await self._authorizer_caller(self._authorizer, authorization, credentials)
        return await self._token_caller(token, credentials.source_ip)

    def _require(self, type_: AuthorizationType) -> None:
        if type_ not in self._api.authorization_types:
            raise UnauthorizedError

    def _api_key_caller(self, value: str) -> Caller:
        self._require(AuthorizationType.API_KEY)
        for key in self._api.api_keys:
            if key.value == value and (key.expires is None or self._clock() < key.expires):
                return Caller(AuthorizationType.API_KEY, valid_until=key.expires)
        raise UnauthorizedError

    async def _authorizer_caller(
        self, authorizer: LambdaAuthorizer, token: str, credentials: RequestCredentials
    ) -> Caller:
        decision = await authorizer.decide(token, credentials)
        if decision is None:
            raise UnauthorizedError
        return Caller(AuthorizationType.LAMBDA, {"resolverContext": decision.context}, denied=decision.denied)

    async def _token_caller(self, token: str, source_ip: str) -> Caller:
        if not self._takes_tokens:
            raise UnauthorizedError
        try:
            verified = await self._tokens.verify(token)
        except ValueError as error:
            raise UnauthorizedError(str(error)) from error
        issuer, claims = verified.issuer, verified.claims
        if isinstance(issuer, UserPool):
            return _user_pool_caller(issuer, claims, source_ip, verified.valid_until)
        identity = {"claims": claims, "issuer": issuer.issuer, "sub": claims.get("sub")}
        return Caller(AuthorizationType.OIDC, identity, valid_until=verified.valid_until)

    async def _iam_caller(self, credentials: RequestCredentials) -> Caller:
        self._require(AuthorizationType.IAM)
        try:
            signer = await self._iam.authenticate(
                credentials.method, credentials.path, credentials.headers, credentials.body
            )
        except SignatureError as error:
            raise UnauthorizedError(error.message, status=403, error_type=error.code) from error
        identity = {
            "accountId": signer.account_id,
            "cognitoIdentityAuthProvider": None,
            "cognitoIdentityAuthType": None,
            "cognitoIdentityId": None,
            "cognitoIdentityPoolId": None,
            "sourceIp": [credentials.source_ip],
            "userArn": signer.arn,
            "username": signer.user_id,
        }
        return Caller(AuthorizationType.IAM, identity, iam=signer)


def _user_pool_caller(pool: UserPool, claims: Mapping[str, Any], source_ip: str, valid_until: float) -> Caller:
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
    names = frozenset(name for name in groups if isinstance(name, str)) if isinstance(groups, list) else frozenset()
    return Caller(AuthorizationType.COGNITO, identity, names, valid_until=valid_until)
