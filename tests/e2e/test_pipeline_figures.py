"""An admin sees the figures of the running system, also those of its CloudWatch, and why a task has failed."""

import json
from typing import Any

import boto3

from local.ministack import boto3_arguments
from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import event_between
from tests.e2e.following import CREATE, Person
from tests.e2e.waiting import until
from tests.support.examples import example_task, fresh_id
from tests.support.local_system import LocalSystem

FIGURES = """{ pipeline {
  table { status itemCount }
  forwardChanges { lagSeconds measuredAt }
  taskEvents { visible inFlight delayed oldestAgeSeconds }
  taskEventsDeadLetters { visible }
  executions { status count atLeast }
  pushes { delivered subscriptions }
  unknown { figure reason }
} }"""
TRACE = """query ($id: ID!, $ownerId: ID) { taskTrace(id: $id, ownerId: $ownerId) {
  deadLetters { id cause body } executions { name } events { type }
} }"""


def ask(system: LocalSystem, query: str, **variables: str) -> Any:
    status, answer = system.graphql(query, variables, authorization=system.token("linus"))
    assert (status, answer.get("errors")) == (200, None)
    return answer["data"]


async def test_the_figures_are_those_of_the_running_system(system: LocalSystem, guest: Person) -> None:
    created = (await guest.do(CREATE, title="Read"))["task"]
    await guest.sees("CREATED PENDING", "PROCESSING_CHANGED RUNNING", of=created["id"])

    def measured() -> Any:
        figures = ask(system, FIGURES)["pipeline"]
        return figures if figures["unknown"] == [] and figures["pushes"]["subscriptions"] else None

    figures = await until(measured)
    assert figures["table"]["status"] == "ACTIVE"
    assert figures["table"]["itemCount"] > 0
    assert 0 <= figures["forwardChanges"]["lagSeconds"] < 60
    assert figures["taskEvents"]["oldestAgeSeconds"] >= 0
    assert figures["pushes"]["delivered"] > 0
    counts = {each["status"]: each["count"] for each in figures["executions"]}
    assert counts["SUCCEEDED"] + counts["RUNNING"] > 0


async def test_a_dead_letter_is_in_the_trace_of_its_task(system: LocalSystem) -> None:
    create: Any = boto3.client
    sqs = create("sqs", **boto3_arguments(system.settings))
    url = sqs.get_queue_url(QueueName="taskbell-local-TaskEventsDeadLetters.fifo")["QueueUrl"]
    task = example_task(id=fresh_id(), owner_id="nobody")
    sent = sqs.send_message(
        QueueUrl=url,
        MessageBody=json.dumps(event_to_dict(event_between(None, task))),
        MessageGroupId=task.id,
        MessageDeduplicationId=task.id,
        MessageAttributes={"cause": {"DataType": "String", "StringValue": "KeyError: 'title'"}},
    )

    def traced() -> Any:
        found = ask(system, TRACE, id=task.id, ownerId="nobody")["taskTrace"]
        return found and found["deadLetters"]

    (dead_letter,) = await until(traced)
    assert (dead_letter["id"], dead_letter["cause"]) == (sent["MessageId"], "KeyError: 'title'")
    redrive = (
        "mutation ($id: ID!) { redriveDeadLetters(input: { ids: [$id] }) { letters { outcome } errors { code } } }"
    )
    answer = ask(system, redrive, id=dead_letter["id"])["redriveDeadLetters"]
    assert answer == {"letters": [{"outcome": "SENT"}], "errors": []}
