"""What the compiled template says about the API, read strictly: what is not played is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.appsync.javascript import passed_through_argument
from local.appsync.providers import CONFIGS, Mode, Providers, read_providers
from local.appsync.references import function_of
from local.appsync.settings import only, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PLAYED = {"GraphQLApi", "ApiKey", "GraphQLSchema", "DataSource", "Resolver"}
_MOST_RESOLVERS = 10_000
_WITHOUT_EFFECT_HERE = {"DomainName", "DomainNameApiAssociation"}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that lets its bearer in until `expires` (seconds since 1970; None when the template leaves it open)."""

    value: str
    expires: float | None


@dataclass(frozen=True, slots=True)
class CallsFunction:
    """A direct Lambda resolver; with `max_batch`, siblings are asked for together, at most so many at once."""

    function: str
    max_batch: int = 0


@dataclass(frozen=True, slots=True)
class PassesArgument:
    """A resolver on a NONE source that answers with one of its arguments."""

    argument: str


Resolution = CallsFunction | PassesArgument


@dataclass(frozen=True, slots=True)
class ApiDefinition:
    """One AppSync API: `resolvers` is keyed by type and field; a depth limit of 0 is none."""

    api_id: str
    region: str
    account_id: str
    providers: Providers
    api_keys: tuple[ApiKey, ...]
    resolvers: Mapping[tuple[str, str], Resolution]
    query_depth_limit: int = 0
    resolver_count_limit: int = _MOST_RESOLVERS
    introspection: bool = True

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Answer the authorization modes, the default one first."""
        return self.providers.modes

    @classmethod
    def from_template(
        cls,
        template: Mapping[str, Any],
        resolve: Callable[[object], object],
        *,
        api_id: str,
        region: str,
        account_id: str,
    ) -> ApiDefinition:
        """Read the AppSync resources; `resolve` turns a Ref or Fn::GetAtt into its deployed value.

        Raises UnsupportedSetting with the setting's name for everything that the gateway does not play.
        """
        resources: Mapping[str, Any] = template.get("Resources", {})
        _refuse_unknown_kinds(resources)
        name, properties = _api(resources)
        return cls(
            api_id,
            region,
            account_id,
            read_providers(name, properties, resolve, region, resources),
            _api_keys(resources, resolve),
            _resolvers(resources),
            _limit(name, properties, "QueryDepthLimit", 75),
            _limit(name, properties, "ResolverCountLimit", _MOST_RESOLVERS) or _MOST_RESOLVERS,
            properties.get("IntrospectionConfig", "ENABLED") == "ENABLED",
        )

    def field_arn(self, type_name: str, field: str) -> str:
        """Name a field as IAM policies do."""
        return f"arn:aws:appsync:{self.region}:{self.account_id}:apis/{self.api_id}/types/{type_name}/fields/{field}"


def _refuse_unknown_kinds(resources: Mapping[str, Any]) -> None:
    for name, resource in resources.items():
        kind = str(resource.get("Type", ""))
        if not kind.startswith("AWS::AppSync::"):
            continue
        short = kind.removeprefix("AWS::AppSync::")
        require(short in _PLAYED | _WITHOUT_EFFECT_HERE, f"{name}: {kind}")
        require("Condition" not in resource, f"{name}.Condition")


def _of_kind(resources: Mapping[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in resources.items():
        if resource.get("Type") == f"AWS::AppSync::{kind}":
            yield name, resource.get("Properties", {})


def _api(resources: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    apis = list(_of_kind(resources, "GraphQLApi"))
    require(len(apis) == 1, f"{len(apis)} resources of type AWS::AppSync::GraphQLApi (exactly one is)")
    name, properties = apis[0]
    only(
        name,
        properties,
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
    return name, properties


def _limit(name: str, properties: Mapping[str, Any], setting: str, most: int) -> int:
    limit = int(properties.get(setting) or 0)
    require(0 <= limit <= most, f"{name}.{setting} {limit} (0 to {most} is)")
    return limit


def _api_keys(resources: Mapping[str, Any], resolve: Callable[[object], object]) -> tuple[ApiKey, ...]:
    keys = []
    for name, properties in _of_kind(resources, "ApiKey"):
        only(name, properties, played={"ApiId", "Expires", "Description", "ApiKeyId"})
        expires = properties.get("Expires")
        keys.append(ApiKey(str(resolve({"Fn::GetAtt": [name, "ApiKey"]})), None if expires is None else float(expires)))
    return tuple(keys)


def _resolvers(resources: Mapping[str, Any]) -> dict[tuple[str, str], Resolution]:
    sources = dict(_of_kind(resources, "DataSource"))
    found: dict[tuple[str, str], Resolution] = {}
    for name, properties in _of_kind(resources, "Resolver"):
        only(
            name,
            properties,
            played={"ApiId", "TypeName", "FieldName", "DataSourceName", "Code", "Runtime", "MaxBatchSize"},
            ignored={"MetricsConfig"},
            neutral={"Kind": "UNIT", "CachingConfig": None, "SyncConfig": None},
        )
        source = _source_of(name, properties, sources)
        field = (properties["TypeName"], properties["FieldName"])
        found[field] = _resolution(name, properties, sources[source], source, resources)
    return found


def _source_of(name: str, properties: Mapping[str, Any], sources: Mapping[str, Any]) -> str:
    reference = properties.get("DataSourceName")
    if isinstance(reference, dict):
        target = reference.get("Fn::GetAtt", [None])
        source = target.split(".")[0] if isinstance(target, str) else target[0]
    else:
        source = next((key for key, value in sources.items() if value.get("Name") == reference), None)
    require(source in sources, f"{name}.DataSourceName {reference}")
    return str(source)


def _resolution(
    name: str, properties: Mapping[str, Any], source: Mapping[str, Any], source_name: str, resources: Mapping[str, Any]
) -> Resolution:
    kind = source.get("Type")
    require(kind in {"AWS_LAMBDA", "NONE"}, f"{source_name}.Type {kind}")
    only(
        source_name,
        source,
        played={"ApiId", "Name", "Type", "LambdaConfig"},
        ignored={"Description", "ServiceRoleArn", "MetricsConfig"},
    )
    code = properties.get("Code")
    batch = int(properties.get("MaxBatchSize") or 0)
    require(0 <= batch <= 2000 and (kind == "AWS_LAMBDA" or not batch), f"{name}.MaxBatchSize {batch}")
    if kind == "AWS_LAMBDA":
        require(code is None, f"{name}.Code on a Lambda source")
        setting = f"{source_name}.LambdaConfig.LambdaFunctionArn"
        function = function_of(setting, source["LambdaConfig"]["LambdaFunctionArn"], resources)
        return CallsFunction(function, batch)
    argument = passed_through_argument(code) if isinstance(code, str) else None
    require(argument is not None, f"{name}.Code other than passing one argument through")
    return PassesArgument(str(argument))
