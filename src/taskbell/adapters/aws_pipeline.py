"""The figures of the pipeline from DynamoDB, SQS, Step Functions and CloudWatch.

CloudWatch has a value for each minute in which something was measured, some minutes after it; how old SQS' oldest
message is, and how far a function is behind a stream, is nowhere else. Sources: Amazon CloudWatch API Reference,
GetMetricData; AWS Lambda Developer Guide, "Types of metrics for Lambda functions" (IteratorAge); Amazon SQS Developer
Guide, "Available CloudWatch metrics for Amazon SQS"; AWS AppSync Developer Guide, "Using CloudWatch to monitor and log
GraphQL API data" (PublishDataMessageSuccess, ActiveSubscriptions).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.pipeline import (
    EventsQueue,
    ExecutionCount,
    ExecutionStatus,
    Measurement,
    Metric,
    QueueFigures,
    TableFigures,
)

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

MAX_COUNTED = 1_000  # the most that Step Functions lists in one answer
SUMMED = timedelta(hours=1)
OF_LATE = timedelta(minutes=10)
_MINUTE = 60
Point = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class MetricSource:
    """Where CloudWatch keeps a metric.

    Attributes:
        namespace: The service.
        name: The metric.
        dimension: The name and the value of its dimension.
        statistic: What is asked of a minute.
        scale: What a value is multiplied by.
        summed: Whether the values of an hour are added; otherwise the last one counts, for some minutes.
    """

    namespace: str
    name: str
    dimension: tuple[str, str]
    statistic: str = "Maximum"
    scale: float = 1
    summed: bool = False


@dataclass(frozen=True, slots=True)
class PipelineResources:
    """The names of what is observed.

    Attributes:
        table: The table.
        queue_urls: The queues.
        state_machine_arn: The workflow.
        forward_changes: The function that reads the table's stream for events.
        push_notifications: The one that reads it for notifications.
        graphql_api_id: The API that pushes.
    """

    table: str
    queue_urls: Mapping[EventsQueue, str]
    state_machine_arn: str
    forward_changes: str
    push_notifications: str
    graphql_api_id: str

    @property
    def metrics(self) -> Mapping[Metric, MetricSource]:
        """Where each metric is kept."""
        names = {queue: ("QueueName", url.rpartition("/")[2]) for queue, url in self.queue_urls.items()}
        pushed = ("GraphQLAPIId", self.graphql_api_id)
        return {
            Metric.FORWARD_CHANGES_LAG: _lag_of(self.forward_changes),
            Metric.PUSH_NOTIFICATIONS_LAG: _lag_of(self.push_notifications),
            Metric.TASK_EVENTS_AGE: _age_in(names[EventsQueue.TASK_EVENTS]),
            Metric.TASK_EVENTS_DEAD_LETTERS_AGE: _age_in(names[EventsQueue.TASK_EVENTS_DEAD_LETTERS]),
            Metric.UNFORWARDED_CHANGES_AGE: _age_in(names[EventsQueue.UNFORWARDED_CHANGES]),
            Metric.PUSHES_DELIVERED: MetricSource(
                "AWS/AppSync", "PublishDataMessageSuccess", pushed, "Sum", summed=True
            ),
            Metric.SUBSCRIPTIONS: MetricSource("AWS/AppSync", "ActiveSubscriptions", pushed, "Sum"),
        }


def _lag_of(function: str) -> MetricSource:
    return MetricSource("AWS/Lambda", "IteratorAge", ("FunctionName", function), scale=0.001)  # of milliseconds


def _age_in(queue: tuple[str, str]) -> MetricSource:
    return MetricSource("AWS/SQS", "ApproximateAgeOfOldestMessage", queue)


@dataclass(frozen=True, slots=True)
class AwsPipelineMonitor:
    """Implements `PipelineMonitor`; each method is one request."""

    dynamodb_client: "DynamoDBClient"
    sqs_client: "SQSClient"
    step_functions_client: "SFNClient"
    cloudwatch_client: "CloudWatchClient"
    resources: PipelineResources
    clock: Callable[[], datetime]

    @translate_transient_errors()
    def table(self) -> TableFigures:
        """Return the figures of the table."""
        table = self.dynamodb_client.describe_table(TableName=self.resources.table)["Table"]
        return TableFigures(table["TableStatus"], table["ItemCount"])

    @translate_transient_errors()
    def queue(self, queue: EventsQueue) -> QueueFigures:
        """Return the figures of a queue."""
        attributes = self.sqs_client.get_queue_attributes(
            QueueUrl=self.resources.queue_urls[queue],
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesDelayed",
                "ApproximateNumberOfMessagesNotVisible",
            ],
        )["Attributes"]
        return QueueFigures(
            int(attributes["ApproximateNumberOfMessages"]),
            int(attributes["ApproximateNumberOfMessagesNotVisible"]),
            int(attributes["ApproximateNumberOfMessagesDelayed"]),
        )

    @translate_transient_errors()
    def executions(self, status: ExecutionStatus) -> ExecutionCount:
        """Count the executions of a status, up to `MAX_COUNTED`."""
        page = self.step_functions_client.list_executions(
            stateMachineArn=self.resources.state_machine_arn, statusFilter=status.value, maxResults=MAX_COUNTED
        )
        return ExecutionCount(len(page["executions"]), at_least="nextToken" in page)

    @translate_transient_errors()
    def measurements(self, metrics: Collection[Metric]) -> Mapping[Metric, Measurement]:
        """Return the last measurements, or sums of the last hour, without metrics that were not measured of late."""
        now, sources = self.clock(), self.resources.metrics
        minute = now.replace(second=0, microsecond=0)
        ids = {f"m{number}": metric for number, metric in enumerate(metrics)}
        points: dict[Metric, list[Point]] = defaultdict(list)
        pages = self.cloudwatch_client.get_paginator("get_metric_data").paginate(
            MetricDataQueries=[_query(id_, sources[metric]) for id_, metric in ids.items()],
            StartTime=minute - SUMMED,
            EndTime=minute + timedelta(seconds=_MINUTE),
        )
        for result in (result for page in pages for result in page["MetricDataResults"]):
            if result.get("StatusCode") in {"InternalError", "Forbidden"}:
                raise UnavailableError
            points[ids[result["Id"]]] += zip(result["Timestamps"], result["Values"], strict=True)
        return dict(_measured(points, sources, now - OF_LATE))


def _query(id_: str, source: MetricSource) -> "MetricDataQueryTypeDef":
    name, value = source.dimension
    return {
        "Id": id_,
        "MetricStat": {
            "Metric": {
                "Namespace": source.namespace,
                "MetricName": source.name,
                "Dimensions": [{"Name": name, "Value": value}],
            },
            "Period": _MINUTE,
            "Stat": source.statistic,
        },
    }


def _measured(
    points: Mapping[Metric, Sequence[Point]], sources: Mapping[Metric, MetricSource], since: datetime
) -> Iterator[tuple[Metric, Measurement]]:
    for metric, values in points.items():
        source = sources[metric]
        if not values:
            continue
        at, last = max(values)
        if source.summed:
            yield metric, Measurement(sum(value for _, value in values) * source.scale, at)
        elif at >= since:
            yield metric, Measurement(last * source.scale, at)
