"""Reads a compiled template: resources by type, and what refers to what."""

import re
from collections.abc import Iterator
from typing import Any

from tests.infrastructure.compiled import Properties, Template

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+)")

# How a stage is deployed that stands for all others: an unknown one is as strict as production.
STAGES = ("dev", "staging", "production", "mistyped")
STRICT_STAGES = STAGES[1:]
PROTECTED_STAGES = STAGES[2:]


def of_type(template: Template, *types: str) -> dict[str, Properties]:
    """The properties of all resources of these types, by logical id; none if there are none."""
    resources = template["Resources"].items()
    return {name: resource.get("Properties", {}) for name, resource in resources if resource["Type"] in types}


def referred(value: Any) -> str | None:
    """The logical id that a Ref, a GetAtt or the first placeholder of a Sub names; None for anything else."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
        case {"Fn::Sub": str(text)} if found := _PLACEHOLDER.search(text):
            return found[1]
    return None


def all_referred(node: Any) -> set[str]:
    """Every logical id that is named anywhere in a node."""
    match node:
        case dict():
            found = {name} if (name := referred(node)) else set()
            return found.union(*map(all_referred, node.values()))
        case list():
            return set().union(*map(all_referred, node))
    return set()


def listed(value: Any) -> list[Any]:
    """A list of one or more, as IAM and CloudFormation write it."""
    return value if isinstance(value, list) else [value]


def mappings(template: Template) -> Iterator[tuple[str, str, Properties]]:
    """Every event source mapping: the logical ids of its source and its function, and its properties."""
    for properties in of_type(template, "AWS::Lambda::EventSourceMapping").values():
        source, function = referred(properties["EventSourceArn"]), referred(properties["FunctionName"])
        assert source, properties
        assert function, properties
        yield source, function, properties
