"""Admins observe the pipeline, and trace tasks of anybody."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from resolvers.observe_pipeline import handler
from taskbell import bootstrap
from taskbell.adapters.dynamodb.items import task_item
from taskbell.adapters.dynamodb.log_items import event_item
from taskbell.adapters.stepfunctions import run_name
from taskbell.api.global_ids import task_id
from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import event_between
from taskbell.domain.lifecycle import accepted
from taskbell.domain.task import Schedule, Task
from tests.support.aws import ENVIRONMENT, Aws, client
from tests.support.examples import LATER, NOW, example_task
from tests.support.lambdas import ADA, CONTEXT, GRACE, LINUS, GraphqlError, appsync_event, call

TASK = example_task(id="0196a5b4-0000-7000-8000-000000000001", owner_id="ada")
ID = task_id("ada", TASK.id)


def ask(field: str, selection: str = "", identity: Any = LINUS, **arguments: Any) -> Any:
    event = appsync_event("Query", field, arguments, identity)
    event["info"]["selectionSetGraphQL"] = selection
    return call(handler, event)


def trace(**arguments: Any) -> Any:
    return ask("taskTrace", **{"id": ID, **arguments})


def store(aws: Aws, task: Task, *earlier: Task) -> None:
    """Store a task with the events of its versions."""
    aws.dynamodb.put_item(TableName="tasks", Item=task_item(task))
    versions = [None, *earlier, task]
    for before, after in pairwise(versions):
        assert after
        aws.dynamodb.put_item(TableName="tasks", Item=event_item(event_between(before, after), NOW))


def start(schedule_version: int = 1) -> str:
    machine = ENVIRONMENT["STATE_MACHINE_ARN"]
    run = run_name(TASK, schedule_version)
    return str(client("stepfunctions").start_execution(stateMachineArn=machine, name=run)["executionArn"])


def add_dead_letter(aws: Aws, body: object) -> str:
    sent = aws.sqs.send_message(
        QueueUrl=aws.dead_letters_url,
        MessageBody=json.dumps(body),
        MessageGroupId="ada/essay",
        MessageDeduplicationId=str(uuid4()),
        MessageAttributes={"cause": {"DataType": "String", "StringValue": "KeyError: 'title'"}},
    )
    return str(sent["MessageId"])


@pytest.mark.parametrize("identity", [None, ADA, GRACE, ADA | {"groups": ["Admins", "admins staff"]}])
def test_nobody_but_admins_observes(aws: Aws, identity: Any) -> None:
    store(aws, TASK)
    for field, arguments in (("pipeline", {}), ("taskTrace", {"id": ID})):
        with pytest.raises(GraphqlError, match="FORBIDDEN"):
            ask(field, "", identity, **arguments)


def test_the_figures_are_of_now(aws: Aws) -> None:
    store(aws, TASK)
    start()
    add_dead_letter(aws, {})
    seen = ask("pipeline")
    assert seen["table"] == {"status": "ACTIVE", "itemCount": 2}
    idle = {"visible": 0, "inFlight": 0, "delayed": 0, "oldestAgeSeconds": None, "measuredAt": None}
    assert (seen["taskEvents"], seen["taskEventsDeadLetters"]) == (idle, idle | {"visible": 1})
    counts = {each["status"]: each["count"] for each in seen["executions"]}
    assert counts == {"RUNNING": 1, "SUCCEEDED": 0, "FAILED": 0, "TIMED_OUT": 0, "ABORTED": 0}


def test_what_was_not_measured_is_null_and_says_so(aws: Aws) -> None:
    seen = ask("pipeline")
    assert seen["forwardChanges"] == {"lagSeconds": None, "measuredAt": None}
    assert set(seen["pushes"].values()) == {None}
    assert {each["figure"]: each["reason"] for each in seen["unknown"]} == dict.fromkeys(
        (
            "forwardChanges.lagSeconds",
            "pushNotifications.lagSeconds",
            "taskEvents.oldestAgeSeconds",
            "taskEventsDeadLetters.oldestAgeSeconds",
            "unforwardedChanges.oldestAgeSeconds",
            "pushes.delivered",
            "pushes.subscriptions",
        ),
        "NOT_MEASURED",
    )


def test_what_was_measured_is_shown_with_its_minute(aws: Aws) -> None:
    at = bootstrap.now().replace(second=0, microsecond=0) - timedelta(minutes=2)
    dimensions = [{"Name": "GraphQLAPIId", "Value": "the-api"}]
    for name, value in (("PublishDataMessageSuccess", 5.0), ("ActiveSubscriptions", 2.0)):
        point = {"MetricName": name, "Dimensions": dimensions, "Value": value, "Timestamp": at}
        client("cloudwatch").put_metric_data(Namespace="AWS/AppSync", MetricData=[point])
    seen = ask("pipeline", "{ pushes { delivered deliveredAt subscriptions subscriptionsAt } unknown { figure } }")
    minute = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    pushes = {"delivered": 5, "deliveredAt": minute, "subscriptions": 2, "subscriptionsAt": minute}
    assert seen == {"pushes": pushes, "unknown": []}


@pytest.fixture
def requests(aws: Aws) -> Any:
    """The requests to AWS from now on."""
    seen: list[str] = []

    def record(model: Any, **_: Any) -> None:
        seen.append(model.name)

    services = [bootstrap.clients()(name) for name in ("dynamodb", "sqs", "stepfunctions", "cloudwatch")]
    for each in services:
        each.meta.events.register("before-call", record)
    yield seen
    for each in services:
        each.meta.events.unregister("before-call", record)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ("{ readAt }", []),
        ("{ table { status } }", ["DescribeTable"]),
        ("{ taskEvents { visible } unforwardedChanges { delayed } }", ["GetQueueAttributes"] * 2),
        ("{ taskEvents { oldestAgeSeconds } forwardChanges { lagSeconds } }", ["GetMetricData"]),
        ("{ executions { count } }", ["ListExecutions"] * 5),
        ("", ["DescribeTable", "GetMetricData", *["GetQueueAttributes"] * 3, *["ListExecutions"] * 5]),
    ],
)
def test_a_figure_costs_a_request_and_those_of_cloudwatch_one_together(
    requests: list[str], selection: str, expected: list[str]
) -> None:
    ask("pipeline", selection)
    assert sorted(requests) == expected


def test_what_aws_does_not_answer_is_unavailable_and_the_rest_is_there(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttled(**_: Any) -> Any:
        error = {"Error": {"Code": "Throttling", "Message": "Rate exceeded"}}
        raise client("cloudwatch").exceptions.ClientError(error, "GetMetricData")

    cloudwatch = bootstrap.clients()("cloudwatch")
    cloudwatch.meta.events.register("before-call", throttled)
    try:
        seen = ask("pipeline", "{ table { itemCount } forwardChanges { lagSeconds } unknown { figure reason } }")
    finally:
        cloudwatch.meta.events.unregister("before-call", throttled)
    assert seen == {
        "table": {"itemCount": 0},
        "forwardChanges": {"lagSeconds": None},
        "unknown": [{"figure": "forwardChanges.lagSeconds", "reason": "UNAVAILABLE"}],
    }


def test_a_trace_has_the_task_its_events_and_its_execution(aws: Aws) -> None:
    running = accepted(TASK, LATER)
    store(aws, running, TASK)
    arn = start()
    seen = trace()
    assert (seen["ownerId"], seen["taskId"], seen["task"]["id"]) == ("ada", TASK.id, ID)
    assert (seen["scheduleVersion"], seen["invalidItem"]) == (1, None)
    assert [(event["type"], event["processing"]) for event in seen["events"]] == [
        ("CREATED", "QUEUED"),
        ("PROCESSING_CHANGED", "RUNNING"),
    ]
    (execution,) = seen["executions"]
    assert (execution["arn"], execution["scheduleVersion"], execution["status"]) == (arn, 1, "RUNNING")
    assert (execution["stoppedAt"], execution["error"]) == (None, None)
    assert (seen["omittedEvents"], seen["omittedSchedules"], seen["deadLetters"]) == (0, 0, [])


def test_a_trace_has_the_dead_letters_about_the_task_and_no_others(aws: Aws) -> None:
    store(aws, TASK)
    about = add_dead_letter(aws, event_to_dict(event_between(None, TASK)))
    add_dead_letter(aws, event_to_dict(event_between(None, replace(TASK, id="another"))))
    seen = trace()
    assert [(each["id"], each["cause"]) for each in seen["deadLetters"]] == [(about, "KeyError: 'title'")]
    assert seen["unseenDeadLetters"] == 0


def test_dead_letters_are_received_only_if_they_are_selected(aws: Aws, requests: list[str]) -> None:
    store(aws, TASK)
    requests.clear()
    seen = ask("taskTrace", "{ events { type } executions { name } }", id=ID)
    assert seen == {"events": [{"type": "CREATED"}], "executions": []}
    assert requests == ["GetItem", "Query", "DescribeExecution"]


def test_earlier_events_and_schedules_are_counted(aws: Aws) -> None:
    versions = [replace(TASK, version=1)]
    for number in range(2, 121):
        due = LATER + timedelta(minutes=number)
        versions.append(replace(TASK, version=number, due_at=due, schedule=Schedule(number, NOW)))
    store(aws, versions[-1], *versions[:-1])
    for number in (105, 115, 120):
        start(number)
    seen = trace()
    assert (len(seen["events"]), seen["omittedEvents"], seen["events"][0]["version"]) == (100, 20, 21)
    assert [each["scheduleVersion"] for each in seen["executions"]] == [115, 120]
    assert seen["omittedSchedules"] == 110


@pytest.mark.parametrize(
    "arguments",
    [
        {"id": task_id("ada", "0196a5b4-0000-7000-8000-00000000000f")},
        {"id": TASK.id, "ownerId": "bob"},
        {"id": ID, "ownerId": "bob"},
        {"id": "no/slash"},
        {"id": ""},
        {"id": 7},
        {},
    ],
)
def test_what_leaves_no_trace_is_null(aws: Aws, arguments: Any) -> None:
    store(aws, TASK)
    assert ask("taskTrace", **arguments) is None


def test_a_task_is_traced_by_its_owner_and_its_id_or_key(aws: Aws) -> None:
    keyed = replace(TASK, key="essay-1")
    assert bootstrap.task_repository().add(keyed) is None
    for name in (TASK.id, "essay-1"):
        assert trace(id=name, ownerId="ada")["task"]["title"] == TASK.title


def test_an_invalid_item_is_shown_as_it_is_stored(aws: Aws) -> None:
    item = {"pk": {"S": "OWNER#ada"}, "sk": {"S": f"TASK#{TASK.id}"}, "title": {"N": "3"}}
    aws.dynamodb.put_item(TableName="tasks", Item=item)
    odd = {"pk": {"S": "LOG#ada"}, "sk": {"S": f"EVENT#{TASK.id}#1"}, "at": {"N": "1"}, "changes": {"L": [{"S": "x"}]}}
    aws.dynamodb.put_item(TableName="tasks", Item=odd)
    seen = trace()
    assert (seen["task"], seen["scheduleVersion"]) == (None, None)
    assert json.loads(seen["invalidItem"])["title"] == 3
    (event,) = seen["events"]
    assert (event["at"], event["type"], event["changes"]) == (None, None, [])


def test_each_alias_is_a_call_with_an_answer_of_its_own(aws: Aws) -> None:
    batch: Any = [appsync_event("Query", "pipeline", {}, who) for who in (LINUS, ADA)]
    first, second = handler(batch, CONTEXT)
    assert (first["data"]["table"]["status"], second["error"]["type"]) == ("ACTIVE", "FORBIDDEN")
