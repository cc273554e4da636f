"""References of a compiled template to its own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appsync_local.errors import require

if TYPE_CHECKING:
    from collections.abc import Mapping


def function_of(place: str, arn: object, resources: Mapping[str, Any]) -> str:
    """Return the logical id of the Lambda function that an ARN refers to.

    Args:
        place: Where the reference stands, for messages.
        arn: The property's value; only Fn::GetAtt of a function's Arn is supported.
        resources: The template's resources.

    Raises:
        UnsupportedFeatureError: The reference is of any other kind.
    """
    target = arn.get("Fn::GetAtt") if isinstance(arn, dict) else None
    path = target.split(".") if isinstance(target, str) else target
    require(isinstance(path, list) and len(path) == 2 and path[1] == "Arn", f"{place} {arn}")
    function = str(path[0]) if path else ""
    require(resources.get(function, {}).get("Type") == "AWS::Lambda::Function", f"{place} {arn}")
    return function
