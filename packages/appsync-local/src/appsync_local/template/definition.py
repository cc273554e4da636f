"""What the compiled template says about the API, read strictly: what is not played is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appsync_local.errors import require
from appsync_local.template.auth_providers import CONFIGS, Mode, Providers, read_providers
from appsync_local.template.properties import Settings
from appsync_local.template.resolvers import CallsFunction, Resolution, read_resolutions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appsync_local.template.properties import Resolve

_PLAYED = {"GraphQLApi", "ApiKey", "GraphQLSchema", "DataSource", "Resolver"}
_MOST_RESOLVERS = 10_000
_WITHOUT_EFFECT_HERE = {"DomainName", "DomainNameApiAssociation"}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that lets its bearer in until `expires` (seconds since 1970; None when the template leaves it open)."""

    value: str
    expires: float | None


@dataclass(frozen=True, slots=True)
class ApiDefinition:
    """One AppSync API: `resolvers` is keyed by type and field; a depth limit of 0 is none.

    `schema` is its text in the template, None when that has none (or says where it lies).
    """

    api_id: str
    region: str
    account_id: str
    providers: Providers
    api_keys: tuple[ApiKey, ...]
    resolvers: Mapping[tuple[str, str], Resolution]
    query_depth_limit: int = 0
    resolver_count_limit: int = _MOST_RESOLVERS
    introspection: bool = True
    schema: str | None = None

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Answer the authorization modes, the default one first."""
        return self.providers.modes

    @classmethod
    def from_template(
        cls, template: Mapping[str, Any], resolve: Resolve, *, api_id: str, region: str, account_id: str
    ) -> ApiDefinition:
        """Read the AppSync resources; `resolve` turns a Ref or Fn::GetAtt into its deployed value.

        Raises UnsupportedSetting with the setting's name for everything that the gateway does not play.
        """
        resources: Mapping[str, Any] = template.get("Resources", {})
        _refuse_unknown_kinds(resources)
        api = _api(resources, resolve)
        return cls(
            api_id,
            region,
            account_id,
            read_providers(api, region, resources),
            _api_keys(resources, resolve),
            read_resolutions(
                _of_kind(resources, "Resolver", resolve), _of_kind(resources, "DataSource", resolve), resources
            ),
            api.count("QueryDepthLimit", 75),
            api.count("ResolverCountLimit", _MOST_RESOLVERS) or _MOST_RESOLVERS,
            api.choice("IntrospectionConfig", ("ENABLED", "DISABLED"), "ENABLED") == "ENABLED",
            _schema(resources, resolve),
        )

    def field_arn(self, type_name: str, field: str) -> str:
        """Name a field as IAM policies do."""
        return f"arn:aws:appsync:{self.region}:{self.account_id}:apis/{self.api_id}/types/{type_name}/fields/{field}"

    @property
    def functions(self) -> frozenset[str]:
        """Answer the logical ids of the functions that are called."""
        called = {
            resolution.function for resolution in self.resolvers.values() if isinstance(resolution, CallsFunction)
        }
        authorizer = self.providers.authorizer
        return frozenset(called | ({authorizer.function} if authorizer else set()))


def _refuse_unknown_kinds(resources: Mapping[str, Any]) -> None:
    for name, resource in resources.items():
        require(isinstance(resource, dict), f"{name} {resource} (an object is)")
        kind = str(resource.get("Type", ""))
        if not kind.startswith("AWS::AppSync::"):
            continue
        short = kind.removeprefix("AWS::AppSync::")
        require(short in _PLAYED | _WITHOUT_EFFECT_HERE, f"{name}: {kind}")
        require("Condition" not in resource, f"{name}.Condition")
        properties = resource.get("Properties") or {}
        require(isinstance(properties, dict), f"{name}.Properties {properties} (an object is)")


def _of_kind(resources: Mapping[str, Any], kind: str, resolve: Resolve) -> list[Settings]:
    return [
        Settings(name, resource.get("Properties") or {}, resolve)
        for name, resource in resources.items()
        if resource.get("Type") == f"AWS::AppSync::{kind}"
    ]


def _api(resources: Mapping[str, Any], resolve: Resolve) -> Settings:
    apis = _of_kind(resources, "GraphQLApi", resolve)
    require(len(apis) == 1, f"{len(apis)} resources of type AWS::AppSync::GraphQLApi (exactly one is)")
    apis[0].only(
        played={
            "AuthenticationType",
            *CONFIGS.values(),
            "AdditionalAuthenticationProviders",
            "QueryDepthLimit",
            "ResolverCountLimit",
            "IntrospectionConfig",
        },
        ignored={"Name", "Tags", "XrayEnabled", "LogConfig", "OwnerContact", "EnhancedMetricsConfig"},
        neutral={"Visibility": "GLOBAL", "ApiType": "GRAPHQL"},
    )
    return apis[0]


def _api_keys(resources: Mapping[str, Any], resolve: Resolve) -> tuple[ApiKey, ...]:
    keys = []
    for key in _of_kind(resources, "ApiKey", resolve):
        key.only(played={"ApiId", "Expires", "Description", "ApiKeyId"})
        value = Settings(key.owner, {"ApiKey": {"Fn::GetAtt": [key.owner, "ApiKey"]}}, resolve).text("ApiKey")
        keys.append(ApiKey(value, key.number("Expires") if key.has("Expires") else None))
    return tuple(keys)


def _resolutions(resources: Mapping[str, Any], resolve: Resolve) -> Mapping[tuple[str, str], Resolution]:
    sources = _of_kind(resources, "DataSource", resolve)
    return read_resolutions(_of_kind(resources, "Resolver", resolve), sources, resources)


def _schema(resources: Mapping[str, Any], resolve: Resolve) -> str | None:
    schemas = _of_kind(resources, "GraphQLSchema", resolve)
    require(len(schemas) < 2, f"{len(schemas)} resources of type AWS::AppSync::GraphQLSchema")
    for schema in schemas:
        schema.only(played={"ApiId", "Definition", "DefinitionS3Location"})
        return schema.text("Definition") if schema.has("Definition") else None
    return None
