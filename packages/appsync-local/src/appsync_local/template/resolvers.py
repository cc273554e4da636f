"""Resolvers and data sources of the template, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appsync_local.errors import UnsupportedFeatureError, require
from appsync_local.javascript.source import CodeError, factory_of
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
class CodeResolver:
    """A unit resolver with code (APPSYNC_JS).

    Attributes:
        code: The module that exports `request` and `response`.
        function: The logical id of the Lambda function behind it; None for a NONE source.
        max_batch: How many payloads one BatchInvoke takes at most; 0 for AppSync's default.
    """

    code: str
    function: str | None = None
    max_batch: int = 0


Resolver = LambdaResolver | CodeResolver


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
    function = _function_of(source, resources) if type_ == "AWS_LAMBDA" else None
    if resolver.has("Code"):
        return CodeResolver(_code_of(resolver), function, batch)
    require(function is not None, f"{resolver.owner} without Code, on a NONE source")
    return LambdaResolver(str(function), batch)


def _function_of(source: Properties, resources: Mapping[str, Any]) -> str:
    config = source.within("LambdaConfig")
    config.allow_only(supported={"LambdaFunctionArn"})
    arn = config.values.get("LambdaFunctionArn")
    return function_of(f"{config.owner}.LambdaFunctionArn", arn, resources)


def _code_of(resolver: Properties) -> str:
    """Return the code, which must use nothing that APPSYNC_JS does not support."""
    require(resolver.has("Runtime"), f"{resolver.owner}.Code without Runtime")
    code = resolver.text("Code")
    try:
        factory_of(code)
    except CodeError as error:
        raise UnsupportedFeatureError(f"{resolver.owner}.Code: {error}") from error
    return code
