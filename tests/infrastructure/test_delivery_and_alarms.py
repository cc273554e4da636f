"""No message is lost unseen: dead letters outlive their sources, load is bounded, and every failure raises an alarm.

These are properties of all queues, streams, functions and workflows, so that a new one has them too.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.infrastructure.compiled import Properties, Template
from tests.infrastructure.resources import STAGES, all_referred, mappings, of_type, referred

Compiled = Callable[[str], Template]

DEFAULT_RETENTION = 4 * 24 * 3600  # seconds, of SQS
STREAM_RETENTION = 24 * 3600  # seconds, of DynamoDB Streams
USUAL_CONCURRENCY = 1000  # of an account in a region, for all functions
FEWEST_RECEIVES = 5  # AWS Lambda Developer Guide, "Configuring a queue to use with Lambda"


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, compiled: Compiled) -> Template:
    """The compiled template of each stage in turn."""
    return compiled(request.param)


def test_a_queue_has_a_dead_letter_queue_or_is_one(stage: Template) -> None:
    sources = {source for source, _, _ in mappings(stage)}
    dead_ends = _dead_ends(stage)
    for name, queue in of_type(stage, "AWS::SQS::Queue").items():
        assert ("RedrivePolicy" in queue) != (name in dead_ends), name
        assert (name in sources) != (name in dead_ends), name


def test_a_dead_letter_queue_keeps_order_where_its_source_does_and_messages_for_longer(stage: Template) -> None:
    queues = of_type(stage, "AWS::SQS::Queue")
    for name, queue in queues.items():
        if policy := queue.get("RedrivePolicy"):
            dead = queues[str(referred(policy["deadLetterTargetArn"]))]
            assert policy["maxReceiveCount"] >= FEWEST_RECEIVES, name
            assert dead.get("FifoQueue") == queue.get("FifoQueue"), name
            starts_anew = queue.get("FifoQueue", False)  # a standard queue's dead letters keep the age that they had
            assert _retention(dead) >= _retention(queue) + (0 if starts_anew else 1), name


def test_a_stream_sends_what_fails_to_a_queue_that_outlives_it_and_blocks_nothing_for_ever(stage: Template) -> None:
    queues = of_type(stage, "AWS::SQS::Queue")
    for source, _, mapping in _streams(stage):
        failures = queues[str(referred(mapping["DestinationConfig"]["OnFailure"]["Destination"]))]
        assert _retention(failures) > STREAM_RETENTION, source
        assert "FifoQueue" not in failures, source  # Lambda has no order to give
        assert mapping["BisectBatchOnFunctionError"] is True, source
        assert 0 <= mapping["MaximumRetryAttempts"] <= 100, source
        assert 0 < mapping["MaximumRecordAgeInSeconds"] < STREAM_RETENTION, source


def test_every_mapping_answers_for_single_messages(stage: Template) -> None:
    for source, _, mapping in mappings(stage):
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"], source


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_take(stage: Template) -> None:
    functions, queues = of_type(stage, "AWS::Lambda::Function"), of_type(stage, "AWS::SQS::Queue")
    for source, function, mapping in mappings(stage):
        if source in queues:
            longest = 6 * functions[function]["Timeout"] + mapping.get("MaximumBatchingWindowInSeconds", 0)
            assert queues[source]["VisibilityTimeout"] >= longest, source


def test_no_flood_of_events_takes_all_of_an_accounts_concurrency(stage: Template) -> None:
    """Bounded where messages come from: a reserved concurrency would throttle what was received already."""
    queues = of_type(stage, "AWS::SQS::Queue")
    bounds = [
        mapping["ScalingConfig"]["MaximumConcurrency"] for source, _, mapping in mappings(stage) if source in queues
    ]
    assert bounds
    assert sum(bounds) <= USUAL_CONCURRENCY / 2
    assert all(1 <= mapping["ParallelizationFactor"] <= 10 for _, _, mapping in _streams(stage))
    for name, function in of_type(stage, "AWS::Lambda::Function").items():
        assert "ReservedConcurrentExecutions" not in function, name


def test_every_http_api_is_throttled(stage: Template) -> None:
    for name, http_stage in of_type(stage, "AWS::ApiGatewayV2::Stage").items():
        settings = http_stage["DefaultRouteSettings"]
        assert 0 < settings["ThrottlingRateLimit"] <= settings["ThrottlingBurstLimit"] <= USUAL_CONCURRENCY, name


def test_a_queue_raises_an_alarm_when_it_holds_a_dead_letter_or_an_old_message(stage: Template) -> None:
    for name in of_type(stage, "AWS::SQS::Queue"):
        if name in _dead_ends(stage):
            (alarm,) = _alarms(stage, "AWS/SQS", "ApproximateNumberOfMessagesVisible", name)
            assert alarm["Threshold"] == 0, name
        else:
            (alarm,) = _alarms(stage, "AWS/SQS", "ApproximateAgeOfOldestMessage", name)
            assert alarm["Threshold"] <= 600, name


def test_a_stream_raises_an_alarm_when_its_function_is_behind(stage: Template) -> None:
    for source, function, _ in _streams(stage):
        assert _alarms(stage, "AWS/Lambda", "IteratorAge", function), source


def test_a_workflow_raises_an_alarm_when_it_fails(stage: Template) -> None:
    for name in of_type(stage, "AWS::StepFunctions::StateMachine"):
        (alarm,) = _alarms(stage, "AWS/States", "ExecutionsFailed", name)
        assert alarm["Threshold"] == 0, name


def test_a_function_raises_an_alarm_when_it_crashes_or_times_out(stage: Template) -> None:
    for name in of_type(stage, "AWS::Lambda::Function"):
        assert _alarms(stage, "AWS/Lambda", "Errors", name), name


def test_what_a_function_logs_as_a_fault_raises_an_alarm(stage: Template) -> None:
    for name, filter_ in of_type(stage, "AWS::Logs::MetricFilter").items():
        (metric,) = filter_["MetricTransformations"]
        assert _alarms(stage, metric["MetricNamespace"], metric["MetricName"]), name


def test_every_alarm_tells_somebody_and_silence_is_no_alarm(stage: Template) -> None:
    topics = of_type(stage, "AWS::SNS::Topic").keys()
    for name, alarm in of_type(stage, "AWS::CloudWatch::Alarm").items():
        assert {referred(action) for action in alarm["AlarmActions"]} <= topics, name
        assert alarm["AlarmActions"], name
        assert alarm["TreatMissingData"] == "notBreaching", name
        assert alarm["AlarmDescription"], name


def _dead_ends(template: Template) -> set[str]:
    """The queues that something sends its failures to."""
    policies = [queue.get("RedrivePolicy", {}) for queue in of_type(template, "AWS::SQS::Queue").values()]
    destinations = [mapping.get("DestinationConfig", {}) for _, _, mapping in mappings(template)]
    return all_referred([policy.get("deadLetterTargetArn") for policy in policies] + destinations)


def _streams(template: Template) -> Iterator[tuple[str, str, Properties]]:
    tables = of_type(template, "AWS::DynamoDB::Table")
    return (mapping for mapping in mappings(template) if mapping[0] in tables)


def _retention(queue: Properties) -> int:
    return int(queue.get("MessageRetentionPeriod", DEFAULT_RETENTION))


def _alarms(template: Template, namespace: str, metric: str, of: str | None = None) -> list[Properties]:
    """The alarms on a metric; with a resource, those whose dimensions name it."""
    return [
        alarm
        for alarm in of_type(template, "AWS::CloudWatch::Alarm").values()
        if (alarm.get("Namespace"), alarm["MetricName"]) == (namespace, metric)
        and (of is None or of in all_referred(alarm.get("Dimensions", [])))
    ]
