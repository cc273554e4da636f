"""Everything but items, stream records, messages and executions: it changes seldom, and is compared as a whole.

The events of log groups and the data points of metrics are not kept: functions write their logs to files.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from typing import Any

from local.ministack_patches.durability.database import Change, Put, StateDatabase

SETTINGS = "settings"
# The stores of services whose `get_state` would copy what is kept elsewhere, or not at all.
_STORES: Mapping[str, tuple[str, ...]] = {
    "cloudwatch": ("alarms", "composite_alarms", "composite_triggers", "dashboards", "resource_tags"),
    "cloudwatch_logs": ("log_groups", "destinations", "resource_policies", "log_group_policies", "metric_filters"),
    "dynamodb": (
        "tables", "tags", "ttl_settings", "pitr_settings", "kinesis_destinations", "contributor_insights", "backups",
        "resource_policies", "exports", "imports",
    ),
    "stepfunctions": (
        "state_machines", "tags", "activities", "state_machine_versions", "state_machine_aliases", "map_runs",
    ),
    "sqs": (),
}  # fmt: skip
_FIELDS_KEPT_ELSEWHERE: Mapping[tuple[str, str], dict[str, Any]] = {
    ("dynamodb", "tables"): {"items": {}, "_index_members": None, "ItemCount": 0, "TableSizeBytes": 0},
    ("cloudwatch_logs", "log_groups"): {"streams": {}},
}
_POSITIONS = "dynamodb_stream_positions"  # of Lambda's mappings
_DATA_PLANE = (
    "DynamoDB_20120810.BatchGet", "DynamoDB_20120810.BatchWrite", "DynamoDB_20120810.DeleteItem",
    "DynamoDB_20120810.GetItem", "DynamoDB_20120810.PutItem", "DynamoDB_20120810.Query", "DynamoDB_20120810.Scan",
    "DynamoDB_20120810.Transact", "DynamoDB_20120810.UpdateItem", "DynamoDBStreams_20120810.", "AmazonSQS.",
    "AWSStepFunctions.StartExecution", "AWSStepFunctions.StopExecution", "AWSStepFunctions.GetExecutionHistory",
    "AWSStepFunctions.DescribeExecution", "AWSStepFunctions.ListExecutions",
)  # fmt: skip


def changes_settings(method: str, path: str, target: str) -> bool:
    """Return whether a request may change what is kept here: any but those of the data plane, which are many."""
    return not (target.startswith(_DATA_PLANE) or path.endswith("/invocations") or method == "GET")


class Settings:
    """The stores of all loaded services that changed since the last cut."""

    def __init__(self, modules: Callable[[], Mapping[str, Any]], persistence: Any) -> None:
        self._modules = modules
        self._persistence = persistence
        self._saved: dict[str, str] = {}
        self.touched = True

    def cut(self) -> Iterator[Change]:
        """Yield what changed since the last cut, if there was a request since that may have changed something."""
        if not self.touched:
            return
        self.touched = False
        for service, module in self._modules().items():
            for store, value in self._state(service, module).items():
                key = f"{service}|{store}"
                try:
                    text = json.dumps(value, default=self._persistence._json_default)  # noqa: SLF001
                except RuntimeError:  # a thread adds to it just now
                    self.touched = True
                    continue
                if self._saved.get(key) != text:
                    self._saved[key] = text
                    yield Put(SETTINGS, key, text)

    def _state(self, service: str, module: Any) -> dict[str, Any]:
        if service in _STORES:
            state = {store: getattr(module, f"_{store}") for store in _STORES[service]}
        else:
            try:
                state = {**(module.get_state() or {})}
            except RuntimeError:  # a thread adds to it just now
                self.touched = True
                return {}
        state.pop(_POSITIONS, None)
        for (owner, store), fields in _FIELDS_KEPT_ELSEWHERE.items():
            if owner == service:
                state[store] = _without(state[store], fields)
        return state

    def load(self, database: StateDatabase) -> dict[str, dict[str, Any]]:
        """Return the saved stores by service, as ministack's `load_persisted_state` takes them."""
        found: dict[str, dict[str, Any]] = {}
        for key, text in database.rows(SETTINGS):
            service, _, store = key.partition("|")
            self._saved[key] = text
            value = json.loads(text, object_hook=self._persistence._json_object_hook)  # noqa: SLF001
            found.setdefault(service, {})[store] = value
            for field, empty in _FIELDS_KEPT_ELSEWHERE.get((service, store), {}).items():
                for each in value.all_values() if empty is not None else ():
                    each[field] = copy(empty)
        return found


def _without(store: Any, fields: Mapping[str, Any]) -> Any:
    """The store, with values that lack some of their fields."""
    smaller = type(store)()
    for key, value in list(store._data.items()):  # noqa: SLF001
        smaller._data[key] = {name: field for name, field in value.items() if name not in fields}  # noqa: SLF001
    return smaller
