"""The API's authorization modes and whoever vouches for callers in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from appsync_local.errors import require
from appsync_local.template.references import function_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

    from appsync_local.template.properties import Settings


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


def read_providers(api: Settings, region: str, resources: Mapping[str, Any]) -> Providers:
    """Read the default and the additional modes; raise UnsupportedSetting for what AppSync or we do not accept."""
    modes: list[Mode] = []
    pools: list[UserPool] = []
    oidc: list[OidcProvider] = []
    authorizer = None
    for provider, mode in _configured(api):
        require(mode in _MAY_REPEAT or mode not in modes, f"{provider.owner}.AuthenticationType {mode} twice")
        modes.append(mode)
        if mode is Mode.COGNITO:
            pools.append(_user_pool(provider.within(CONFIGS[mode]), region, may_deny=provider is api))
        elif mode is Mode.OIDC:
            oidc.append(_oidc_provider(provider.within(CONFIGS[mode])))
        elif mode is Mode.LAMBDA:
            authorizer = _authorizer(provider.within(CONFIGS[mode]), resources)
    for named in (pools, oidc):
        issuers = [one.issuer for one in named]
        require(
            len(set(issuers)) == len(issuers), f"{api.owner}.AdditionalAuthenticationProviders with one issuer twice"
        )
    return Providers(tuple(dict.fromkeys(modes)), tuple(pools), tuple(oidc), authorizer)


def _configured(api: Settings) -> Iterator[tuple[Settings, Mode]]:
    for provider in (api, *api.each("AdditionalAuthenticationProviders")):
        mode = Mode(provider.choice("AuthenticationType", [str(mode) for mode in Mode]))
        own = CONFIGS.get(mode)
        for config in CONFIGS.values():
            require(config == own or not provider.has(config), f"{provider.owner}.{config} beside {mode}")
        if provider is not api:
            provider.only(played={"AuthenticationType", *CONFIGS.values()})
        yield provider, mode


def _user_pool(config: Settings, region: str, *, may_deny: bool) -> UserPool:
    """Read a pool; only the default one has a DefaultAction (CloudFormation refuses it in the others)."""
    config.only(played={"UserPoolId", "AwsRegion", "AppIdClientRegex", *(["DefaultAction"] if may_deny else [])})
    pool_region = config.text("AwsRegion") if config.has("AwsRegion") else region
    return UserPool(
        f"https://cognito-idp.{pool_region}.amazonaws.com/{config.text('UserPoolId')}",
        config.pattern("AppIdClientRegex"),
        config.choice("DefaultAction", ("ALLOW", "DENY"), "ALLOW"),
    )


def _oidc_provider(config: Settings) -> OidcProvider:
    config.only(played={"Issuer", "ClientId", "IatTTL", "AuthTTL"})
    return OidcProvider(
        config.text("Issuer"),
        config.pattern("ClientId"),
        config.number("IatTTL") / 1000,
        config.number("AuthTTL") / 1000,
    )


def _authorizer(config: Settings, resources: Mapping[str, Any]) -> LambdaAuthorizer:
    config.only(played={"AuthorizerUri", "AuthorizerResultTtlInSeconds", "IdentityValidationExpression"})
    return LambdaAuthorizer(
        function_of(f"{config.owner}.AuthorizerUri", config.values.get("AuthorizerUri"), resources),
        config.number("AuthorizerResultTtlInSeconds", 3600),
        config.pattern("IdentityValidationExpression"),
    )
