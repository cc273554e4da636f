"""Reads a template file: JSON, or YAML with CloudFormation's short forms (`!Ref`, `!GetAtt`, `!Sub` ...)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from appsync_local.errors import UnsupportedFeatureError

if TYPE_CHECKING:
    from pathlib import Path


class _CloudFormationLoader(yaml.SafeLoader):
    """A safe loader that knows tags of functions."""


def _function(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_CloudFormationLoader.add_multi_constructor("!", _function)


def load_template(path: Path) -> dict[str, Any]:
    """Read a CloudFormation template.

    Args:
        path: A file of JSON (`.json`) or YAML (any other name).

    Raises:
        OSError: The file cannot be read.
        UnsupportedFeatureError: It holds no template.
    """
    text = path.read_text(encoding="utf-8")
    try:
        template = json.loads(text) if path.suffix == ".json" else yaml.load(text, _CloudFormationLoader)  # noqa: S506
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        raise UnsupportedFeatureError(f"the template {path} ({' '.join(str(error).split())})") from error
    if not isinstance(template, dict):
        raise UnsupportedFeatureError(f"the template {path}, which is no object")
    return template
