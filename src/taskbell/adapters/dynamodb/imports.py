"""Stores the progress of imports: an item for each part that is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, partition, to_item
from taskbell.domain.timestamps import format_timestamp, parse_timestamp
from taskbell.domain.transfer import ImportedPart, RowError, TaskImport

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DynamoDBImports:
    """Implements `ImportRepository`: one request per call, more for imports with many errors."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def part(self, owner_id: str, import_id: str, number: int) -> ImportedPart | None:
        """Return what became of a part; None if it is not done."""
        key = _key(owner_id, import_id, number)
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return _part_from_item(item) if item else None

    @translate_transient_errors()
    def save(self, owner_id: str, import_id: str, part: ImportedPart, now: datetime) -> None:
        """Store what became of a part."""
        document = {
            "digest": part.digest,
            "created": part.created,
            "existing": part.existing,
            "skipped": part.skipped,
            "rowErrors": [[error.row, error.code, error.message, error.field or ""] for error in part.errors] or None,
            "storedAt": format_timestamp(now),
            "expiresAt": int((now + _KEPT).timestamp()),
        }
        self.client.put_item(TableName=self.table, Item=_key(owner_id, import_id, part.number) | to_item(document))

    @translate_transient_errors()
    def get(self, owner_id: str, import_id: str) -> TaskImport | None:
        """Return an import by the parts that are done; None if none is."""
        items: list[Any] = []
        request: dict[str, Any] = {
            "TableName": self.table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :owner AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": to_item(
                {":owner": partition(owner_id), ":first": _prefix(import_id), ":last": f"{_prefix(import_id)}~"}
            ),
        }
        while True:
            response = self.client.query(**request)
            items += response["Items"]
            if "LastEvaluatedKey" not in response:
                break
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]
        if not items:
            return None
        started_at = min(parse_timestamp(item["storedAt"]["S"]) for item in items)
        return TaskImport(import_id, started_at, tuple(map(_part_from_item, items)))


def _key(owner_id: str, import_id: str, number: int) -> Item:
    return to_item({"pk": partition(owner_id), "sk": f"{_prefix(import_id)}{number:04d}"})


def _prefix(import_id: str) -> str:
    return f"IMPORT#{import_id}#"


def _part_from_item(item: Mapping[str, Any]) -> ImportedPart:
    errors = [[next(iter(value.values())) for value in error["L"]] for error in item.get("rowErrors", {}).get("L", ())]
    return ImportedPart(
        number=int(item["sk"]["S"].rpartition("#")[2]),
        digest=item["digest"]["S"],
        created=int(item["created"]["N"]),
        existing=int(item["existing"]["N"]),
        skipped=int(item["skipped"]["N"]),
        errors=tuple(RowError(int(row), code, message, field or None) for row, code, message, field in errors),
    )
