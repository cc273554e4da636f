"""Gathers all that a stage knows of one task: its item, its events, its executions and its dead letters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from taskbell.adapters.dynamodb.items import partition, task_key, task_of_item
from taskbell.adapters.stepfunctions import first_name, retried_name, run_name
from taskbell.application.redrive import look_through
from taskbell.application.serialization import INTERNAL, Document, task_document
from taskbell.cli.dead_letters import summary
from taskbell.cli.errors import Refused
from taskbell.cli.stage import LOCAL, Stage
from taskbell.domain.dead_letters import DeadLetter, DeadLetterKind
from taskbell.domain.task import ProcessingState, Schedule, Task
from taskbell.domain.timestamps import instant_of, instant_text

_deserialize = TypeDeserializer().deserialize
_GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Trace:
    """All about one task, under the names that --json uses; `unseen` counts dead letters that were not looked at."""

    owner_id: str
    task_id: str
    task: Document | None
    schedule: Document | None
    events: list[Document]
    executions: list[Document]
    dead_letters: list[Document]
    unseen: int

    @property
    def found(self) -> bool:
        return bool(self.task or self.events or self.executions or self.dead_letters)

    def document(self) -> Document:
        return {
            "ownerId": self.owner_id,
            "taskId": self.task_id,
            "task": self.task,
            "schedule": self.schedule,
            "events": self.events,
            "executions": self.executions,
            "deadLetters": self.dead_letters,
            "unseenDeadLetters": self.unseen,
        }


def owner_of(stage: Stage, owner: str | None) -> str:
    """The owner's id: locally a user's name is understood, and nobody is the guest. Raises Refused where one lacks."""
    if stage.name != LOCAL:
        if owner is None:
            raise Refused("Whose task? Name the owner's id (the user's `sub`) with --owner.")
        return owner
    names = {user["name"] for user in (stage.connection or {}).get("users", [])}
    if owner not in names:
        return owner or _GUEST
    user = stage.client("cognito-idp").admin_get_user(UserPoolId=stage.output("UserPoolId"), Username=owner)
    return next(str(attribute["Value"]) for attribute in user["UserAttributes"] if attribute["Name"] == "sub")


def trace(stage: Stage, owner_id: str, task_id: str) -> Trace:
    """Gather it. One read of the item, one of the events, two calls for each execution, a look at the dead letters."""
    item = _item(stage, owner_id, task_id)
    stored = list(_stored_events(stage, owner_id, task_id))
    letters, unseen = _letters_about(stage, owner_id, task_id)
    return Trace(
        owner_id=owner_id,
        task_id=task_id,
        task={name: value for name, value in item.items() if name not in INTERNAL} if item else None,
        schedule=item.get("schedule") if item else None,
        events=[_event(document) for document in stored],
        executions=list(_executions(stage, _runs(item, stored, letters))),
        dead_letters=[summary(letter) for letter in letters],
        unseen=unseen,
    )


def _item(stage: Stage, owner_id: str, task_id: str) -> Document | None:
    answer = stage.client("dynamodb").get_item(
        TableName=stage.output("TasksTableName"), Key=task_key(owner_id, task_id), ConsistentRead=True
    )
    if "Item" not in answer:
        return None
    try:
        return task_document(task_of_item(answer["Item"]))
    except (KeyError, TypeError, ValueError):  # an item that the functions cannot read is to be seen all the more
        return _document(answer["Item"])


def _stored_events(stage: Stage, owner_id: str, task_id: str) -> Iterator[Document]:
    """The task's events as the table has them, in their order."""
    pages = (
        stage.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=stage.output("TasksTableName"),
            KeyConditionExpression="pk = :owner AND begins_with(sk, :events)",
            ExpressionAttributeValues={":owner": {"S": partition(owner_id)}, ":events": {"S": f"EVENT#{task_id}#"}},
            ConsistentRead=True,
        )
    )
    for page in pages:
        yield from map(_document, page["Items"])


def _letters_about(stage: Stage, owner_id: str, task_id: str) -> tuple[list[DeadLetter], int]:
    """The dead letters about the task, and about how many of both queues could not be told to be so or not."""
    letters, unseen = look_through(stage.letters, stage.dead_letters.name)
    _, unforwarded = look_through(stage.letters, stage.unforwarded_changes.name, 0)
    return [
        letter for letter in letters if (letter.owner_id, letter.task_id) == (owner_id, task_id)
    ], unseen + unforwarded


def _event(stored: Document) -> Document:
    told = {name: stored.get(name) for name in ("version", "at", "type", "actor", "status", "previousStatus")}
    processing = stored.get("task", {}).get("processing", {}).get("state")
    return told | {"processing": processing, "changes": [_change(change) for change in stored.get("changes", [])]}


def _change(stored: Mapping[str, Any]) -> Document:
    return {name: stored.get(name) for name in ("field", "before", "after")}


def _runs(item: Document | None, stored: list[Document], letters: list[DeadLetter]) -> dict[str, int | None]:
    """The names that the task's executions can have, with the schedules that they are for.

    A version that set a schedule has left the task queued, so only such versions are asked for.
    """
    tasks = [item] if item else []
    tasks += [letter.content["task"] for letter in letters if letter.kind is DeadLetterKind.EVENT]
    versions = [(task, int(task["schedule"]["version"])) for task in tasks if "schedule" in task]
    versions += [(event["task"], int(event["version"])) for event in stored if _is_queued(event.get("task", {}))]
    runs: dict[str, int | None] = {}
    for task, version in sorted(versions, key=lambda pair: pair[1]):
        runs[_run_name(task, version)] = version
    for letter in letters:
        if letter.execution:
            runs.setdefault(first_name(letter.execution.id.rpartition(":")[2]), letter.execution.schedule_version)
    return runs


def _is_queued(task: Mapping[str, Any]) -> bool:
    return bool(task.get("processing", {}).get("state") == ProcessingState.QUEUED.value)


def _run_name(task: Mapping[str, Any], version: int) -> str:
    """The name of a run, of which the task's identity is all that counts."""
    made = instant_of(task["createdAt"])
    return run_name(Task(task["id"], task["ownerId"], "", made, made, Schedule(version, made)), version)


def _executions(stage: Stage, runs: Mapping[str, int | None]) -> Iterator[Document]:
    """Those of the runs that were executed, each followed by the executions that were started anew for it."""
    client = stage.client("stepfunctions")
    prefix = stage.output("TaskLifecycleArn").replace(":stateMachine:", ":execution:")
    told: set[str] = set()
    for run, version in runs.items():
        name, attempt = run, 1
        while name not in told:
            try:
                execution = client.describe_execution(executionArn=f"{prefix}:{name}")
            except client.exceptions.ExecutionDoesNotExist:
                break
            told.add(name)
            yield _execution(execution, version) | {"states": _states(client, execution["executionArn"])}
            attempt += 1
            name = retried_name(run, attempt)


def _execution(described: Mapping[str, Any], version: int | None) -> Document:
    return {
        "name": described["name"],
        "arn": described["executionArn"],
        "scheduleVersion": version,
        "status": described["status"],
        "startedAt": instant_text(described["startDate"]),
        "stoppedAt": instant_text(described["stopDate"]) if described.get("stopDate") else None,
        "error": described.get("error"),
        "cause": described.get("cause"),
    }


def _states(client: Any, arn: str) -> list[Document]:
    """The states that an execution passed, in their order; the last one may not have been left."""
    states: list[Document] = []
    pages = client.get_paginator("get_execution_history").paginate(
        executionArn=arn, includeExecutionData=False, PaginationConfig={"PageSize": 1000}
    )
    for event in (event for page in pages for event in page["events"]):
        at = instant_text(event["timestamp"])
        if "stateEnteredEventDetails" in event:
            states.append({"name": event["stateEnteredEventDetails"]["name"], "enteredAt": at, "leftAt": None})
        elif "stateExitedEventDetails" in event and states:
            states[-1]["leftAt"] = at
    return states


def _document(item: Mapping[str, Any]) -> Document:
    document: Document = _plain({name: _deserialize(value) for name, value in item.items()})
    return document


def _plain(value: Any) -> Any:
    """The value as JSON has it: DynamoDB's numbers are decimals."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {name: _plain(part) for name, part in value.items()}
        case list() | tuple() | set():
            return [_plain(part) for part in value]
    return value
