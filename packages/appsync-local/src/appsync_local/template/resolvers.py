"""What answers each field: the template's resolvers and data sources, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appsync_local.errors import require
from appsync_local.template.js_resolver import passed_through_argument
from appsync_local.template.references import function_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from appsync_local.template.properties import Settings

_MOST_IN_A_BATCH = 2_000


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


def read_resolutions(
    resolvers: Iterable[Settings], sources: Iterable[Settings], resources: Mapping[str, Any]
) -> dict[tuple[str, str], Resolution]:
    """Read the resolvers, keyed by type and field; raise UnsupportedSetting for what is not played."""
    known = {source.owner: source for source in sources}
    found: dict[tuple[str, str], Resolution] = {}
    for resolver in resolvers:
        resolver.only(
            played={"ApiId", "TypeName", "FieldName", "DataSourceName", "Code", "Runtime", "MaxBatchSize"},
            ignored={"MetricsConfig"},
            neutral={"Kind": "UNIT", "CachingConfig": None, "SyncConfig": None},
        )
        field = (resolver.text("TypeName"), resolver.text("FieldName"))
        require(field not in found, f"{resolver.owner}, a second resolver of {'.'.join(field)}")
        found[field] = _resolution(resolver, _source_of(resolver, known), resources)
    return found


def _source_of(resolver: Settings, sources: Mapping[str, Settings]) -> Settings:
    reference = resolver.values.get("DataSourceName")
    if isinstance(reference, dict):
        target = reference.get("Fn::GetAtt") or [None]
        owner = target.split(".")[0] if isinstance(target, str) else target[0]
    else:
        owner = next((key for key, source in sources.items() if source.values.get("Name") == reference), None)
    require(reference is not None and owner in sources, f"{resolver.owner}.DataSourceName {reference}")
    return sources[str(owner)]


def _resolution(resolver: Settings, source: Settings, resources: Mapping[str, Any]) -> Resolution:
    kind = source.choice("Type", ("AWS_LAMBDA", "NONE"))
    source.only(
        played={"ApiId", "Name", "Type", "LambdaConfig"}, ignored={"Description", "ServiceRoleArn", "MetricsConfig"}
    )
    if resolver.has("Runtime"):
        resolver.within("Runtime").choice("Name", ("APPSYNC_JS",))
        resolver.within("Runtime").choice("RuntimeVersion", ("1.0.0",), "1.0.0")
    batch = resolver.count("MaxBatchSize", _MOST_IN_A_BATCH)
    require(kind == "AWS_LAMBDA" or not batch, f"{resolver.owner}.MaxBatchSize {batch} on a NONE source")
    code = resolver.values.get("Code")
    if kind == "AWS_LAMBDA":
        require(code is None, f"{resolver.owner}.Code on a Lambda source")
        config = source.within("LambdaConfig")
        config.only(played={"LambdaFunctionArn"})
        arn = config.values.get("LambdaFunctionArn")
        return CallsFunction(function_of(f"{config.owner}.LambdaFunctionArn", arn, resources), batch)
    argument = passed_through_argument(code) if isinstance(code, str) else None
    require(argument is not None, f"{resolver.owner}.Code other than passing one argument through")
    return PassesArgument(str(argument))
