"""The settings of tables, queues, mappings, logs and stages that something relies on."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from processors import fetch_calendars, schedule_fetches
from resolvers import follow_calendars
from resolvers.manage_dead_letters import MILLISECONDS_FOR_ONE
from taskbell.adapters.calendar_fetcher import MAX_SECONDS
from taskbell.adapters.dynamodb.items import task_item
from taskbell.adapters.dynamodb.query_planner import plan_query
from taskbell.adapters.sqs_dead_letters import VISIBILITY_TIMEOUT_SECONDS
from taskbell.domain.queries import TaskQuery
from taskbell.domain.subscribed_calendar import PAUSE
from taskbell.domain.task import Priority, TaskStatus
from tests.infrastructure.compiled import Properties, Template
from tests.infrastructure.resources import referred
from tests.support.examples import NOW, example_task

OfType = Callable[[str], dict[str, Properties]]
Compiled = Callable[[str], Template]


def test_the_stream_reaches_forward_changes_from_its_start_and_loses_nothing(of_type: OfType) -> None:
    mapping = _mapping_of(of_type, "ForwardChangesLambdaFunction")
    assert mapping == {
        "FunctionName": {"Fn::GetAtt": ["ForwardChangesLambdaFunction", "Arn"]},
        "EventSourceArn": {"Fn::GetAtt": ["TasksTable", "StreamArn"]},
        "Enabled": True,
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 100,
        "MaximumBatchingWindowInSeconds": 0,
        "ParallelizationFactor": 2,
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 100,
        "MaximumRecordAgeInSeconds": 21600,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["UnforwardedChanges", "Arn"]}}},
        "FilterCriteria": mapping["FilterCriteria"],
    }


def test_only_changes_of_tasks_reach_forward_changes(of_type: OfType) -> None:
    (rule,) = _mapping_of(of_type, "ForwardChangesLambdaFunction")["FilterCriteria"]["Filters"]
    assert json.loads(rule["Pattern"]) == {"dynamodb": {"Keys": {"sk": {"S": [{"prefix": "TASK#"}]}}}}


def test_only_notifications_that_are_there_and_what_is_read_of_them_reach_push_notifications(of_type: OfType) -> None:
    mapping = _mapping_of(of_type, "PushNotificationsLambdaFunction")
    assert [json.loads(rule["Pattern"]) for rule in mapping["FilterCriteria"]["Filters"]] == [
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "NOTE#"}]}}}},
        {
            "eventName": ["INSERT", "MODIFY"],
            "dynamodb": {"Keys": {"sk": {"S": ["PROFILE"]}}, "NewImage": {"seenUntil": {"S": [{"exists": True}]}}},
        },
    ]
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["BatchSize"] == 10


def test_no_more_than_two_functions_read_a_stream(of_type: OfType) -> None:
    """More could be throttled: DynamoDB Streams API Reference, GetRecords, LimitExceededException."""
    mappings = of_type("AWS::Lambda::EventSourceMapping").values()
    sources = [json.dumps(mapping["EventSourceArn"]) for mapping in mappings]
    assert max(map(sources.count, sources)) == 2


def test_the_queue_reaches_handle_events_which_answers_for_each_message(of_type: OfType) -> None:
    mapping = _mapping_of(of_type, "HandleEventsLambdaFunction")
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["TaskEvents", "Arn"]}
    assert mapping["BatchSize"] == 10


def test_a_message_is_received_as_often_as_sqs_allows_and_a_dead_letter_stays_14_days(of_type: OfType) -> None:
    queues = of_type("AWS::SQS::Queue")
    assert queues["TaskEvents"]["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["TaskEventsDeadLetters", "Arn"]},
        "maxReceiveCount": 1000,
    }
    for name in ("TaskEventsDeadLetters", "UnforwardedChanges"):
        assert queues[name]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_letters_stay_hidden_as_long_as_they_may_be_tended_and_appsync_waits_for_the_answer(of_type: OfType) -> None:
    timeout = of_type("AWS::Lambda::Function")["ManageDeadLettersLambdaFunction"]["Timeout"]
    assert MILLISECONDS_FOR_ONE / 1000 < timeout < 30
    assert timeout <= VISIBILITY_TIMEOUT_SECONDS


def test_queues_of_events_and_of_fetches_keep_the_order_of_their_groups(of_type: OfType) -> None:
    queues = of_type("AWS::SQS::Queue")
    fifo = {name for name, queue in queues.items() if queue.get("FifoQueue")}
    assert fifo == {"TaskEvents", "TaskEventsDeadLetters", "CalendarFetches", "CalendarFetchesDeadLetters"}
    assert all(queues[name]["QueueName"].endswith(".fifo") for name in fifo)


def test_calendars_are_fetched_by_a_schedule_and_each_by_a_process_that_no_other_one_needs(
    compiled: Compiled, of_type: OfType
) -> None:
    (rule,) = of_type("AWS::Events::Rule").values()
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(15 minutes)", "ENABLED")
    assert [referred(target["Arn"]) for target in rule["Targets"]] == ["ScheduleFetchesLambdaFunction"]
    mapping = _mapping_of(of_type, "FetchCalendarsLambdaFunction")
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["CalendarFetches", "Arn"]}
    assert (mapping["BatchSize"], mapping["ScalingConfig"]) == (1, {"MaximumConcurrency": 20})
    local = compiled("local")["Resources"].values()
    assert [each["Properties"]["ScheduleExpression"] for each in local if each["Type"] == "AWS::Events::Rule"] == [
        "rate(1 minute)"
    ]


def test_no_function_outlives_the_pause_between_two_fetches_and_each_has_time_for_some_tasks(of_type: OfType) -> None:
    functions = of_type("AWS::Lambda::Function")
    for name in ("FollowCalendars", "FetchCalendars"):
        timeout = functions[f"{name}LambdaFunction"]["Timeout"]
        assert MAX_SECONDS + fetch_calendars.MILLISECONDS_PER_TASK / 1000 < timeout < PAUSE.total_seconds(), name
    assert follow_calendars.MILLISECONDS_PER_TASK == fetch_calendars.MILLISECONDS_PER_TASK
    assert functions["ScheduleFetchesLambdaFunction"]["Timeout"] > schedule_fetches.MILLISECONDS_PER_BATCH / 1000


def test_what_kills_its_process_is_given_up_before_it_is_a_dead_letter(of_type: OfType) -> None:
    queue = of_type("AWS::SQS::Queue")["CalendarFetches"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] > fetch_calendars.MAX_RECEIVES
    assert queue["MessageRetentionPeriod"] > queue["VisibilityTimeout"] * (fetch_calendars.MAX_RECEIVES + 1)


def test_the_table_streams_both_images_and_forgets_what_expires(of_type: OfType) -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}


def test_every_list_is_an_index_of_one_owners_items(of_type: OfType) -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    keys = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table["LocalSecondaryIndexes"]
    }
    assert keys == {
        "byTime": ["pk", "timeKey"],
        "byStatus": ["pk", "statusKey"],
        "summaries": ["pk", "summaryKey"],
        "byParent": ["pk", "parentKey"],
        "byList": ["pk", "listKey"],
    }


def test_summaries_hold_all_that_they_are_filtered_by(of_type: OfType) -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    (summaries,) = [index for index in table["LocalSecondaryIndexes"] if index["IndexName"] == "summaries"]
    everything = TaskQuery(
        "ada", (TaskStatus.PENDING, TaskStatus.COMPLETED), priority=Priority.LOW, labels_any=("x",), overdue=False,
        search=("x",), in_list=False,
    )  # fmt: skip
    plan = plan_query(everything, NOW)
    assert plan.filter
    assert plan.accepts
    assert plan.index == "summaries"
    filtered_by = re.findall(r"[a-z]\w+", re.sub(r":\w+|attribute_not_exists", "", plan.filter.expression))
    read = _NamesRead(task_item(example_task(title="x", description="x", labels=("x",))))
    assert plan.accepts(read)
    assert {*filtered_by, *read.names} - {"AND"} == set(summaries["Projection"]["NonKeyAttributes"])


class _NamesRead(dict[str, Any]):
    """An item that knows which of its attributes were read."""

    def __init__(self, item: dict[str, Any]) -> None:
        super().__init__(item)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def test_every_function_is_traced_and_answers_the_api_within_ten_seconds(of_type: OfType) -> None:
    functions = of_type("AWS::Lambda::Function")
    assert {function["TracingConfig"]["Mode"] for function in functions.values()} == {"Active"}
    assert {functions[f"{name}LambdaFunction"]["Timeout"] for name in ("ReadTasks", "WriteTasks", "ServeRest")} == {10}


def test_the_api_functions_log_a_fault_in_the_words_that_are_counted(of_type: OfType) -> None:
    filters = of_type("AWS::Logs::MetricFilter")
    apis = (
        "ReadTasks",
        "WriteTasks",
        "ManageDeadLetters",
        "ObservePipeline",
        "ServeRest",
        "ServeCalendar",
        "FollowCalendars",
        "FindStudents",
    )
    fetches = filters.pop("FetchCalendarsFaults")
    assert fetches["FilterPattern"] == '"A calendar was not fetched."'
    assert set(filters) == {f"{api}Faults" for api in apis}
    patterns = {filter_["FilterPattern"] for filter_ in filters.values()}
    assert patterns == {'?"A request failed." ?"A setting is wrong."'}


@pytest.mark.parametrize(
    ("stage", "keys"), [("local", 1), ("dev", 1), ("staging", 0), ("production", 0), ("mistyped", 0)]
)
def test_only_development_stages_have_an_api_key(compiled: Compiled, stage: str, keys: int) -> None:
    resources = compiled(stage)["Resources"].values()
    assert len([1 for resource in resources if resource["Type"] == "AWS::AppSync::ApiKey"]) == keys


def test_users_are_the_default_and_keys_and_roles_are_understood_on_every_stage(compiled: Compiled) -> None:
    for stage in ("local", "production"):
        api = compiled(stage)["Resources"]["GraphQlApi"]["Properties"]
        assert api["AuthenticationType"] == "AMAZON_COGNITO_USER_POOLS"
        additional = [provider["AuthenticationType"] for provider in api["AdditionalAuthenticationProviders"]]
        assert additional == ["API_KEY", "AWS_IAM"]


def _mapping_of(of_type: OfType, function: str) -> Properties:
    (mapping,) = [
        properties
        for properties in of_type("AWS::Lambda::EventSourceMapping").values()
        if properties["FunctionName"]["Fn::GetAtt"][0] == function
    ]
    return mapping
