"""What the parts of the state need of ministack: its stores, and the functions that change them."""

from types import SimpleNamespace
from typing import Any

TABLE = "arn:aws:dynamodb:eu-central-1:000000000000:table/tasks"
SCOPE = ("000000000000", "eu-central-1")


class Store:
    """A store as ministack has them, whose keys begin with the account and the region."""

    def __init__(self, **values: Any) -> None:
        self._data = {(*SCOPE, key): value for key, value in values.items()}

    def all_values(self) -> list[Any]:
        return list(self._data.values())

    def __getitem__(self, key: str) -> Any:
        return self._data[*SCOPE, key]

    def get(self, key: str) -> Any:
        return self._data.get((*SCOPE, key))


def dynamodb(*items: dict[str, str]) -> SimpleNamespace:
    """DynamoDB with one table, of plain values."""
    table: dict[str, Any] = {"TableArn": TABLE, "pk_name": "pk", "sk_name": "sk", "items": {}}

    def set_item(table: dict[str, Any], hash_value: str, range_value: str, item: Any) -> None:
        table["items"].setdefault(hash_value, {})[range_value] = item

    def remove_item(table: dict[str, Any], hash_value: str, range_value: str) -> None:
        table["items"][hash_value].pop(range_value)

    for item in items:
        set_item(table, item["pk"], item["sk"], item)
    read = dict.fromkeys(("_trim_stream_records", "stream_records_since", "stream_start_position"), lambda: None)
    return SimpleNamespace(
        _tables=Store(tasks=table), _stream_records=Store(), _stream_trimmed=Store(), _set_item=set_item,
        _remove_item=remove_item, _items_replaced=lambda _: None, _extract_key_val=lambda value: value,
        stream_end_position=lambda: None, **read,
    )  # fmt: skip
