"""Resolves the references of a deployed template (Ref, GetAtt, Sub, Join) to their local values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.template_transform import EmulatedApiValues

_PLACEHOLDER = re.compile(r"\$\{(!?)([A-Za-z0-9.:]+)\}")


class UnknownReferenceError(Exception):
    """A reference names a resource that is not in the stack, or an unknown attribute."""


@dataclass(frozen=True)
class References:
    """`resolve` returns the deployed value of an expression of the *compiled* (not the transformed) template."""

    template: Mapping[str, Any]
    physical: Mapping[str, str]
    api_values: EmulatedApiValues

    def resolve(self, node: object) -> object:  # noqa: PLR0911 - one line for each form of a reference
        """The node with all references replaced; raises UnknownReferenceError, naming the reference."""
        match node:
            case {"Ref": str(name)}:
                return self._ref(name)
            case {"Fn::GetAtt": [str(name), str(attribute)]}:
                return self._attribute(name, attribute)
            case {"Fn::GetAtt": str(path)}:
                return self._attribute(*path.split(".", 1))
            case {"Fn::Sub": str(text)}:
                return self._substitute(text, {})
            case {"Fn::Sub": [str(text), dict(values)]}:
                return self._substitute(text, {key: str(self.resolve(value)) for key, value in values.items()})
            case {"Fn::Join": [str(separator), list(parts)]}:
                return separator.join(str(self.resolve(part)) for part in parts)
            case dict():
                return {key: self.resolve(value) for key, value in node.items()}
            case list():
                return [self.resolve(item) for item in node]
        return node

    def _ref(self, name: str) -> str:
        pseudo = {
            "AWS::Region": self.api_values.region,
            "AWS::AccountId": self.api_values.account,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
        }
        appsync = self._appsync(name)
        found = pseudo.get(name) or appsync.get("Ref") or self.physical.get(name)
        if found is None:
            raise UnknownReferenceError(f"Ref {name}: the local stack has no such resource.")
        return found

    def _attribute(self, name: str, attribute: str) -> str:
        appsync = self._appsync(name)
        if attribute in appsync:
            return appsync[attribute]
        arns = _ARNS.get(self._kind(name))
        if attribute != "Arn" or arns is None or name not in self.physical:
            raise UnknownReferenceError(f"{name}.{attribute} is not known in the local stack.")
        return arns(self.api_values, self.physical[name])

    def _substitute(self, text: str, values: Mapping[str, str]) -> str:
        def fill(match: re.Match[str]) -> str:
            literal, path = match[1], match[2]
            name, _, attribute = path.partition(".")
            if literal:
                return f"${{{path}}}"
            if path in values:
                return values[path]
            return self._attribute(name, attribute) if attribute else self._ref(name)

        return _PLACEHOLDER.sub(fill, text)

    def _kind(self, name: str) -> str:
        return str(self.template["Resources"].get(name, {}).get("Type", ""))

    def _appsync(self, name: str) -> Mapping[str, str]:
        return self.api_values.attributes(self._kind(name))


def _arn(service: str, prefix: str) -> Callable[[EmulatedApiValues, str], str]:
    return lambda api_values, name: f"arn:aws:{service}:{api_values.region}:{api_values.account}:{prefix}{name}"


_ARNS: Mapping[str, Callable[[EmulatedApiValues, str], str]] = {
    "AWS::Lambda::Function": _arn("lambda", "function:"),
    "AWS::Cognito::UserPool": _arn("cognito-idp", "userpool/"),
    "AWS::DynamoDB::Table": _arn("dynamodb", "table/"),
    "AWS::IAM::Role": lambda api_values, name: f"arn:aws:iam::{api_values.account}:role/{name}",
}
