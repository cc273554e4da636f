"""A stage on the AWS of moto, and the command `taskbell` run upon it."""

import json
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from typer.testing import CliRunner, Result

from taskbell.adapters.dynamodb.items import task_item
from taskbell.adapters.dynamodb.log_items import event_item
from taskbell.cli.app import app
from taskbell.cli.stage import Stage, Target
from taskbell.domain.events import TaskEvent
from taskbell.domain.task import Task

Clients = dict[str, Any]


@dataclass
class Operated:
    """A stage and its operator."""

    stage: Stage
    clients: Clients
    targets: list[Target] = field(default_factory=list)

    def run(self, *arguments: str, status: int = 0, stdin: str | None = None) -> Result:
        """Run the command, which must end with that status."""
        result = CliRunner().invoke(app, arguments, obj=self._open, input=stdin)
        assert result.exit_code == status, result.output + repr(result.exception)
        return result

    def run_json(self, *arguments: str, status: int = 0, stdin: str | None = None) -> Any:
        """What the command answers with --json."""
        return json.loads(self.run(*arguments, "--json", status=status, stdin=stdin).stdout)

    def add_dead_letter(self, body: object, group: str = "ada/essay", cause: str | None = None) -> str:
        """Send a message to the dead-letter queue; its id."""
        attributes = {"cause": {"DataType": "String", "StringValue": cause}} if cause else {}
        answer = self.clients["sqs"].send_message(
            QueueUrl=self.stage.task_events_dead_letters.url,
            MessageBody=json.dumps(body),
            MessageGroupId=group,
            MessageDeduplicationId=str(uuid4()),
            MessageAttributes=attributes,
        )
        return str(answer["MessageId"])

    def received(self, url: str) -> list[dict[str, Any]]:
        """Receive the messages of a queue."""
        answer = self.clients["sqs"].receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def store(self, task: Task, *events: TaskEvent) -> None:
        """Put a task and its events into the table."""
        for item in (task_item(task), *(event_item(event, event.at) for event in events)):
            self.put(item)

    def put(self, item: dict[str, Any]) -> None:
        """Put an item into the table as it is, which may be invalid."""
        self.clients["dynamodb"].put_item(TableName="tasks", Item=item)

    def _open(self, target: Target) -> Stage:
        self.targets.append(target)
        return replace(self.stage, name=target.stage or "local", connection=None if target.stage else {"users": []})


class Changed:
    """A client of which some deeds are others."""

    def __init__(self, client: Any, **deeds: Any) -> None:
        self._client = client
        self._deeds = deeds

    def __getattr__(self, name: str) -> Any:
        return self._deeds[name] if name in self._deeds else getattr(self._client, name)
