"""The table of infrastructure/table.yml on another endpoint: the file stays the only definition."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parents[2] / "infrastructure" / "table.yml"
_CREATED_WITH = ("AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes", "BillingMode")


@cache
def table_properties() -> Mapping[str, Any]:
    """The table's properties in the template, read once: that takes longer than most tests."""
    properties: Mapping[str, Any] = yaml.safe_load(_FILE.read_text())["Resources"]["TasksTable"]["Properties"]
    return properties


def create_table(client: Any, name: str) -> None:
    """Create the table under that name, without its stream, which moto copies for each part of each transaction."""
    properties = table_properties()
    client.create_table(TableName=name, **{key: properties[key] for key in _CREATED_WITH})


def begin_stream(client: Any, name: str) -> None:
    """Let the table have its stream, too."""
    stream = {"StreamEnabled": True, **table_properties()["StreamSpecification"]}
    client.update_table(TableName=name, StreamSpecification=stream)
