"""The functions of the service over a metered table: mutations, the pipeline behind them, and the workflow's steps."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import boto3

from benchmarks.metered_table import MeteredTable, Used
from processors import advance_task, forward_changes, handle_events, push_notifications
from resolvers import write_tasks
from taskbell import bootstrap
from taskbell.application.serialization import event_to_dict
from tests.support.examples import NOW
from tests.support.fakes import InMemoryAttempts, InMemoryEventQueue
from tests.support.lambdas import ADA, CONTEXT, appsync_event, call
from tests.support.simulated_aws.errors import EXCEPTIONS

_ENVIRONMENT = {
    "TASKS_TABLE": "tasks",
    "GRAPHQL_URL": "https://example.org/graphql",
    "REST_URL": "https://example.org",
    "STATE_MACHINE_ARN": "arn:aws:states:eu-central-1:123456789012:stateMachine:TaskLifecycle",
}


class _Settings:
    """`SettingsSource` with the defaults."""

    def deleted_task_retention(self) -> timedelta:
        return timedelta(days=30)

    def notification_retention(self) -> timedelta:
        return timedelta(days=90)


class _StepFunctions:
    """Starts no execution: the benchmark takes the steps itself."""

    exceptions = EXCEPTIONS

    def start_execution(self, **_: Any) -> dict[str, Any]:
        return {}

    def stop_execution(self, **_: Any) -> dict[str, Any]:
        return {}


class _AppSync:
    """Takes every push."""

    status, data = 200, b'{"data": {}}'

    def request(self, *_: Any, **__: Any) -> "_AppSync":
        return self


@dataclass
class Service:
    """The service with one owner, Ada."""

    now: datetime = NOW
    table: MeteredTable = field(init=False)
    queue: InMemoryEventQueue = field(default_factory=InMemoryEventQueue)
    _records: list[Any] = field(default_factory=list)
    _unpushed: list[Any] = field(default_factory=list)
    _uuids: Iterator[int] = field(default_factory=lambda: iter(range(1, 1 << 40)))

    def __post_init__(self) -> None:
        self.table = MeteredTable(lambda: self.now, self._records.append, page_size=1 << 40)

    def mutate(self, field_name: str, **input_: Any) -> dict[str, Any]:
        """Make a change, a second after the one before, and let the pipeline handle it; the payload."""
        self.now += timedelta(seconds=1)
        event = appsync_event("Mutation", field_name, {"input": input_}, ADA)
        payload: dict[str, Any] = call(write_tasks.handler, event)
        assert payload["errors"] == [], payload
        self.settle()
        return payload

    def step(self, step: str, task_id: str, at: str | None = None) -> dict[str, str]:
        """Take a step of the first run of a task, named by its global id, and let the pipeline handle it."""
        run = {"ownerId": "ada", "taskId": task_id.rpartition(":")[2], "scheduleVersion": 1}
        event = {"step": step, **run, "at": at}
        plan: dict[str, str] = advance_task.handler(event, CONTEXT)
        assert plan["next"] != "leave"
        self.settle()
        return plan

    def settle(self) -> None:
        """Forward the changes of tasks, and handle the events."""
        while self._records:
            changes = [each for each in self._records if _key(each).startswith("TASK#")]
            self._unpushed += [each for each in self._records if _key(each).startswith(("NOTE#", "PROFILE"))]
            self._records.clear()
            if changes:
                forward_changes.handler({"Records": changes}, CONTEXT)
            while self.queue.events:
                records = [_message(event_to_dict(event)) for event in self.queue.events]
                self.queue.events.clear()
                assert handle_events.handler({"Records": records}, CONTEXT) == {"batchItemFailures": []}

    def push_notifications(self) -> None:
        """Push the notifications that have changed since the last time, or until when all are read."""
        records = list(self._unpushed)
        self._unpushed.clear()
        assert push_notifications.handler({"Records": records}, CONTEXT) == {"batchItemFailures": []}

    def forget(self) -> None:
        """Have nothing to handle."""
        self._records.clear()

    def used(self) -> Used:
        """What was used since the last time."""
        used, self.table.used = self.table.used, Used()
        return used

    def dependencies(self) -> dict[str, Any]:
        """What the functions are given instead of AWS."""
        return {
            "clients": {"dynamodb": self.table, "stepfunctions": _StepFunctions()}.__getitem__,
            "clock": lambda: self.now,
            "pause": lambda _seconds: None,
            "chance": lambda: 0.5,
            "uuids": lambda: str(UUID(int=next(self._uuids))),
            "session": boto3.Session("testing", "testing", region_name="eu-central-1"),
            "http": _AppSync(),
            "cursor_secret": lambda: "secret",
            "settings": _Settings(),
            "event_queue": self.queue,
            "attempts": InMemoryAttempts(),
            "failed_messages": None,
            "unforwarded_changes": None,
        }


class _NoFailures:
    """`FailedMessages` of which there are none."""

    def retry_later(self, attempts: dict[str, int]) -> None:
        assert not attempts


@contextmanager
def service() -> Iterator[Service]:
    """A service without tasks."""
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    running = Service()
    bootstrap.reset()
    bootstrap.provide(**running.dependencies() | {"failed_messages": _NoFailures()})
    try:
        yield running
    finally:
        bootstrap.reset()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _key(record: dict[str, Any]) -> str:
    return str(record["dynamodb"]["Keys"]["sk"]["S"])


def _message(event: dict[str, Any]) -> dict[str, Any]:
    group = f"{event['ownerId']}/{event['taskId']}"
    return {
        "messageId": group,
        "receiptHandle": group,
        "body": json.dumps(event),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "MessageGroupId": group,
            "MessageDeduplicationId": f"{group}:{event['version']}",
        },
        "messageAttributes": {},
    }
