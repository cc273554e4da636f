"""The API's authorization modes and whoever vouches for callers in each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from local.appsync.references import function_of, text
from local.appsync.settings import only, require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local.appsync.references import Resolve


class Mode(StrEnum):
    """The ways to show who is calling, by AppSync's names for them."""

    API_KEY = "API_KEY"
    COGNITO = "AMAZON_COGNITO_USER_POOLS"
    IAM = "AWS_IAM"
    OIDC = "OPENID_CONNECT"
    LAMBDA = "AWS_LAMBDA"


CONFIGS = {
    Mode.COGNITO: "UserPoolConfig",
    Mode.OIDC: "OpenIDConnectConfig",
    Mode.LAMBDA: "LambdaAuthorizerConfig",
}
_MAY_REPEAT = {Mode.COGNITO, Mode.OIDC}


@dataclass(frozen=True, slots=True)
class UserPool:
    """A Cognito user pool whose tokens are accepted."""

    issuer: str
    client_pattern: re.Pattern[str] | None
    default_action: str = "ALLOW"


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """An OpenID Connect provider; a token is good for so many seconds after `iat` and `auth_time` (0: no limit)."""

    issuer: str
    client_pattern: re.Pattern[str] | None = None
    seconds_after_issue: float = 0
    seconds_after_authentication: float = 0


@dataclass(frozen=True, slots=True)
class LambdaAuthorizer:
    """A function that is asked about tokens; its answers are kept for `ttl` seconds unless they say otherwise."""

    function: str
    ttl: float = 0
    token_pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Providers:
    """The modes of an API, the default one first, with their configurations."""

    modes: tuple[Mode, ...]
    user_pools: tuple[UserPool, ...] = ()
    oidc: tuple[OidcProvider, ...] = ()
    authorizer: LambdaAuthorizer | None = None


def read_providers(
    name: str, api: Mapping[str, Any], resolve: Resolve, region: str, resources: Mapping[str, Any]
) -> Providers:
    """Read the default and the additional modes; raise UnsupportedSetting for what AppSync or we do not accept."""
    modes: list[Mode] = []
    pools: list[UserPool] = []
    oidc: list[OidcProvider] = []
    authorizer = None
    for label, mode, config in _configured(name, api):
        require(mode in _MAY_REPEAT or mode not in modes, f"{label}.AuthenticationType {mode} twice")
        modes.append(mode)
        if mode is Mode.COGNITO:
            pools.append(_user_pool(label, config, resolve, region))
        elif mode is Mode.OIDC:
            oidc.append(_oidc_provider(label, config, resolve))
        elif mode is Mode.LAMBDA:
            authorizer = _authorizer(label, config, resources)
    return Providers(tuple(dict.fromkeys(modes)), tuple(pools), tuple(oidc), authorizer)


def _configured(name: str, api: Mapping[str, Any]) -> Iterator[tuple[str, Mode, Mapping[str, Any]]]:
    additional = api.get("AdditionalAuthenticationProviders", [])
    labelled = [(name, api), *((f"{name}.AdditionalAuthenticationProviders", one) for one in additional)]
    for label, provider in labelled:
        kind = provider["AuthenticationType"]
        require(kind in set(Mode), f"{label}.AuthenticationType {kind}")
        mode = Mode(kind)
        own = CONFIGS.get(mode)
        for config in CONFIGS.values():
            require(config == own or config not in provider, f"{label}.{config} beside {kind}")
        if provider is not api:
            only(label, provider, played={"AuthenticationType", *CONFIGS.values()})
        require(own is None or own in provider, f"{label} without {own}")
        yield label, mode, provider[own] if own else {}


def _user_pool(label: str, config: Mapping[str, Any], resolve: Resolve, region: str) -> UserPool:
    only(label, config, played={"UserPoolId", "AwsRegion", "AppIdClientRegex", "DefaultAction"})
    pool_region = text(config.get("AwsRegion", region), resolve)
    pattern = text(config["AppIdClientRegex"], resolve) if config.get("AppIdClientRegex") else None
    return UserPool(
        f"https://cognito-idp.{pool_region}.amazonaws.com/{text(config['UserPoolId'], resolve)}",
        re.compile(pattern) if pattern else None,
        config.get("DefaultAction", "ALLOW"),
    )


def _oidc_provider(label: str, config: Mapping[str, Any], resolve: Resolve) -> OidcProvider:
    only(label, config, played={"Issuer", "ClientId", "IatTTL", "AuthTTL"})
    client = text(config["ClientId"], resolve) if config.get("ClientId") else None
    return OidcProvider(
        text(config["Issuer"], resolve),
        re.compile(client) if client else None,
        float(config.get("IatTTL") or 0) / 1000,
        float(config.get("AuthTTL") or 0) / 1000,
    )


def _authorizer(label: str, config: Mapping[str, Any], resources: Mapping[str, Any]) -> LambdaAuthorizer:
    only(label, config, played={"AuthorizerUri", "AuthorizerResultTtlInSeconds", "IdentityValidationExpression"})
    ttl = float(config.get("AuthorizerResultTtlInSeconds") or 0)
    require(0 <= ttl <= 3600, f"{label}.AuthorizerResultTtlInSeconds {ttl:g} (0 to 3600 is)")
    pattern = config.get("IdentityValidationExpression")
    return LambdaAuthorizer(
        function_of(f"{label}.AuthorizerUri", config.get("AuthorizerUri"), resources),
        ttl,
        re.compile(pattern) if pattern else None,
    )
