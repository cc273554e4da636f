"""The compiled template, transformed for the local AWS."""

import copy
from typing import Any

import pytest

from local.template_transform import CodeLocation, EmulatedApiValues, TransformError, transform

CODE = CodeLocation("bucket", "key.zip")
URLS = ("http://127.0.0.1:1/graphql", "ws://127.0.0.1:1/graphql")
API_VALUES = EmulatedApiValues("api1", *URLS, "da2-key", "eu-central-1", "0" * 12, rest_url="http://127.0.0.1:2")
API: dict[str, Any] = {"Type": "AWS::AppSync::GraphQLApi", "Properties": {}}


def _adapted(*, outputs: dict[str, Any] | None = None, **resources: dict[str, Any]) -> dict[str, Any]:
    return transform({"Resources": {"Api": API, **resources}, "Outputs": outputs or {}}, CODE, API_VALUES)


def _value_of(reference: object) -> object:
    """What a property becomes that holds this reference."""
    adapted = _adapted(It={"Type": "AWS::SSM::Parameter", "Properties": {"Value": reference}})
    return adapted["Resources"]["It"]["Properties"]["Value"]


def test_a_function_runs_the_bootstrap_and_keeps_the_rest() -> None:
    properties = {
        "Runtime": "python3.13",
        "Architectures": ["arm64"],
        "Layers": ["a"],
        "Handler": "resolvers.read_tasks.handler",
        "Timeout": 10,
        "Code": {"S3Bucket": {"Ref": "ServerlessDeploymentBucket"}, "S3Key": "x"},
    }
    bucket = {"Type": "AWS::S3::Bucket"}
    function = {"Type": "AWS::Lambda::Function", "Properties": properties}
    adapted = _adapted(ServerlessDeploymentBucket=bucket, Read=function)
    assert adapted["Resources"] == {
        "Read": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "provided.al2023",
                "Handler": "resolvers.read_tasks.handler",
                "Timeout": 10,
                "Code": {"S3Bucket": "bucket", "S3Key": "key.zip"},
            },
        }
    }


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::AppSync::GraphQLApi",
        "AWS::AppSync::Resolver",
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Route",
        "AWS::Lambda::Version",
    ],
)
def test_what_the_gateways_play_and_versions_are_left_out(kind: str) -> None:
    assert _adapted(It={"Type": kind, "Properties": {}})["Resources"] == {}


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ({"Fn::GetAtt": ["Api", "GraphQLUrl"]}, "http://127.0.0.1:1/graphql"),
        ({"Fn::GetAtt": "Api.ApiId"}, "api1"),
        ({"Ref": "Api"}, "arn:aws:appsync:eu-central-1:000000000000:apis/api1"),
        (
            {"Fn::Sub": "${Api.Arn}/types/Mutation/fields/f"},
            {"Fn::Sub": "arn:aws:appsync:eu-central-1:000000000000:apis/api1/types/Mutation/fields/f"},
        ),
        ({"Fn::Sub": "${Table}-${!Api}-${AWS::Region}"}, {"Fn::Sub": "${Table}-${!Api}-${AWS::Region}"}),
        ({"Fn::Sub": ["${Api}", {"Api": "mine"}]}, {"Fn::Sub": ["${Api}", {"Api": "mine"}]}),
        ({"Fn::Join": ["/", [{"Ref": "Api"}]]}, {"Fn::Join": ["/", [API_VALUES.arn]]}),
        ({"Ref": "Table"}, {"Ref": "Table"}),
    ],
)
def test_references_to_the_api_become_the_gateways_values(reference: object, value: object) -> None:
    assert _value_of(reference) == value


def test_the_api_key_has_the_local_value() -> None:
    key: dict[str, Any] = {"Type": "AWS::AppSync::ApiKey", "Properties": {}}
    it = {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Fn::GetAtt": ["Key", "ApiKey"]}}}
    assert _adapted(Key=key, It=it)["Resources"]["It"]["Properties"]["Value"] == "da2-key"


def test_the_http_api_has_its_local_address_and_no_other() -> None:
    http_api: dict[str, Any] = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {}}
    outputs = {
        "RestUrl": {"Value": {"Fn::GetAtt": ["HttpApi", "ApiEndpoint"]}},
        "HttpApiUrl": {"Value": {"Fn::Join": ["", ["https://", {"Ref": "HttpApi"}]]}},
    }
    assert _adapted(outputs=outputs, HttpApi=http_api)["Outputs"] == {"RestUrl": {"Value": "http://127.0.0.1:2"}}


@pytest.mark.parametrize(("who", "stays"), [("apigateway.amazonaws.com", False), ("events.amazonaws.com", True)])
def test_only_api_gateways_permission_to_call_a_function_is_left_out(who: str, stays: bool) -> None:
    permission = {"Type": "AWS::Lambda::Permission", "Properties": {"Principal": who, "SourceArn": "x"}}
    assert ("It" in _adapted(It=permission)["Resources"]) is stays


def test_an_attribute_without_a_local_value_is_refused_by_name() -> None:
    with pytest.raises(TransformError, match=r"Api\.Secret"):
        _value_of({"Fn::GetAtt": ["Api", "Secret"]})


def test_outputs_and_dependencies_of_what_is_left_out_go_with_it() -> None:
    source: dict[str, Any] = {"Type": "AWS::AppSync::DataSource", "Properties": {}}
    table = {"Type": "AWS::DynamoDB::Table", "DependsOn": ["Source", "Role"]}
    role = {"Type": "AWS::IAM::Role", "DependsOn": "Source"}
    outputs = {
        "Url": {"Value": {"Fn::GetAtt": ["Api", "GraphQLUrl"]}, "Export": {"Name": "url"}},
        "Source": {"Value": {"Fn::GetAtt": ["Source", "Name"]}},
    }
    adapted = _adapted(outputs=outputs, Source=source, Table=table, Role=role)
    assert adapted["Outputs"] == {"Url": {"Value": "http://127.0.0.1:1/graphql"}}
    assert adapted["Resources"]["Table"]["DependsOn"] == ["Role"]
    assert "DependsOn" not in adapted["Resources"]["Role"]


def test_a_secret_is_named_by_its_arn() -> None:
    secret: dict[str, Any] = {"Type": "AWS::SecretsManager::Secret", "Properties": {}}
    it = {"Type": "X", "Properties": {"A": {"Ref": "Key"}, "B": {"Fn::Sub": "${Key}/${Other}"}}}
    adapted = _adapted(Key=secret, It=it)
    assert adapted["Resources"]["It"]["Properties"] == {
        "A": {"Fn::GetAtt": ["Key", "Id"]},
        "B": {"Fn::Sub": "${Key.Id}/${Other}"},
    }


@pytest.mark.parametrize("actions", ["sqs:SendMessage", ["sqs:SendMessage", "dynamodb:PutItem"]])
def test_permission_to_send_a_message_includes_the_batch(actions: str | list[str]) -> None:
    statement = {"Effect": "Allow", "Action": actions, "Resource": "r"}
    adapted = _adapted(Role={"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"Statement": [statement]}]}})
    given = adapted["Resources"]["Role"]["Properties"]["Policies"][0]["Statement"][0]["Action"]
    assert given == [*([actions] if isinstance(actions, str) else actions), "sqs:SendMessageBatch"]


def test_permission_to_read_a_stream_covers_every_stream() -> None:
    statement = {"Effect": "Allow", "Action": ["dynamodb:GetRecords", "dynamodb:GetShardIterator"], "Resource": "r"}
    adapted = _adapted(Role={"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"Statement": [statement]}]}})
    given = adapted["Resources"]["Role"]["Properties"]["Policies"][0]["Statement"][0]
    assert given == {**statement, "Resource": "*"}


def test_other_permissions_stay_as_they_are() -> None:
    statement = {"Effect": "Allow", "Action": ["dynamodb:PutItem", "sqs:ReceiveMessage"], "Resource": "r"}
    role = {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"Statement": [statement]}]}}
    assert _adapted(Role=role)["Resources"]["Role"] == role


WITHOUT_TLS = {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


@pytest.mark.parametrize(
    ("statements", "stays"),
    [([WITHOUT_TLS], False), ([WITHOUT_TLS, {"Effect": "Allow"}], True), ([{"Effect": "Deny"}], True)],
)
def test_only_a_queue_policy_that_demands_tls_and_nothing_else_is_left_out(statements: list[Any], stays: bool) -> None:
    policy = {"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": {"Statement": statements}}}
    assert ("It" in _adapted(It=policy)["Resources"]) is stays


@pytest.mark.parametrize(
    ("statements", "stays"),
    [([WITHOUT_TLS], False), ([WITHOUT_TLS, {"Effect": "Allow"}], True), ([{"Effect": "Deny"}], True)],
)
def test_of_a_tables_policies_only_one_that_demands_tls_is_left_out(statements: list[Any], stays: bool) -> None:
    properties = {"TableName": "tasks", "ResourcePolicy": {"PolicyDocument": {"Statement": statements}}}
    adapted = _adapted(It={"Type": "AWS::DynamoDB::Table", "Properties": properties})["Resources"]["It"]["Properties"]
    assert adapted == (properties if stays else {"TableName": "tasks"})


def test_the_compiled_template_is_not_changed() -> None:
    template = {"Resources": {"Api": API, "It": {"Type": "X", "DependsOn": "Api", "Properties": {"A": {"Ref": "Api"}}}}}
    before = copy.deepcopy(template)
    transform(template, CODE, API_VALUES)
    assert template == before
