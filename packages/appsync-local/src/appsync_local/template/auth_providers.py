"""The API's authorization types, and the template's user pools, providers and authorizer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from appsync_local.errors import require
from appsync_local.template.references import function_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

    from appsync_local.template.properties import Properties


class AuthorizationType(StrEnum):
    """The authorization types, by AppSync's names."""

    API_KEY = "API_KEY"
    COGNITO = "AMAZON_COGNITO_USER_POOLS"
    IAM = "AWS_IAM"
    OIDC = "OPENID_CONNECT"
    LAMBDA = "AWS_LAMBDA"


CONFIGS = {
    AuthorizationType.COGNITO: "UserPoolConfig",
    AuthorizationType.OIDC: "OpenIDConnectConfig",
    AuthorizationType.LAMBDA: "LambdaAuthorizerConfig",
}
_REPEATABLE = {AuthorizationType.COGNITO, AuthorizationType.OIDC}


@dataclass(frozen=True, slots=True)
class UserPool:
    """A Cognito user pool whose tokens are accepted."""

    issuer: str
    client_pattern: re.Pattern[str] | None
    default_action: str = "ALLOW"


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """An OpenID Connect provider; a token is valid for so many seconds after `iat` and `auth_time` (0: no limit)."""

    issuer: str
    client_pattern: re.Pattern[str] | None = None
    seconds_after_issue: float = 0
    seconds_after_authentication: float = 0


@dataclass(frozen=True, slots=True)
class LambdaAuthorizerConfig:
    """A Lambda authorizer; its responses are cached for `ttl` seconds unless they say otherwise."""

    function: str
    ttl: float = 0
    token_pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class AuthProviders:
    """The authorization types of an API, the default one first, with their configurations."""

    types: tuple[AuthorizationType, ...]
    user_pools: tuple[UserPool, ...] = ()
    oidc: tuple[OidcProvider, ...] = ()
    authorizer: LambdaAuthorizerConfig | None = None


def read_auth_providers(api: Properties, region: str, resources: Mapping[str, Any]) -> AuthProviders:
    """Read the default and the additional types.

    Args:
        api: The properties of the GraphQLApi.
        region: That of user pools which name none.
        resources: The template's resources, for the authorizer's function.

    Raises:
        UnsupportedFeatureError: AppSync does not accept the configuration, or it is not emulated.
    """
    types: list[AuthorizationType] = []
    pools: list[UserPool] = []
    oidc: list[OidcProvider] = []
    authorizer = None
    for provider, type_ in _configured(api):
        require(type_ in _REPEATABLE or type_ not in types, f"{provider.owner}.AuthenticationType {type_} twice")
        types.append(type_)
        if type_ is AuthorizationType.COGNITO:
            pools.append(_user_pool(provider.within(CONFIGS[type_]), region, may_deny=provider is api))
        elif type_ is AuthorizationType.OIDC:
            oidc.append(_oidc_provider(provider.within(CONFIGS[type_])))
        elif type_ is AuthorizationType.LAMBDA:
            authorizer = _authorizer(provider.within(CONFIGS[type_]), resources)
    for providers in (pools, oidc):
        issuers = [provider.issuer for provider in providers]
        require(
            len(set(issuers)) == len(issuers), f"{api.owner}.AdditionalAuthenticationProviders with one issuer twice"
        )
    return AuthProviders(tuple(dict.fromkeys(types)), tuple(pools), tuple(oidc), authorizer)


def _configured(api: Properties) -> Iterator[tuple[Properties, AuthorizationType]]:
    for provider in (api, *api.each("AdditionalAuthenticationProviders")):
        type_ = AuthorizationType(provider.choice("AuthenticationType", [str(known) for known in AuthorizationType]))
        own = CONFIGS.get(type_)
        for config in CONFIGS.values():
            require(config == own or not provider.has(config), f"{provider.owner}.{config} beside {type_}")
        if provider is not api:
            provider.allow_only(supported={"AuthenticationType", *CONFIGS.values()})
        yield provider, type_


def _user_pool(config: Properties, region: str, *, may_deny: bool) -> UserPool:
    """Read a pool; only the default one has a DefaultAction (CloudFormation refuses it in the others)."""
    config.allow_only(
        supported={"UserPoolId", "AwsRegion", "AppIdClientRegex", *(["DefaultAction"] if may_deny else [])}
    )
    pool_region = config.text("AwsRegion") if config.has("AwsRegion") else region
    return UserPool(
        f"https://cognito-idp.{pool_region}.amazonaws.com/{config.text('UserPoolId')}",
        config.pattern("AppIdClientRegex"),
        config.choice("DefaultAction", ("ALLOW", "DENY"), "ALLOW"),
    )


def _oidc_provider(config: Properties) -> OidcProvider:
    config.allow_only(supported={"Issuer", "ClientId", "IatTTL", "AuthTTL"})
    return OidcProvider(
        config.text("Issuer"),
        config.pattern("ClientId"),
        config.number("IatTTL") / 1000,
        config.number("AuthTTL") / 1000,
    )


def _authorizer(config: Properties, resources: Mapping[str, Any]) -> LambdaAuthorizerConfig:
    config.allow_only(supported={"AuthorizerUri", "AuthorizerResultTtlInSeconds", "IdentityValidationExpression"})
    return LambdaAuthorizerConfig(
        function_of(f"{config.owner}.AuthorizerUri", config.values.get("AuthorizerUri"), resources),
        config.number("AuthorizerResultTtlInSeconds", 3600),
        config.pattern("IdentityValidationExpression"),
    )
