"""Reads the files of the template as they are written, with CloudFormation's functions as their arguments."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_CHECKOUT = Path(__file__).parents[2]


class _AnyTag(yaml.SafeLoader):
    """A loader that ignores tags."""


def _argument(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]


_AnyTag.add_multi_constructor("!", _argument)


@cache
def template_file(path: str) -> Mapping[str, Any]:
    """The document of a file in the checkout."""
    document: Mapping[str, Any] = yaml.load((_CHECKOUT / path).read_text(), _AnyTag)  # noqa: S506 - a safe loader
    return document
