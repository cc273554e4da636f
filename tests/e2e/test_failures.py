"""Failures from end to end: owners and admins see the error, and admins redrive once the cause is fixed."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import getrandbits
from typing import Any
from uuid import uuid4

import boto3
import pytest

from local.ministack import boto3_arguments
from processors.advance_task import FAILURE_MESSAGE
from taskbell.adapters.dynamodb.items import task_from_item, task_item
from taskbell.adapters.dynamodb.statistics import shard_of
from taskbell.domain.ids import new_task_id
from taskbell.domain.ranks import initial_rank
from taskbell.domain.task import Schedule, Task, with_next_version
from taskbell.domain.timestamps import truncate_to_milliseconds
from tests.e2e.aws import stretch_of
from tests.e2e.following import UPDATE, Person, describe
from tests.e2e.waiting import until
from tests.support.examples import example_task
from tests.support.local_system import LocalSystem

BEFORE_THE_YEAR_1 = 2_000_000_000  # minutes; no API accepts such a reminder
SEE = "{ deadLetters(first: 100) { nodes { id kind queue ownerId taskId sentAt cause receiveCount body } unseen } }"
REDRIVE = """mutation ($input: RedriveDeadLettersInput!) { redriveDeadLetters(input: $input) {
  letters { letter { id } outcome detail } remaining errors { code field }
} }"""
GIVEN_UP_WITHIN = 90  # seconds, on a machine that has other things to do

Answer = dict[str, Any]


class Admin:
    """Linus, with the API and with the console of the local AWS."""

    def __init__(self, system: LocalSystem) -> None:
        client: Any = boto3.client
        arguments = boto3_arguments(system.settings)
        self.system = system
        self.dynamodb, self.streams, self.sqs, self.states, stacks = (
            client(name, **arguments)
            for name in ("dynamodb", "dynamodbstreams", "sqs", "stepfunctions", "cloudformation")
        )
        outputs = stacks.describe_stacks(StackName="taskbell-local")["Stacks"][0]["Outputs"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in outputs}
        self.table = self.outputs["TasksTableName"]

    def request(self, query: str, **variables: Any) -> Answer:
        """What the API answers."""
        status, answer = self.system.graphql(query, variables, authorization=self.system.token("linus"))
        assert (status, answer.get("errors")) == (200, None)
        (data,) = answer["data"].values()
        return dict(data)

    def dead_letter(self, task_id: str) -> Answer | None:
        """The dead letter about a task, if one is to be seen."""
        return next((node for node in self.request(SEE)["nodes"] if node["taskId"] == task_id), None)

    def redrives(self, *ids: str) -> Answer:
        """The payload of redriving letters."""
        return self.request(REDRIVE, input={"ids": list(ids)})

    def writes(self, task: Task) -> None:
        """Write an item directly, as in the console."""
        self.dynamodb.put_item(TableName=self.table, Item=task_item(task))

    def reads(self, owner_id: str, prefix: str) -> list[Answer]:
        """An owner's items whose sort keys begin so; those of the log, if they stand there."""
        kind = "LOG" if prefix.startswith("EVENT#") else "OWNER"
        answer = self.dynamodb.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": f"{kind}#{owner_id}"}, ":sk": {"S": prefix}},
            ConsistentRead=True,
        )
        return list(answer["Items"])


@pytest.fixture(scope="module")
def admin(system: LocalSystem) -> Admin:
    return Admin(system)


def a_task(owner_id: str, **fields: Any) -> Task:
    """A new task, due a minute ago."""
    now = truncate_to_milliseconds(datetime.now(UTC))
    made = {"created_at": now, "updated_at": now, "due_at": now - timedelta(minutes=1), "schedule": Schedule(1, now)}
    id_ = new_task_id(now, getrandbits(80))
    return example_task(id=id_, owner_id=owner_id, rank=initial_rank(now, id_), **made, **fields)


@dataclass(frozen=True)
class Spoiled:
    """A task whose event cannot be handled, and the key of the item that is why."""

    task: Task
    key: Answer


@pytest.fixture(scope="module", autouse=True)
def spoiled(admin: Admin) -> Spoiled:
    """Begun before the first test: the pipeline tries for a while, and the other tests need not wait for it."""
    task = a_task(f"spoiled-{uuid4()}")
    key = {"pk": {"S": f"STATS#{task.owner_id}#{shard_of(task.id)}"}, "sk": {"S": "STATS"}}
    admin.dynamodb.put_item(TableName=admin.table, Item={**key, "PENDING": {"S": "several"}})
    admin.writes(task)
    return Spoiled(task, key)


async def fails(task: Task, guest: Person, admin: Admin) -> Answer:
    """Let the task's workflow fail, be seen to fail, and leave its dead letter."""
    admin.writes(task)
    pushes = await guest.sees("PROCESSING_CHANGED FAILED", of=task.id)
    assert [describe(push) for push in pushes] == ["CREATED PENDING", "PROCESSING_CHANGED FAILED"]
    error = pushes[-1]["task"]["processing"]["error"]
    assert error == FAILURE_MESSAGE
    dead_letter = await until(lambda: admin.dead_letter(task.id))
    assert dead_letter is not None
    assert (dead_letter["kind"], dead_letter["queue"], dead_letter["ownerId"]) == (
        "EXECUTION",
        "TaskEventsDeadLetters",
        "guest",
    )
    assert dead_letter["cause"].startswith("OverflowError: ")
    assert json.loads(dead_letter["body"])["input"] == {"ownerId": "guest", "taskId": task.id, "scheduleVersion": 1}
    return dead_letter


async def test_a_failed_task_is_fixed_by_its_owner_and_its_dead_letter_redriven(guest: Person, admin: Admin) -> None:
    task = a_task("guest", remind_before=(BEFORE_THE_YEAR_1,))
    dead_letter = await fails(task, guest, admin)
    assert (await guest.do(UPDATE, id=task.id, remindBefore=[]))["errors"] == []
    await guest.sees("OVERDUE PENDING", "PROCESSING_CHANGED SUCCEEDED", of=task.id)
    redriven = admin.redrives(dead_letter["id"])
    execution = f"{json.loads(dead_letter['body'])['execution']}_r2"
    assert redriven["errors"] == []
    assert redriven["letters"] == [
        {
            "letter": {"id": dead_letter["id"]},
            "outcome": "STARTED",
            "detail": f"the execution {execution.rpartition(':')[2]}",
        }
    ]
    # The change handed the task to a run of its own; the one that is started anew sees that and leaves.
    await until(lambda: admin.states.describe_execution(executionArn=execution)["status"] == "SUCCEEDED")
    assert admin.dead_letter(task.id) is None
    pushes = await guest.sees("PROCESSING_CHANGED SUCCEEDED", of=task.id)
    assert len({push["version"] for push in pushes}) == pushes[-1]["version"]


async def test_a_redriven_workflow_continues_with_a_task_that_was_fixed_in_the_console(
    guest: Person, admin: Admin
) -> None:
    task = a_task("guest", remind_before=(BEFORE_THE_YEAR_1,))
    dead_letter = await fails(task, guest, admin)
    (item,) = admin.reads("guest", f"TASK#{task.id}")
    admin.writes(replace(with_next_version(task_from_item(item), datetime.now(UTC)), remind_before=()))
    await guest.sees("UPDATED PENDING", of=task.id)
    (redriven,) = admin.redrives(dead_letter["id"])["letters"]
    assert redriven["outcome"] == "STARTED"
    await guest.sees("PROCESSING_CHANGED WAITING", "OVERDUE PENDING", "PROCESSING_CHANGED SUCCEEDED", of=task.id)
    assert admin.dead_letter(task.id) is None


async def test_an_event_that_cannot_be_handled_is_given_up_with_its_cause_and_handled_when_that_is_gone(
    admin: Admin, spoiled: Spoiled
) -> None:
    owner_id, task = spoiled.task.owner_id, spoiled.task
    dead_letter = await until(lambda: admin.dead_letter(task.id), patience=GIVEN_UP_WITHIN)
    assert dead_letter is not None
    assert (dead_letter["kind"], dead_letter["ownerId"]) == ("EVENT", owner_id)
    assert "TransactWriteItems" in dead_letter["cause"]
    assert json.loads(dead_letter["body"])["task"]["id"] == task.id
    assert admin.reads(owner_id, "EVENT#") == []
    admin.dynamodb.delete_item(TableName=admin.table, Key=spoiled.key)
    redriven = admin.redrives(dead_letter["id"], "nowhere")
    assert [each["outcome"] for each in redriven["letters"]] == ["SENT"]
    assert redriven["errors"] == [{"code": "NOT_FOUND", "field": ["input", "ids", "1"]}]
    events = await until(lambda: admin.reads(owner_id, f"EVENT#{task.id}#"))
    assert events[0]["type"]["S"] == "CREATED"
    assert admin.dead_letter(task.id) is None


async def test_changes_that_were_never_forwarded_are_forwarded_when_an_admin_says_so(
    guest: Person, admin: Admin
) -> None:
    task = a_task("guest")
    admin.writes(task)
    await guest.sees("PROCESSING_CHANGED SUCCEEDED", of=task.id)
    body = json.dumps(
        {
            "requestContext": {"condition": "E"},
            "DDBStreamBatchInfo": stretch_of(admin.streams, admin.table, f"TASK#{task.id}"),
        }
    )
    sent = admin.sqs.send_message(QueueUrl=admin.outputs["UnforwardedChangesUrl"], MessageBody=body)
    (seen,) = [node for node in admin.request(SEE)["nodes"] if node["id"] == sent["MessageId"]]
    assert (seen["kind"], seen["queue"], seen["taskId"], seen["cause"]) == ("CHANGES", "UnforwardedChanges", None, "E")
    (redriven,) = admin.redrives(seen["id"])["letters"]
    assert (redriven["outcome"], redriven["detail"]) == ("FORWARDED", "1 changes, passed on again")
    assert seen["id"] not in [node["id"] for node in admin.request(SEE)["nodes"]]


@pytest.mark.parametrize("name", [None, "ada", "grace"])
def test_nobody_but_admins_may_see_or_redrive_dead_letters(system: LocalSystem, name: str | None) -> None:
    credentials = {"authorization": system.token(name)} if name else {}
    for query in (SEE, 'mutation { redriveDeadLetters(input: {ids: ["x"]}) { remaining } }'):
        status, answer = system.graphql(query, {}, **credentials)
        (error,) = answer["errors"]
        assert (status, any((answer["data"] or {}).values()), error["errorType"]) == (200, False, "Unauthorized")
