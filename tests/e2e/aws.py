"""Direct access to the local AWS, without the API."""

import json
from collections.abc import Callable
from typing import Any

import boto3

from local.ministack import boto3_arguments
from taskbell.adapters.dynamodb.items import task_from_item, task_item
from taskbell.adapters.dynamodb.statistics import DynamoDBStatisticsRepository
from taskbell.adapters.stepfunctions import run_name
from taskbell.domain.task import Task
from tests.support.examples import uuid_of
from tests.support.local_system import LocalSystem


class Aws:
    """The local AWS, as its root sees it."""

    def __init__(self, system: LocalSystem) -> None:
        client: Any = boto3.client
        arguments = boto3_arguments(system.settings)
        self.dynamodb, self.sqs, self.states, self.functions = (
            client(name, **arguments) for name in ("dynamodb", "sqs", "stepfunctions", "lambda")
        )
        self._dead_letters: list[dict[str, Any]] = []

    def variable(self, function: str, name: str) -> str:
        """A value of a function's environment."""
        configuration = self.functions.get_function_configuration(FunctionName=f"taskbell-local-{function}")
        return str(configuration["Environment"]["Variables"][name])

    def items(self, owner: str, prefix: str) -> list[dict[str, Any]]:
        """An owner's items whose sort keys begin so; those of the log, if they stand there."""
        kind = "LOG" if prefix.startswith(("EVENT#", "NOTE#", "GONE#")) else "OWNER"
        answer = self.dynamodb.query(
            TableName=self.variable("writeTasks", "TASKS_TABLE"),
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": f"{kind}#{owner}"}, ":sk": {"S": prefix}},
            ConsistentRead=True,
        )
        items: list[dict[str, Any]] = answer["Items"]
        return items

    def task(self, owner: str, task_id: str) -> Task:
        """A task as it is stored, by its id or its key."""
        name = uuid_of(task_id)
        kept = self.items(owner, f"KEY#{name}")
        return task_from_item(self.items(owner, f"TASK#{kept[0]['taskId']['S'] if kept else name}")[0])

    def write(self, task: Task) -> None:
        """Write a task directly, as an operator might in the console."""
        self.dynamodb.put_item(TableName=self.variable("writeTasks", "TASKS_TABLE"), Item=task_item(task))

    def remove(self, task: Task) -> None:
        """Remove a task from the table, as its time to live does, or somebody in the console."""
        key = {name: value for name, value in task_item(task).items() if name in {"pk", "sk"}}
        self.dynamodb.delete_item(TableName=self.variable("writeTasks", "TASKS_TABLE"), Key=key)

    def count(self, owner: str, name: str) -> int:
        """What an owner's statistics count under a name."""
        table = self.variable("writeTasks", "TASKS_TABLE")
        return DynamoDBStatisticsRepository(self.dynamodb, table).get(owner, consistent=True).counts[name]

    def run(self, task: Task, schedule: int) -> dict[str, Any]:
        """The execution of a task's schedule."""
        machine = self.variable("handleEvents", "STATE_MACHINE_ARN").replace(":stateMachine:", ":execution:")
        described: dict[str, Any] = self.states.describe_execution(executionArn=f"{machine}:{run_name(task, schedule)}")
        return described

    def all_dead_letters(self) -> list[dict[str, Any]]:
        """The messages that are or were in the dead-letter queue; SQS returns ten at a time, and not always each."""
        while messages := self._more_dead_letters():
            self._dead_letters += messages
        return self._dead_letters

    def dead_letter(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        """A message whose body is wanted, if there is one."""
        return next((each for each in self.all_dead_letters() if wanted(json.loads(each["Body"]))), None)

    def _more_dead_letters(self) -> list[dict[str, Any]]:
        answer = self.sqs.receive_message(
            QueueUrl=self.variable("handleEvents", "DEAD_LETTERS_URL"),
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages


def stretch_of(streams: Any, table: str, sort_key: str) -> dict[str, str]:
    """The stretch of a table's stream that holds the first change of an item, as Lambda names it."""
    stream = streams.list_streams(TableName=table)["Streams"][0]["StreamArn"]
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    where = {"StreamArn": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    page = {"NextShardIterator": streams.get_shard_iterator(**where)["ShardIterator"]}
    while (page := streams.get_records(ShardIterator=page["NextShardIterator"]))["Records"]:
        for change in (record["dynamodb"] for record in page["Records"]):
            if change["Keys"]["sk"]["S"] == sort_key:
                ends = dict.fromkeys(("startSequenceNumber", "endSequenceNumber"), change["SequenceNumber"])
                return {"streamArn": stream, "shardId": shard, **ends}
    raise AssertionError(f"The stream holds no change of {sort_key}.")
