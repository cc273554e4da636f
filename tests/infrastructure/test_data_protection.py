"""Everything that is stored is encrypted, reached over TLS, restorable, and forgotten when it should be.

These are properties of all resources of a type, so that a new one has them too.
"""

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.infrastructure.compiled import CHECKOUT, Properties, Template
from tests.infrastructure.resources import PROTECTED_STAGES, STAGES, STRICT_STAGES, all_referred, listed, of_type

Compiled = Callable[[str], Template]

# AWS encrypts what these store in any case, with a key of its own: the security chapter of each service's guide.
ALWAYS_ENCRYPTED = {
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::Table",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
}
ENCRYPTED_BY_A_PROPERTY: dict[str, Callable[[Properties], bool]] = {
    "AWS::S3::Bucket": lambda bucket: bool(bucket.get("BucketEncryption")),
    "AWS::SQS::Queue": lambda queue: queue.get("SqsManagedSseEnabled") is True or "KmsMasterKeyId" in queue,
}
WITHOUT_DATA_OF_STUDENTS = {
    "AWS::SNS::Topic",  # names and states of alarms; encrypting them takes a key of our own (decision 31)
    "AWS::SSM::Parameter",  # numbers of days
}
STORE_NOTHING = (
    "AWS::ApiGatewayV2::*", "AWS::AppSync::*", "AWS::CloudWatch::Alarm", "AWS::Cognito::UserPool?*",
    "AWS::Events::Rule", "AWS::IAM::*", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission",
    "AWS::Logs::MetricFilter", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy",
    "AWS::WAFv2::*",
)  # fmt: skip
# The services that have endpoints without TLS: AWS General Reference, "Service endpoints and quotas".
SERVED_WITHOUT_TLS = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::SQS::Queue")
POLICIES = {"AWS::S3::BucketPolicy": "Bucket", "AWS::SNS::TopicPolicy": "Topics", "AWS::SQS::QueuePolicy": "Queues"}
HOLD_DATA = ("AWS::DynamoDB::Table", "AWS::Cognito::UserPool")
# What a line of an access log may say: nothing that a client wrote, no query string, no token.
LOGGED_OF_A_REQUEST = {
    "httpMethod", "identity.sourceIp", "integrationErrorMessage", "integrationLatency", "protocol", "requestId",
    "requestTime", "responseLength", "routeKey", "status",
}  # fmt: skip
LONGEST_RETENTION = 365  # days
SHORTEST_RETENTION = 30  # days, in stages that matter


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, compiled: Compiled) -> Template:
    """The compiled template of each stage in turn."""
    return compiled(request.param)


@pytest.fixture(params=STRICT_STAGES)
def strict_stage(request: pytest.FixtureRequest, compiled: Compiled) -> Template:
    """The compiled template of each stage that is not for development."""
    return compiled(request.param)


@pytest.fixture(params=PROTECTED_STAGES)
def protected_stage(request: pytest.FixtureRequest, compiled: Compiled) -> Template:
    """The compiled template of each stage whose data outlives its stack."""
    return compiled(request.param)


def test_what_is_stored_is_encrypted(stage: Template) -> None:
    for type_, is_encrypted in ENCRYPTED_BY_A_PROPERTY.items():
        for name, properties in of_type(stage, type_).items():
            assert is_encrypted(properties), name


def test_of_every_type_it_is_known_whether_it_stores_anything_and_how(stage: Template) -> None:
    known = ALWAYS_ENCRYPTED | WITHOUT_DATA_OF_STUDENTS | ENCRYPTED_BY_A_PROPERTY.keys()
    others = {resource["Type"] for resource in stage["Resources"].values()} - known
    assert [type_ for type_ in others if not any(fnmatchcase(type_, pattern) for pattern in STORE_NOTHING)] == []


def test_nothing_is_reached_without_tls_where_its_service_would_allow_it(stage: Template) -> None:
    for name in of_type(stage, *SERVED_WITHOUT_TLS):
        assert any(_demands_tls(statement) for statement in _policy_of(stage, name)), name


def test_a_policy_of_a_resource_admits_no_stranger(stage: Template) -> None:
    for name in of_type(stage, *SERVED_WITHOUT_TLS):
        for statement in _policy_of(stage, name):
            if statement["Effect"] == "Allow":
                assert set(statement["Principal"]) == {"Service"}, name
                assert "aws:SourceAccount" in statement["Condition"]["StringEquals"], name


def test_every_table_can_be_restored_to_any_second_of_the_last_35_days(stage: Template) -> None:
    for name, table in of_type(stage, "AWS::DynamoDB::Table").items():
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True, name


def test_data_in_production_outlives_a_mistake(protected_stage: Template) -> None:
    for name, resource in protected_stage["Resources"].items():
        if resource["Type"] in HOLD_DATA:
            properties = resource["Properties"]
            protection = properties.get("DeletionProtectionEnabled", properties.get("DeletionProtection"))
            assert protection in {True, "ACTIVE"}, name
            assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain"), name


def test_every_log_is_kept_long_enough_and_not_for_ever(stage: Template, strict_stage: Template) -> None:
    for name, group in of_type(stage, "AWS::Logs::LogGroup").items():
        assert 1 <= group["RetentionInDays"] <= LONGEST_RETENTION, name
    for name, group in of_type(strict_stage, "AWS::Logs::LogGroup").items():
        assert group["RetentionInDays"] >= SHORTEST_RETENTION, name


def test_everything_that_logs_logs_to_a_group_of_the_template(stage: Template) -> None:
    """Otherwise the service creates a group of its own that is kept for ever."""
    groups = of_type(stage, "AWS::Logs::LogGroup")
    names = [group["LogGroupName"] for group in groups.values()]
    for function in of_type(stage, "AWS::Lambda::Function").values():
        assert f"/aws/lambda/{function['FunctionName']}" in names
    for api in of_type(stage, "AWS::AppSync::GraphQLApi"):
        assert {"Fn::Join": ["/", ["/aws/appsync/apis", {"Fn::GetAtt": [api, "ApiId"]}]]} in names
    for name, logging in _destinations(stage):
        assert all_referred(logging) <= groups.keys(), name
        assert logging, name


def test_no_log_of_a_strict_stage_has_contents_of_requests(strict_stage: Template) -> None:
    for name, api in of_type(strict_stage, "AWS::AppSync::GraphQLApi").items():
        assert api["LogConfig"]["ExcludeVerboseContent"] is True, name
        assert api["LogConfig"]["FieldLogLevel"] in {"ERROR", "NONE"}, name
    for function, variables in _variables(strict_stage):
        assert variables["POWERTOOLS_LOG_LEVEL"] in {"INFO", "WARNING", "ERROR"}, function


def test_no_log_has_what_a_task_says_or_a_request_carries(stage: Template) -> None:
    for name, machine in of_type(stage, "AWS::StepFunctions::StateMachine").items():
        assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False, name
    for name, http_stage in of_type(stage, "AWS::ApiGatewayV2::Stage").items():
        logged = set(re.findall(r"\$context\.([A-Za-z.]+)", http_stage["AccessLogSettings"]["Format"]))
        assert logged <= LOGGED_OF_A_REQUEST, name
    for function, variables in _variables(stage):
        assert not {"POWERTOOLS_LOGGER_LOG_EVENT", "POWERTOOLS_DEV"} & variables.keys(), function


def test_no_function_logs_its_event() -> None:
    sources = [path for folder in ("resolvers", "processors", "src") for path in (CHECKOUT / folder).rglob("*.py")]
    assert sources
    assert [path.name for path in sources if re.search(r"log_event|set_stream_logger", path.read_text())] == []


def test_no_secret_is_in_the_template_and_so_in_no_environment_and_no_output(stage: Template) -> None:
    for name, secret in of_type(stage, "AWS::SecretsManager::Secret").items():
        assert "SecretString" not in secret, name
        assert secret["GenerateSecretString"]["PasswordLength"] >= 32, name
    for function, variables in _variables(stage):
        assert not [value for value in variables.values() if "{{resolve:" in str(value)], function
        assert not [name for name in variables if re.search("PASSWORD|TOKEN|API_KEY", name)], function
    secrets = of_type(stage, "AWS::SecretsManager::Secret").keys()
    assert not secrets & all_referred(stage["Outputs"])


def test_a_strict_stage_has_no_key_no_introspection_and_no_sign_in_by_sent_password(strict_stage: Template) -> None:
    assert of_type(strict_stage, "AWS::AppSync::ApiKey") == {}
    for name, api in of_type(strict_stage, "AWS::AppSync::GraphQLApi").items():
        assert api["IntrospectionConfig"] == "DISABLED", name
        assert 0 < api["QueryDepthLimit"] < 20, name
        assert 0 < api["ResolverCountLimit"] <= 1000, name
    for name, client in of_type(strict_stage, "AWS::Cognito::UserPoolClient").items():
        assert "ALLOW_USER_PASSWORD_AUTH" not in client["ExplicitAuthFlows"], name
        assert client["PreventUserExistenceErrors"] == "ENABLED", name
    for name, pool in of_type(strict_stage, "AWS::Cognito::UserPool").items():
        assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True, name


def test_no_log_of_requests_has_a_path_which_may_hold_the_secret_of_a_calendar_feed(compiled: Compiled) -> None:
    for stage in STAGES:
        for http_stage in of_type(compiled(stage), "AWS::ApiGatewayV2::Stage").values():
            logged = http_stage["AccessLogSettings"]["Format"]
            assert "$context.routeKey" in logged
            assert not re.search(r"\$context\.(path|resourcePath|integration\.requestId)\b", logged)


def _policy_of(template: Template, name: str) -> Iterator[dict[str, Any]]:
    """The statements of a resource's own policy."""
    yield from _statements(template["Resources"][name]["Properties"].get("ResourcePolicy", {}))
    for type_, property_ in POLICIES.items():
        for policy in of_type(template, type_).values():
            if name in all_referred(listed(policy[property_])):
                yield from _statements(policy)


def _statements(policy: Properties) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = policy.get("PolicyDocument", {}).get("Statement", [])
    return statements


def _demands_tls(statement: dict[str, Any]) -> bool:
    transport = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    (action,) = listed(statement["Action"])
    everything = action in {"dynamodb:*", "s3:*", "sns:Publish", "sqs:*"}  # of SNS the condition knows Publish alone
    denied = statement["Effect"] == "Deny" and statement["Principal"] == "*"
    return denied and everything and str(transport).lower() == "false"


def _destinations(template: Template) -> Iterator[tuple[str, Any]]:
    for name, machine in of_type(template, "AWS::StepFunctions::StateMachine").items():
        yield name, machine["LoggingConfiguration"]["Destinations"]
    for name, http_stage in of_type(template, "AWS::ApiGatewayV2::Stage").items():
        yield name, http_stage["AccessLogSettings"]["DestinationArn"]


def _variables(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        yield name, function["Environment"]["Variables"]


def test_every_graphql_api_of_a_strict_stage_is_behind_a_firewall_that_limits_rates(strict_stage: Template) -> None:
    guarded = {
        api: of_type(strict_stage, "AWS::WAFv2::WebACL")[firewall]
        for association in of_type(strict_stage, "AWS::WAFv2::WebACLAssociation").values()
        for api in all_referred(association["ResourceArn"])
        for firewall in all_referred(association["WebACLArn"])
    }
    assert guarded.keys() == of_type(strict_stage, "AWS::AppSync::GraphQLApi").keys()
    for name, firewall in guarded.items():
        limits = [rule for rule in firewall["Rules"] if "RateBasedStatement" in rule["Statement"]]
        assert limits, name
        assert all("Block" in rule["Action"] for rule in limits), name
