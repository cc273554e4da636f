"""A resource that breaks a claim fails its test, also a new one whose name nobody has written down."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.infrastructure import test_data_protection as protection
from tests.infrastructure import test_delivery_and_alarms as delivery
from tests.infrastructure.compiled import Template

Claim = Callable[[Template], None]

NEW_QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "new"}}
NEW_LOG = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "new"}}
NEW_SECRET = {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "hunter2"}}
NEW_TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "new"}}
NEW_MACHINE = {
    "Type": "AWS::StepFunctions::StateMachine",
    "Properties": {"LoggingConfiguration": {"IncludeExecutionData": True, "Destinations": []}},
}
NEW_FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {"FunctionName": "new", "Environment": {"Variables": {"POWERTOOLS_LOGGER_LOG_EVENT": "true"}}},
}
NEW_TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}},
}
KEY = {"Type": "AWS::AppSync::ApiKey", "Properties": {}}

ADDED: list[tuple[dict[str, Any], Claim]] = [
    (NEW_QUEUE, protection.test_what_is_stored_is_encrypted),
    (NEW_QUEUE, protection.test_nothing_is_reached_without_tls_where_its_service_would_allow_it),
    (NEW_QUEUE, delivery.test_a_queue_has_a_dead_letter_queue_or_is_one),
    (NEW_QUEUE, delivery.test_a_queue_raises_an_alarm_when_it_holds_a_dead_letter_or_an_old_message),
    (NEW_TOPIC, protection.test_nothing_is_reached_without_tls_where_its_service_would_allow_it),
    (NEW_LOG, lambda template: protection.test_every_log_is_kept_long_enough_and_not_for_ever(template, template)),
    (NEW_SECRET, protection.test_no_secret_is_in_the_template_and_so_in_no_environment_and_no_output),
    (NEW_MACHINE, protection.test_no_log_has_what_a_task_says_or_a_request_carries),
    (NEW_MACHINE, protection.test_everything_that_logs_logs_to_a_group_of_the_template),
    (NEW_MACHINE, delivery.test_a_workflow_raises_an_alarm_when_it_fails),
    (NEW_FUNCTION, protection.test_no_log_has_what_a_task_says_or_a_request_carries),
    (NEW_FUNCTION, protection.test_everything_that_logs_logs_to_a_group_of_the_template),
    (NEW_FUNCTION, delivery.test_a_function_raises_an_alarm_when_it_crashes_or_times_out),
    (NEW_TABLE, protection.test_every_table_can_be_restored_to_any_second_of_the_last_35_days),
    (NEW_TABLE, protection.test_nothing_is_reached_without_tls_where_its_service_would_allow_it),
    (NEW_TABLE, protection.test_data_in_production_outlives_a_mistake),
    (KEY, protection.test_a_strict_stage_has_no_key_no_introspection_and_no_sign_in_by_sent_password),
    (
        {"Type": "AWS::RDS::DBInstance", "Properties": {}},
        protection.test_of_every_type_it_is_known_whether_it_stores_anything_and_how,
    ),
]
CHANGED: list[tuple[str, str, object, Claim]] = [
    (
        "TaskEvents",
        "VisibilityTimeout",
        179,
        delivery.test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_take,
    ),
    (
        "TaskEventsDeadLetters",
        "MessageRetentionPeriod",
        60,
        delivery.test_a_dead_letter_queue_keeps_order_where_its_source_does_and_messages_for_longer,
    ),
    (
        "UnforwardedChanges",
        "MessageRetentionPeriod",
        60,
        delivery.test_a_stream_sends_what_fails_to_a_queue_that_outlives_it_and_blocks_nothing_for_ever,
    ),
    (
        "HandleEventsEventSourceMappingSQSTaskEvents",
        "ScalingConfig",
        {"MaximumConcurrency": 1000},
        delivery.test_no_flood_of_events_takes_all_of_an_accounts_concurrency,
    ),
    (
        "HandleEventsEventSourceMappingSQSTaskEvents",
        "FunctionResponseTypes",
        [],
        delivery.test_every_mapping_answers_for_single_messages,
    ),
    ("DeadLettersAlarm", "AlarmActions", [], delivery.test_every_alarm_tells_somebody_and_silence_is_no_alarm),
    ("HttpApiStage", "DefaultRouteSettings", {"ThrottlingRateLimit": 0}, delivery.test_every_http_api_is_throttled),
    (
        "IteratorAgeAlarm",
        "MetricName",
        "Invocations",
        delivery.test_a_stream_raises_an_alarm_when_its_function_is_behind,
    ),
    (
        "HttpApiStage",
        "AccessLogSettings",
        {"Format": "$context.path"},
        protection.test_no_log_has_what_a_task_says_or_a_request_carries,
    ),
    (
        "GraphQlApi",
        "LogConfig",
        {"ExcludeVerboseContent": False},
        protection.test_no_log_of_a_strict_stage_has_contents_of_requests,
    ),
]


@pytest.fixture
def production(compiled: Callable[[str], Template]) -> Template:
    """A template of production to spoil."""
    return copy.deepcopy(compiled("production"))


@pytest.mark.parametrize(("resource", "claim"), ADDED)
def test_a_new_resource_that_breaks_a_claim_is_found(
    production: Template, resource: dict[str, Any], claim: Claim
) -> None:
    claim(production)
    production["Resources"]["New"] = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete", **resource}
    with pytest.raises((AssertionError, KeyError, ValueError)):
        claim(production)


@pytest.mark.parametrize(("name", "property_", "value", "claim"), CHANGED)
def test_a_setting_that_breaks_a_claim_is_found(
    production: Template, name: str, property_: str, value: object, claim: Claim
) -> None:
    claim(production)
    production["Resources"][name]["Properties"][property_] = value
    with pytest.raises((AssertionError, KeyError, ValueError)):
        claim(production)
