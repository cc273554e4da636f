"""References of a compiled template to its own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appsync_local.errors import require

if TYPE_CHECKING:
    from collections.abc import Mapping


def function_of(setting: str, arn: object, resources: Mapping[str, Any]) -> str:
    """Name the template's Lambda function whose ARN is meant; raise UnsupportedSetting for any other reference."""
    target = arn.get("Fn::GetAtt") if isinstance(arn, dict) else None
    path = target.split(".") if isinstance(target, str) else target
    require(isinstance(path, list) and len(path) == 2 and path[1] == "Arn", f"{setting} {arn}")
    function = str(path[0]) if path else ""
    require(resources.get(function, {}).get("Type") == "AWS::Lambda::Function", f"{setting} {arn}")
    return function
