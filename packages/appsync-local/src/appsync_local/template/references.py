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


class LocalReferences:
    """Deployed values for a template that is not deployed: `resolve` of `ApiDefinition.from_template`.

    An API key is the given one. What is not in `values` stands for itself: `{"Ref": "UserPool"}` is `UserPool`, and
    `{"Fn::GetAtt": ["Table", "Arn"]}` is `Table.Arn`.
    """

    def __init__(self, api_key: str, values: Mapping[str, str] | None = None) -> None:
        """Make a resolver.

        Args:
            api_key: The value of every API key of the template.
            values: By logical id for a Ref, by `Id.Attribute` for an Fn::GetAtt.
        """
        self._api_key = api_key
        self._values = values or {}

    def __call__(self, reference: object) -> str:
        """Return the value of a Ref or an Fn::GetAtt; raise ValueError for any other function."""
        name = _name_of(reference)
        if name.endswith(".ApiKey"):
            return self._api_key
        return self._values.get(name, name)


def _name_of(reference: object) -> str:
    if isinstance(reference, dict) and len(reference) == 1:
        ((function, target),) = reference.items()
        if function == "Ref":
            return str(target)
        if function == "Fn::GetAtt":
            return target if isinstance(target, str) else ".".join(map(str, target))
    raise ValueError("only Ref and Fn::GetAtt are supported")
