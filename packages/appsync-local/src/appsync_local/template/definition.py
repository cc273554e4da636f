"""The API that a compiled CloudFormation template describes, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appsync_local.errors import require
from appsync_local.template.auth_providers import CONFIGS, AuthorizationType, AuthProviders, read_auth_providers
from appsync_local.template.properties import Properties
from appsync_local.template.resolvers import Resolver, read_resolvers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appsync_local.template.properties import Resolve

_SUPPORTED_TYPES = {"GraphQLApi", "ApiKey", "GraphQLSchema", "DataSource", "Resolver"}
_MAX_RESOLVERS = 10_000
_IGNORED_TYPES = {"DomainName", "DomainNameApiAssociation"}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, valid until `expires` (seconds since 1970; None when the template sets no end)."""

    value: str
    expires: float | None


@dataclass(frozen=True, slots=True)
class ApiDefinition:
    """One AppSync API.

    Attributes:
        api_id: As in its ARN.
        region: As in its ARN, and for user pools that name none.
        account_id: As in its ARN.
        providers: Its authorization types and their configurations.
        api_keys: The keys that are accepted.
        resolvers: By type name and field name.
        query_depth_limit: Levels of fields in a query; 0 for no limit.
        resolver_count_limit: Invocations of resolvers for one request.
        introspection: Whether `__schema` and `__type` are served.
        schema: SDL, or None when the template has none (or only its place on S3).
    """

    api_id: str
    region: str
    account_id: str
    providers: AuthProviders
    api_keys: tuple[ApiKey, ...]
    resolvers: Mapping[tuple[str, str], Resolver]
    query_depth_limit: int = 0
    resolver_count_limit: int = _MAX_RESOLVERS
    introspection: bool = True
    schema: str | None = None

    @property
    def authorization_types(self) -> tuple[AuthorizationType, ...]:
        """The authorization types, the default one first."""
        return self.providers.types

    @classmethod
    def from_template(
        cls, template: Mapping[str, Any], resolve: Resolve, *, api_id: str, region: str, account_id: str
    ) -> ApiDefinition:
        """Read the AppSync resources of a compiled template.

        Args:
            template: The template, as `json.load` reads it.
            resolve: Turns a Ref, Fn::GetAtt or Fn::Sub (the object, such as `{"Ref": "UserPool"}`) into its deployed
                value; it may raise for what it does not know.
            api_id: The deployed API's id.
            region: The region's name, such as eu-central-1.
            account_id: Twelve digits.

        Raises:
            UnsupportedFeatureError: A resource or a property is not emulated, or AppSync would reject it.
        """
        resources: Mapping[str, Any] = template.get("Resources", {})
        _reject_unsupported_types(resources)
        api = _api(resources, resolve)
        return cls(
            api_id,
            region,
            account_id,
            read_auth_providers(api, region, resources),
            _api_keys(resources, resolve),
            read_resolvers(
                _of_type(resources, "Resolver", resolve), _of_type(resources, "DataSource", resolve), resources
            ),
            api.count("QueryDepthLimit", 75),
            api.count("ResolverCountLimit", _MAX_RESOLVERS) or _MAX_RESOLVERS,
            api.choice("IntrospectionConfig", ("ENABLED", "DISABLED"), "ENABLED") == "ENABLED",
            _schema(resources, resolve),
        )

    def field_arn(self, type_name: str, field: str) -> str:
        """Return the ARN of a field, as IAM policies name it."""
        return f"arn:aws:appsync:{self.region}:{self.account_id}:apis/{self.api_id}/types/{type_name}/fields/{field}"

    @property
    def functions(self) -> frozenset[str]:
        """The logical ids of the functions that are invoked."""
        called = {resolver.function for resolver in self.resolvers.values() if resolver.function}
        authorizer = self.providers.authorizer
        return frozenset(called | ({authorizer.function} if authorizer else set()))


def _reject_unsupported_types(resources: Mapping[str, Any]) -> None:
    for name, resource in resources.items():
        require(isinstance(resource, dict), f"{name} {resource} (an object is)")
        type_ = str(resource.get("Type", ""))
        if not type_.startswith("AWS::AppSync::"):
            continue
        short = type_.removeprefix("AWS::AppSync::")
        require(short in _SUPPORTED_TYPES | _IGNORED_TYPES, f"{name}: {type_}")
        require("Condition" not in resource, f"{name}.Condition")
        properties = resource.get("Properties") or {}
        require(isinstance(properties, dict), f"{name}.Properties {properties} (an object is)")


def _of_type(resources: Mapping[str, Any], type_: str, resolve: Resolve) -> list[Properties]:
    return [
        Properties(name, resource.get("Properties") or {}, resolve)
        for name, resource in resources.items()
        if resource.get("Type") == f"AWS::AppSync::{type_}"
    ]


def _api(resources: Mapping[str, Any], resolve: Resolve) -> Properties:
    apis = _of_type(resources, "GraphQLApi", resolve)
    require(len(apis) == 1, f"{len(apis)} resources of type AWS::AppSync::GraphQLApi (exactly one is)")
    apis[0].allow_only(
        supported={
            "AuthenticationType",
            *CONFIGS.values(),
            "AdditionalAuthenticationProviders",
            "QueryDepthLimit",
            "ResolverCountLimit",
            "IntrospectionConfig",
        },
        ignored={"Name", "Tags", "XrayEnabled", "LogConfig", "OwnerContact", "EnhancedMetricsConfig"},
        defaults={"Visibility": "GLOBAL", "ApiType": "GRAPHQL"},
    )
    return apis[0]


def _api_keys(resources: Mapping[str, Any], resolve: Resolve) -> tuple[ApiKey, ...]:
    keys = []
    for key in _of_type(resources, "ApiKey", resolve):
        key.allow_only(supported={"ApiId", "Expires", "Description", "ApiKeyId"})
        value = Properties(key.owner, {"ApiKey": {"Fn::GetAtt": [key.owner, "ApiKey"]}}, resolve).text("ApiKey")
        keys.append(ApiKey(value, key.number("Expires") if key.has("Expires") else None))
    return tuple(keys)


def _schema(resources: Mapping[str, Any], resolve: Resolve) -> str | None:
    schemas = _of_type(resources, "GraphQLSchema", resolve)
    require(len(schemas) < 2, f"{len(schemas)} resources of type AWS::AppSync::GraphQLSchema")
    for schema in schemas:
        schema.allow_only(supported={"ApiId", "Definition", "DefinitionS3Location"})
        return schema.text("Definition") if schema.has("Definition") else None
    return None
