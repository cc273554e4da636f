"""The figures of the pipeline, from the AWS of moto."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from taskbell import bootstrap
from taskbell.adapters.aws_pipeline import MAX_COUNTED, AwsPipelineMonitor
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.pipeline import EventsQueue, ExecutionCount, ExecutionStatus, Metric, QueueFigures, TableFigures
from tests.support.aws import ACCOUNT, ENVIRONMENT, Aws, client

MINUTE = timedelta(minutes=1)
LAG = ("AWS/Lambda", "IteratorAge", "FunctionName", "forwardChanges")
AGE = ("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", "events.fifo")
PUSHES = ("AWS/AppSync", "PublishDataMessageSuccess", "GraphQLAPIId", "the-api")


@pytest.fixture
def monitor(aws: Aws) -> AwsPipelineMonitor:
    found = bootstrap.pipeline_monitor()
    assert isinstance(found, AwsPipelineMonitor)
    return found


def measure(source: tuple[str, str, str, str], value: float, at: datetime) -> None:
    namespace, name, dimension, of = source
    point = {"MetricName": name, "Dimensions": [{"Name": dimension, "Value": of}], "Value": value, "Timestamp": at}
    client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[point])


def minutes_ago(number: int) -> datetime:
    return bootstrap.now().replace(second=30, microsecond=0) - number * MINUTE


def test_the_table_has_its_status_and_the_number_of_its_items(aws: Aws, monitor: AwsPipelineMonitor) -> None:
    aws.dynamodb.put_item(TableName="tasks", Item={"pk": {"S": "OWNER#ada"}, "sk": {"S": "TASK#essay"}})
    assert monitor.table() == TableFigures("ACTIVE", 1)


def test_a_queue_tells_visible_messages_from_those_in_flight_and_delayed_ones(
    aws: Aws, monitor: AwsPipelineMonitor
) -> None:
    for number in range(4):
        delay = 900 if number == 3 else 0
        aws.sqs.send_message(QueueUrl=aws.unforwarded_url, MessageBody=str(number), DelaySeconds=delay)
    aws.sqs.receive_message(QueueUrl=aws.unforwarded_url, MaxNumberOfMessages=1)
    assert monitor.queue(EventsQueue.UNFORWARDED_CHANGES) == QueueFigures(visible=2, in_flight=1, delayed=1)
    assert monitor.queue(EventsQueue.TASK_EVENTS) == QueueFigures(0, 0, 0)


def test_executions_are_counted_by_status(aws: Aws, monitor: AwsPipelineMonitor) -> None:
    states, machine = client("stepfunctions"), ENVIRONMENT["STATE_MACHINE_ARN"]
    for name in "abc":
        states.start_execution(stateMachineArn=machine, name=name, input="{}")
    states.stop_execution(executionArn=f"{machine.replace(':stateMachine:', ':execution:')}:a")
    assert monitor.executions(ExecutionStatus.RUNNING) == ExecutionCount(2, at_least=False)
    assert monitor.executions(ExecutionStatus.ABORTED) == ExecutionCount(1, at_least=False)
    assert monitor.executions(ExecutionStatus.FAILED) == ExecutionCount(0, at_least=False)


def test_more_executions_than_one_answer_has_are_at_least_so_many(monitor: AwsPipelineMonitor) -> None:
    arn = f"arn:aws:states:eu-central-1:{ACCOUNT}:"
    run = {
        "executionArn": f"{arn}execution:m:run",
        "stateMachineArn": f"{arn}stateMachine:m",
        "name": "run",
        "status": "RUNNING",
        "startDate": bootstrap.now(),
    }
    with Stubber(monitor.step_functions_client) as stubber:
        stubber.add_response("list_executions", {"executions": [run] * MAX_COUNTED, "nextToken": "more"})
        assert monitor.executions(ExecutionStatus.RUNNING) == ExecutionCount(MAX_COUNTED, at_least=True)


def test_the_last_minute_of_a_metric_counts_in_seconds(monitor: AwsPipelineMonitor) -> None:
    measure(LAG, 90_000, minutes_ago(4))
    measure(LAG, 250, minutes_ago(2))
    measure(LAG, 1_500, minutes_ago(2))
    measure(AGE, 12, minutes_ago(3))
    measured = monitor.measurements(list(Metric))
    assert {metric: (found.value, found.at) for metric, found in measured.items()} == {
        Metric.FORWARD_CHANGES_LAG: (1.5, minutes_ago(2).replace(second=0)),
        Metric.TASK_EVENTS_AGE: (12, minutes_ago(3).replace(second=0)),
    }


def test_what_was_measured_long_ago_is_not_known_now(monitor: AwsPipelineMonitor) -> None:
    measure(LAG, 90_000, minutes_ago(12))
    assert monitor.measurements(list(Metric)) == {}


def test_pushes_of_an_hour_are_added(monitor: AwsPipelineMonitor) -> None:
    for minute, pushes in ((70, 1_000), (50, 4), (20, 2), (20, 1)):
        measure(PUSHES, pushes, minutes_ago(minute))
    pushed = monitor.measurements([Metric.PUSHES_DELIVERED])[Metric.PUSHES_DELIVERED]
    assert (pushed.value, pushed.at) == (7, minutes_ago(20).replace(second=0))


def test_all_metrics_are_one_request(monitor: AwsPipelineMonitor) -> None:
    requests: list[str] = []

    def seen(model: Any, **_: Any) -> None:
        requests.append(model.name)

    monitor.cloudwatch_client.meta.events.register("before-call", seen)
    monitor.measurements(list(Metric))
    monitor.cloudwatch_client.meta.events.unregister("before-call", seen)
    assert requests == ["GetMetricData"]


def test_pages_of_a_metric_are_added(monitor: AwsPipelineMonitor) -> None:
    def page(value: float, **more: str) -> Any:
        return {
            "MetricDataResults": [
                {"Id": "m0", "Timestamps": [minutes_ago(1)], "Values": [value], "StatusCode": "PartialData"}
            ],
            **more,
        }

    with Stubber(monitor.cloudwatch_client) as stubber:
        stubber.add_response("get_metric_data", page(3, NextToken="more"))
        stubber.add_response("get_metric_data", page(4))
        assert monitor.measurements([Metric.PUSHES_DELIVERED])[Metric.PUSHES_DELIVERED].value == 7


def test_a_metric_that_cloudwatch_fails_to_read_is_not_taken_for_nothing(monitor: AwsPipelineMonitor) -> None:
    failed = {"Id": "m0", "Timestamps": [], "Values": [], "StatusCode": "InternalError"}
    with Stubber(monitor.cloudwatch_client) as stubber:
        stubber.add_response("get_metric_data", {"MetricDataResults": [failed]})
        with pytest.raises(UnavailableError):
            monitor.measurements([Metric.SUBSCRIPTIONS])


@pytest.mark.parametrize("service", ["dynamodb", "sqs", "stepfunctions", "cloudwatch"])
def test_an_aws_that_does_not_answer_is_unavailable(monitor: AwsPipelineMonitor, service: str) -> None:
    def stop(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://nowhere")

    read = {
        "dynamodb": (monitor.dynamodb_client, monitor.table),
        "sqs": (monitor.sqs_client, lambda: monitor.queue(EventsQueue.TASK_EVENTS)),
        "stepfunctions": (monitor.step_functions_client, lambda: monitor.executions(ExecutionStatus.FAILED)),
        "cloudwatch": (monitor.cloudwatch_client, lambda: monitor.measurements(list(Metric))),
    }
    of_service, figure = read[service]
    of_service.meta.events.register("before-call", stop)
    try:
        with pytest.raises(UnavailableError):
            figure()
    finally:
        of_service.meta.events.unregister("before-call", stop)


def test_the_dimensions_of_metrics_are_names(monitor: AwsPipelineMonitor) -> None:
    dimensions = {source.dimension for source in monitor.resources.metrics.values()}
    assert json.dumps(sorted(dimensions)) == json.dumps(
        [
            ["FunctionName", "forwardChanges"],
            ["FunctionName", "pushNotifications"],
            ["GraphQLAPIId", "the-api"],
            ["QueueName", "dead-letters.fifo"],
            ["QueueName", "events.fifo"],
            ["QueueName", "unforwarded"],
        ]
    )
    assert monitor.resources.metrics.keys() == set(Metric)
