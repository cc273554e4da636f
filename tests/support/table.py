"""The table of infrastructure/table.yml on another endpoint: the file stays the only definition."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parents[2] / "infrastructure" / "table.yml"
_CREATED_WITH = ("AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes", "BillingMode", "StreamSpecification")


@cache
def table_properties() -> Mapping[str, Any]:
    """The table's properties in the template, read once: that takes longer than most tests."""
    properties: Mapping[str, Any] = yaml.safe_load(_FILE.read_text())["Resources"]["TasksTable"]["Properties"]
    return properties


def create_table(client: Any, name: str) -> None:
    """Create the table under that name."""
    properties = table_properties()
    wanted = {key: properties[key] for key in _CREATED_WITH}
    wanted["StreamSpecification"] = {"StreamEnabled": True, **wanted["StreamSpecification"]}
    client.create_table(TableName=name, **wanted)
