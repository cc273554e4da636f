"""Resolvers and data sources of the template, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appsync_local.errors import require
from appsync_local.template.js_resolver import passed_through_argument
from appsync_local.template.references import function_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from appsync_local.template.properties import Properties

_MAX_BATCH_SIZE = 2_000


@dataclass(frozen=True, slots=True)
class LambdaResolver:
    """A direct Lambda resolver.

    Attributes:
        function: The logical id of the function.
        max_batch: How many events one invocation takes in a list; 0 for one event without a list.
    """

    function: str
    max_batch: int = 0


@dataclass(frozen=True, slots=True)
class PassThroughResolver:
    """A resolver on a NONE source that returns one of its arguments."""

    argument: str


Resolver = LambdaResolver | PassThroughResolver


def read_resolvers(
    resolvers: Iterable[Properties], sources: Iterable[Properties], resources: Mapping[str, Any]
) -> dict[tuple[str, str], Resolver]:
    """Read the resolvers of the template.

    Returns:
        The resolvers by type name and field name.

    Raises:
        UnsupportedFeatureError: A property, a runtime or a data source is not supported.
    """
    known = {source.owner: source for source in sources}
    found: dict[tuple[str, str], Resolver] = {}
    for resolver in resolvers:
        resolver.allow_only(
            supported={"ApiId", "TypeName", "FieldName", "DataSourceName", "Code", "Runtime", "MaxBatchSize"},
            ignored={"MetricsConfig"},
            defaults={"Kind": "UNIT", "CachingConfig": None, "SyncConfig": None},
        )
        field = (resolver.text("TypeName"), resolver.text("FieldName"))
        require(field not in found, f"{resolver.owner}, a second resolver of {'.'.join(field)}")
        found[field] = _read_resolver(resolver, _source_of(resolver, known), resources)
    return found


def _source_of(resolver: Properties, sources: Mapping[str, Properties]) -> Properties:
    reference = resolver.values.get("DataSourceName")
    if isinstance(reference, dict):
        target = reference.get("Fn::GetAtt") or [None]
        owner = target.split(".")[0] if isinstance(target, str) else target[0]
    else:
        owner = next((key for key, source in sources.items() if source.values.get("Name") == reference), None)
    require(reference is not None and owner in sources, f"{resolver.owner}.DataSourceName {reference}")
    return sources[str(owner)]


def _read_resolver(resolver: Properties, source: Properties, resources: Mapping[str, Any]) -> Resolver:
    type_ = source.choice("Type", ("AWS_LAMBDA", "NONE"))
    source.allow_only(
        supported={"ApiId", "Name", "Type", "LambdaConfig"}, ignored={"Description", "ServiceRoleArn", "MetricsConfig"}
    )
    if resolver.has("Runtime"):
        resolver.within("Runtime").choice("Name", ("APPSYNC_JS",))
        resolver.within("Runtime").choice("RuntimeVersion", ("1.0.0",), "1.0.0")
    batch = resolver.count("MaxBatchSize", _MAX_BATCH_SIZE)
    require(type_ == "AWS_LAMBDA" or not batch, f"{resolver.owner}.MaxBatchSize {batch} on a NONE source")
    code = resolver.values.get("Code")
    if type_ == "AWS_LAMBDA":
        require(code is None, f"{resolver.owner}.Code on a Lambda source")
        config = source.within("LambdaConfig")
        config.allow_only(supported={"LambdaFunctionArn"})
        arn = config.values.get("LambdaFunctionArn")
        return LambdaResolver(function_of(f"{config.owner}.LambdaFunctionArn", arn, resources), batch)
    argument = passed_through_argument(code) if isinstance(code, str) else None
    require(argument is not None, f"{resolver.owner}.Code other than passing one argument through")
    return PassThroughResolver(str(argument))
